package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers to a submission are an outcome, and which may pass or be mended. */
class SubmissionTest {

  private final UnicoreSite site = mock(UnicoreSite.class);

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422, 500})
  void aJobThatTheSiteDoesNotTakeIsRefused(int status) {
    assertThatThrownBy(() -> submit(status, false))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.error()).isEqualTo(ClusterError.DASK_JOB_REFUSED));
  }

  @ParameterizedTest
  @CsvSource({"401, false", "403, false", "404, false", "429, true", "503, true", "0, true"})
  void whatSaysNothingOfTheJobIsNoRefusalOfIt(int status, boolean retryable) {
    assertThatThrownBy(() -> submit(status, retryable)).isInstanceOf(UnicoreException.class);
  }

  private URI submit(int status, boolean retryable) {
    URI jobs = URI.create("https://hpc.example.org/HPC/rest/core/jobs");
    when(site.submit(any()))
        .thenThrow(new UnicoreException("hpc", "POST", jobs, status, retryable, "no", null));
    return new Submission(site)
        .submitOnce(
            Cluster.planned("e1-c1", "hpc"),
            "scheduler",
            new ObjectMapper().createObjectNode(),
            false);
  }
}
