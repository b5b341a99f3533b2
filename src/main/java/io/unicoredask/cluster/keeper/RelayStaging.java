package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.relay.RelayProgram;
import java.util.List;
import java.util.function.Function;

/** Has the scheduler start a relay beside it, wherever it runs: Dask can preload a program. */
class RelayStaging {

  private RelayStaging() {}

  /**
   * Adds it to the scheduler's job.
   *
   * @param programs the lines of each program
   * @param secret the content of the secret's file
   */
  static void add(ObjectNode job, Function<String, List<String>> programs, String secret) {
    for (String file : RelayProgram.FILES) {
      ObjectNode program = inline(job, file);
      programs.apply(file).forEach(program.putArray("Data")::add);
      JobDescriptions.addImport(job, file, program);
    }
    JobDescriptions.addImport(
        job,
        RelayProgram.SECRET_FILE,
        inline(job, RelayProgram.SECRET_FILE)
            .put("Data", secret)
            .put("Permissions", JobDescriptions.PRIVATE));
    job.withArray("/Arguments").add("--preload").add(RelayProgram.PRELOAD);
  }

  private static ObjectNode inline(ObjectNode job, String name) {
    return job.objectNode().put("From", "inline://" + name);
  }
}
