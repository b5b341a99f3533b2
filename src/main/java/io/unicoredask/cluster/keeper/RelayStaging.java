package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.relay.RelayProgram;
import java.util.List;

/** Has the scheduler start a relay beside it, wherever it runs: Dask can preload a program. */
class RelayStaging {

  private RelayStaging() {}

  /**
   * Adds it to the scheduler's job.
   *
   * @param program the lines of the relay's program
   * @param secret the content of the secret's file
   */
  static void add(ObjectNode job, List<String> program, String secret) {
    ObjectNode relay = inline(job, RelayProgram.FILE);
    program.forEach(relay.putArray("Data")::add);
    JobDescriptions.addImport(job, RelayProgram.FILE, relay);
    JobDescriptions.addImport(
        job, RelayProgram.SECRET_FILE, inline(job, RelayProgram.SECRET_FILE).put("Data", secret));
    job.withArray("/Arguments").add("--preload").add(RelayProgram.PRELOAD);
  }

  private static ObjectNode inline(ObjectNode job, String name) {
    return job.objectNode().put("From", "inline://" + name);
  }
}
