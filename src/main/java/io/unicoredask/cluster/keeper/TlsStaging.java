package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.dask.TlsFile;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Has a cluster speak TLS. Its certificates and keys lie in the directory of the scheduler's job,
 * for its owner only, and nowhere else: the workers, of whatever job, read them there, and so does
 * whoever hands them out. What Dask is to do with them is in the environment of each job, which
 * reaches it whatever command starts it.
 */
final class TlsStaging {

  /** Timers fire late, and engines stand still. */
  private static final Duration MARGIN = Duration.ofDays(1);

  private static final String UMASK = "Umask";

  private TlsStaging() {}

  /** Those of a cluster that is about to be started, good for as long as it can live. */
  static ClusterCertificates certificates(String cluster, ClusterRequest request, Instant now) {
    return ClusterCertificates.of(cluster, now, request.longest().plus(MARGIN));
  }

  /**
   * Adds the files to the scheduler's job.
   *
   * @param contents the content of each
   */
  static void add(ObjectNode job, Function<TlsFile, String> contents) {
    for (TlsFile file : TlsFile.values()) {
      ObjectNode source =
          job.objectNode()
              .put("From", "inline://" + file.fileName())
              .put("Permissions", JobDescriptions.PRIVATE);
      contents.apply(file).lines().forEach(source.putArray("Data")::add);
      JobDescriptions.addImport(job, file.fileName(), source);
    }
    if (!job.hasNonNull(UMASK) && !job.hasNonNull("umask")) {
      // The permissions are set when a file has been written.
      job.put(UMASK, "0077");
    }
  }

  /**
   * Has what the job runs use them.
   *
   * @param directory that of the scheduler's job
   */
  static void addEnvironment(ObjectNode job, String directory) {
    TlsFile.environment(directory)
        .forEach(
            (name, value) ->
                JobDescriptions.addEnvironment(job, name, WrittenEnvironment.escaped(value)));
  }
}
