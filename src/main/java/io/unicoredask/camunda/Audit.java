package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.camunda.engine.OperationLog;
import io.unicoredask.camunda.engine.Transaction;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what with a cluster, once that is committed: a line of the log {@code
 * io.unicoredask.audit}, {@code key=value} for people and as key-value pairs for Spring Boot's
 * structured logging, and an entry in the engine's user operation log for what that does not have
 * by itself.
 */
final class Audit {

  private static final Logger LOG = LoggerFactory.getLogger("io.unicoredask.audit");

  /** The engine itself, as when a timer fires. */
  static final String NOBODY = "-";

  /** What can be done, and how the user operation log calls it; the engine has the others. */
  enum Operation {
    START(null),
    SCALE("Scale"),
    READ_LOGS("ReadLogs"),
    RUN_SCRIPT(null),
    TEAR_DOWN("TearDown"),
    DELETE(null),
    OVER(null);

    private final String logged;

    Operation(String logged) {
      this.logged = logged;
    }
  }

  private Audit() {}

  /**
   * Says it of who makes the present call of the engine.
   *
   * @param details what it was done with, in the order of the pairs; no secret
   */
  static void say(
      Operation operation, DelegateExecution execution, String cluster, Object... details) {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("operation", operation.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    pairs.put("user", user().orElse(NOBODY));
    pairs.put("cluster", cluster);
    pairs.put("process", Executions.processKey(execution));
    pairs.put("instance", execution.getProcessInstanceId());
    pairs.put("businessKey", Optional.ofNullable(execution.getProcessBusinessKey()).orElse(NOBODY));
    pairs.replaceAll((name, value) -> OneLine.name(value));
    Map<String, String> with = new LinkedHashMap<>();
    for (int i = 0; i < details.length; i += 2) {
      String name = (String) details[i];
      String value = OneLine.name(String.valueOf(details[i + 1]));
      with.put(name, value);
    }
    pairs.putAll(with);
    Transaction.current().whenCommitted(() -> write(pairs));
    if (operation.logged != null && user().isPresent()) {
      OperationLog.add(operation.logged, execution, with);
    }
  }

  /**
   * Says that somebody was given what a client is let in with, which is no call of the engine.
   *
   * @param user who has logged in
   */
  static void handedOut(String user, String cluster, String instance) {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("operation", "read-certificate");
    pairs.put("user", user);
    pairs.put("cluster", cluster);
    pairs.put("instance", instance);
    write(pairs);
  }

  private static Optional<String> user() {
    return Transaction.current().user();
  }

  private static void write(Map<String, String> pairs) {
    AuditLine.write(LOG, pairs);
  }
}
