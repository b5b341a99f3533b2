package io.unicoredask.localsite;

import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resources that a job asks for, in UNICORE's units: seconds and bytes. */
final class Resources {
  private static final Pattern AMOUNT = Pattern.compile("\\s*([0-9.]+)\\s*([a-zA-Z]*)\\s*");
  private static final Map<String, Long> SECONDS =
      Map.of("", 1L, "s", 1L, "m", 60L, "h", 3600L, "d", 86400L);
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40);
  private static final List<String> UNCHECKED =
      List.of("Project", "Reservation", "QoS", "NodeConstraints", "Exclusive");

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Reads what was asked for, with units such as {@code 10m} and {@code 512M}. */
  Resources(Map<String, String> asked) throws JobRefusedException {
    for (Map.Entry<String, String> entry : asked.entrySet()) {
      String name = entry.getKey().equals("Memory") ? "MemoryPerNode" : entry.getKey();
      String value =
          switch (name) {
            case "Runtime" -> amount(name, entry.getValue(), SECONDS);
            case "MemoryPerNode" -> amount(name, entry.getValue(), BYTES);
            default -> entry.getValue();
          };
      values.put(name, value);
    }
  }

  private static String amount(String name, String text, Map<String, Long> units)
      throws JobRefusedException {
    Matcher matcher = AMOUNT.matcher(text);
    String unit =
        matcher.matches() && !matcher.group(2).isEmpty()
            ? matcher.group(2).substring(0, 1).toLowerCase(java.util.Locale.ROOT)
            : "";
    if (!matcher.matches() || !units.containsKey(unit)) {
      throw new JobRefusedException(
          "Could not parse requested resource <%s>: java.lang.NumberFormatException: %s"
              .formatted(name, text));
    }
    return String.valueOf((long) (Double.parseDouble(matcher.group(1)) * units.get(unit)));
  }

  /** Checks against the queue asked for, and adds the defaults. */
  void settle(Map<String, Queue> queues) throws JobRefusedException {
    String queueName = values.getOrDefault("Queue", queues.keySet().iterator().next());
    Queue queue = queues.get(queueName);
    if (queue == null) {
      throw new JobRefusedException(
          "Resource request <Queue = %s> is out of range. (Invalid resource request)"
              .formatted(queueName));
    }
    Map<String, String> asked = new LinkedHashMap<>(values);
    asked.remove("Queue");
    values.clear();
    values.put("Queue", queueName);
    for (Map.Entry<String, String> entry : asked.entrySet()) {
      check(queueName, queue, entry.getKey(), entry.getValue());
      values.put(entry.getKey(), entry.getValue());
    }
    if (!asked.containsKey("Nodes")
        && !asked.containsKey("CPUsPerNode")
        && !asked.containsKey("TotalCPUs")) {
      values.put("CPUsPerNode", "1");
      values.put("Nodes", "1");
    }
    values.putIfAbsent("Runtime", String.valueOf(Math.min(3600, queue.maxRuntime().toSeconds())));
  }

  private static void check(String queueName, Queue queue, String name, String value)
      throws JobRefusedException {
    long most;
    switch (name) {
      case "Nodes" -> most = queue.nodes();
      case "Runtime" -> most = queue.maxRuntime().toSeconds();
      case "CPUsPerNode" -> most = queue.maxCpusPerNode();
      case "TotalCPUs" -> most = (long) queue.maxCpusPerNode() * queue.nodes();
      case "MemoryPerNode" -> most = Long.MAX_VALUE;
      default -> {
        if (!UNCHECKED.contains(name)) {
          throw new JobRefusedException(
              "Resource <%s> is not available for partition <%s> (Invalid resource request)"
                  .formatted(name, queueName));
        }
        return;
      }
    }
    if (!value.matches("[0-9]{1,18}")
        || Long.parseLong(value) < 1
        || Long.parseLong(value) > most) {
      throw new JobRefusedException(
          "Resource request <%s=%s> is out of range. (Invalid resource request)"
              .formatted(name, value));
    }
  }

  String get(String name) {
    return values.get(name);
  }

  /** An amount; -1 if it was neither asked for nor has a default, as UNICORE writes it. */
  long number(String name) {
    return Long.parseLong(values.getOrDefault(name, "-1"));
  }

  int nodes() {
    return (int) Math.max(1, number("Nodes"));
  }

  /** As the job's log has them. */
  @Override
  public String toString() {
    List<String> pairs = new ArrayList<>();
    values.forEach((name, value) -> pairs.add(name + "=" + value));
    return pairs.toString();
  }
}
