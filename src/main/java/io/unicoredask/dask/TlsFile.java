package io.unicoredask.dask;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files by which the parts of one cluster know each other. They lie in the directory of the
 * scheduler's job, in PEM.
 */
public enum TlsFile {
  /** The certificate of the cluster's own authority, which signed the others. No secret. */
  CA("dask-tls-ca.pem", "CA_FILE"),
  /** The scheduler's certificate and key. */
  SCHEDULER("dask-tls-scheduler.pem", "SCHEDULER__CERT"),
  /** The certificate and key of all workers. */
  WORKER("dask-tls-worker.pem", "WORKER__CERT"),
  /** The certificate and key of all clients, the plugin among them. */
  CLIENT("dask-tls-client.pem", "CLIENT__CERT");

  /** What all settings of Dask's connections begin with, in the environment. */
  public static final String SETTINGS = "DASK_DISTRIBUTED__COMM__";

  private final String fileName;
  private final String setting;

  TlsFile(String fileName, String setting) {
    this.fileName = fileName;
    this.setting = setting;
  }

  /** The file's name. */
  public String fileName() {
    return fileName;
  }

  /** Those that nobody else may read. */
  public static Stream<TlsFile> secret() {
    return Stream.of(SCHEDULER, WORKER, CLIENT);
  }

  /**
   * The environment in which a Dask of any version speaks nothing but TLS, whichever command starts
   * it; clients in tasks and scripts, too.
   *
   * @param directory what comes before the files' names
   */
  public static Map<String, String> environment(String directory) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(SETTINGS + "REQUIRE_ENCRYPTION", "True");
    environment.put(SETTINGS + "DEFAULT_SCHEME", "tls");
    for (TlsFile file : values()) {
      environment.put(SETTINGS + "TLS__" + file.setting, directory + file.fileName);
    }
    return environment;
  }
}
