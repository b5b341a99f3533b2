package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Map;
import org.camunda.bpm.engine.ManagementService;
import org.junit.jupiter.api.Test;

/** What tells an engine's clusters from those of others, and what an engine without it does. */
class InstallationTest {

  private final ManagementService engine = mock(ManagementService.class);
  private final Installation installation = new Installation(() -> engine);

  @Test
  void aClusterIsNamedByItsEngineAndItsInstance() {
    has("12345678-90ab-cdef");

    assertThat(installation.id()).isEqualTo("12345678");
    assertThat(installation.clusterId("instance")).isEqualTo("12345678-instance");
  }

  @Test
  void anIdThatIsShortIsAllOfIt() {
    has("abc");

    assertThat(installation.id()).isEqualTo("abc");
  }

  @Test
  void anEngineWithoutAnIdRefusesToActAndSaysWhy() {
    when(engine.getProperties()).thenReturn(Map.of());

    assertThat(installation.missing()).isPresent();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(installation::require)
        .withMessageContaining("camunda.installation.id")
        .satisfies(e -> assertThat(e.error()).isEqualTo(ClusterError.DASK_INVALID_REQUEST));
  }

  @Test
  void anIdThatIsWrittenLaterCountsFromThenOn() {
    when(engine.getProperties()).thenReturn(Map.of());
    assertThat(installation.missing()).isPresent();

    has("12345678");
    assertThatNoException().isThrownBy(installation::require);
  }

  @Test
  void theEngineIsAskedOnce() {
    has("12345678");
    installation.id();
    installation.require();
    installation.clusterId("instance");

    verify(engine, times(1)).getProperties();
  }

  private void has(String id) {
    when(engine.getProperties()).thenReturn(Map.of("camunda.installation.id", id));
  }
}
