package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.tunnel.RelayProgram;
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
    ArrayNode imports = job.withArray("/Imports");
    program.forEach(file(imports, RelayProgram.FILE).putArray("Data")::add);
    file(imports, RelayProgram.SECRET_FILE).put("Data", secret);
    job.withArray("/Arguments").add("--preload").add(RelayProgram.PRELOAD);
  }

  private static ObjectNode file(ArrayNode imports, String name) {
    return imports.addObject().put("From", "inline://" + name).put("To", name);
  }
}
