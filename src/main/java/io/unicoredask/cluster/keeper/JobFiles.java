package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.cluster.request.ClusterRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files in a job's directory that have what it writes, as its description calls them.
 *
 * @param stdout its standard output
 * @param stderr its standard error
 */
record JobFiles(String stdout, String stderr) {

  /** As UNICORE calls them by itself. */
  static final JobFiles USUAL = new JobFiles("stdout", "stderr");

  /** Those of a job that is submitted with this description. */
  static JobFiles of(JsonNode description) {
    return new JobFiles(
        name(description.path("Stdout"), USUAL.stdout),
        name(description.path("Stderr"), USUAL.stderr));
  }

  /**
   * Those of a job of a cluster.
   *
   * @param request what is asked for; null if that is not known
   * @param purpose what the job is for
   */
  static JobFiles of(ClusterRequest request, String purpose) {
    if (request == null) {
      return USUAL;
    }
    return of(purpose.equals(SchedulerJob.PURPOSE) ? request.schedulerJob() : request.workerJob());
  }

  private static String name(JsonNode given, String usual) {
    String name = given.asText("");
    return name.isBlank() ? usual : name;
  }

  /** Each once, since both may go to one. */
  List<String> all() {
    return Stream.of(stdout, stderr).distinct().toList();
  }
}
