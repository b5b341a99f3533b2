package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Reads the result files of a script that has ended well, and says how one ended that has not. */
final class ScriptResults {

  private static final int MAX_FILE_BYTES = 10 * 1024 * 1024;

  private ScriptResults() {}

  /**
   * The files, by the names of the variables that they are for.
   *
   * @throws ClusterException with {@link ClusterError#DASK_SCRIPT_FAILED} if it has not ended well
   *     or one is missing
   */
  static Map<String, ResultFile> of(UnicoreSite site, ScriptJob script, URI directory) {
    if (!script.endedWell()) {
      throw new ClusterException(ClusterError.DASK_SCRIPT_FAILED, obituary(site, script));
    }
    Map<String, ResultFile> results = new LinkedHashMap<>();
    script
        .resultFiles()
        .forEach((variable, path) -> results.put(variable, result(site, directory, path)));
    return results;
  }

  private static ResultFile result(UnicoreSite site, URI directory, String path) {
    OptionalLong size = site.size(directory, path);
    if (size.isEmpty()) {
      throw new ClusterException(
          ClusterError.DASK_SCRIPT_FAILED,
          "the script ended well, but did not write the result file %s".formatted(path));
    }
    if (size.getAsLong() > MAX_FILE_BYTES) {
      throw new ClusterException(
          ClusterError.DASK_SCRIPT_FAILED,
          "the result file %s has %d bytes; allowed are up to %d. It is in %s at the site."
              .formatted(path, size.getAsLong(), MAX_FILE_BYTES, site.resolve(directory)));
    }
    byte[] content = site.file(directory, path).orElse(new byte[0]);
    return new ResultFile(path.substring(path.lastIndexOf('/') + 1), content);
  }

  private static String obituary(UnicoreSite site, ScriptJob script) {
    StringBuilder text =
        new StringBuilder(
            "the script's job %s ended as %s"
                .formatted(site.resolve(script.job()), script.status()));
    if (script.exitCode() != null) {
      text.append(" with exit code ").append(script.exitCode());
    }
    if (!Objects.requireNonNullElse(script.statusMessage(), "").isBlank()) {
      text.append(": ").append(script.statusMessage().strip());
    }
    return script.output().isBlank()
        ? text.append(" without a word of output").toString()
        : text.append("\nThe end of its output:\n").append(script.output().strip()).toString();
  }
}
