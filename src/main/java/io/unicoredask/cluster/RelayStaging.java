package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.tunnel.RelayProgram;
import java.util.Optional;

/**
 * Has a relay started beside the scheduler: as a command that runs on the job's node just before
 * the scheduler does.
 */
class RelayStaging {

  private static final String PRECOMMAND = "User precommand";

  private RelayStaging() {}

  /** Why no relay can be started with this job; nothing if one can. */
  static Optional<String> obstacle(ObjectNode job, boolean inAllocation) {
    if (inAllocation) {
      return Optional.of("in an allocation it would run on the login node");
    }
    if (job.has(PRECOMMAND)) {
      return Optional.of("the scheduler's job has a '%s' of its own".formatted(PRECOMMAND));
    }
    if (!job.path("Imports").isMissingNode() && !job.path("Imports").isArray()) {
      return Optional.of("the Imports of the scheduler's job are no list");
    }
    return Optional.empty();
  }

  /**
   * Adds it to the scheduler's job.
   *
   * @param python what runs it
   * @param secret the content of the secret's file
   */
  static void add(ObjectNode job, String python, String secret) {
    ArrayNode imports = job.withArray("/Imports");
    ArrayNode program = file(imports, RelayProgram.FILE).putArray("Data");
    RelayProgram.lines().forEach(program::add);
    file(imports, RelayProgram.SECRET_FILE).put("Data", secret);
    job.put(PRECOMMAND, RelayProgram.command(python, JobDescriptions.SCHEDULER_FILE));
    job.put("RunUserPrecommandOnLoginNode", "false");
  }

  private static ObjectNode file(ArrayNode imports, String name) {
    return imports.addObject().put("From", "inline://" + name).put("To", name);
  }
}
