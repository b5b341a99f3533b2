package io.unicoredask.camunda;

/**
 * The process variables that {@code ${daskRunScript}} writes, besides the result files. Those that
 * it reads are the components of {@link io.unicoredask.cluster.request.ScriptRequest}.
 */
public final class ScriptVariables {

  /** Integer: the script's exit code; absent while it runs, and if the site never learned it. */
  public static final String EXIT_CODE = "scriptExitCode";

  /** String: the end of what the script has written, of standard output and standard error. */
  public static final String OUTPUT = "scriptOutput";

  /** String: the URL of the script's job at the site. */
  public static final String JOB_URL = "scriptJobUrl";

  private ScriptVariables() {}
}
