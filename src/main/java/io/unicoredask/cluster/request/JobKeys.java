package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that UNICORE reads in a job description. It passes over all others without a word, so
 * that a misspelt one does nothing. One that differs from one of these in case, in what stands
 * between its words, in one letter or in being a plural is meant to be it; a key that is near to
 * none may be one of a later UNICORE, or of a client.
 *
 * <p>Their source is <a
 * href="https://unicore-docs.readthedocs.io/en/latest/user-docs/rest-api/job-description/index.html">UNICORE's
 * documentation of its job descriptions</a> and, for what that does not name, UNICORE's own {@code
 * JSONParser}. Those within {@code Resources} are not among them: sites add their own, and UNICORE
 * refuses what it does not know.
 */
final class JobKeys {

  /** What UNICORE reads in place of others. */
  private static final Map<String, String> OTHER_NAMES = Map.of("tags", "Tags", "umask", "Umask");

  private static final JobKeys JOB =
      new JobKeys(
          OTHER_NAMES,
          "ApplicationName",
          "ApplicationVersion",
          "Executable",
          "Arguments",
          "Environment",
          "Parameters",
          "Stdout",
          "Stderr",
          "Stdin",
          "IgnoreNonZeroExitCode",
          "User precommand",
          "RunUserPrecommandOnLoginNode",
          "UserPrecommandIgnoreNonZeroExitCode",
          "User postcommand",
          "RunUserPostcommandOnLoginNode",
          "UserPostcommandIgnoreNonZeroExitCode",
          "Resources",
          "Project",
          "Imports",
          "Exports",
          "haveClientStageIn",
          "Job type",
          "Login node",
          "BSS file",
          "Tags",
          "Name",
          "Umask",
          "User email",
          "Notification",
          "NotificationSettings",
          "Not before",
          "Stage in",
          "Stage out");

  private static final String[] OF_BOTH = {
    "From",
    "To",
    "Data",
    "Mode",
    "FailOnError",
    "ReadOnly",
    "Permissions",
    "Credentials",
    "ExtraParameters"
  };

  private static final JobKeys IMPORT =
      new JobKeys(Map.of("source", "From", "file", "To"), OF_BOTH);
  private static final JobKeys EXPORT =
      new JobKeys(Map.of("file", "From", "target", "To"), OF_BOTH);

  /** A letter makes another word of a shorter one. */
  private static final int LONG_ENOUGH = 4;

  private final Map<String, String> others;
  private final List<String> keys;

  private JobKeys(Map<String, String> others, String... keys) {
    this.others = others;
    this.keys = Arrays.asList(keys);
  }

  /** The misspelt keys of a job description, each with the one that is meant. */
  static Map<String, String> misspelt(JsonNode job) {
    Map<String, String> all = new LinkedHashMap<>();
    JOB.addMisspelt("", job, all);
    IMPORT.addMisspeltOfEach("Imports", job, all);
    EXPORT.addMisspeltOfEach("Exports", job, all);
    return all;
  }

  /** A list of them, or an object by file names. */
  private void addMisspeltOfEach(String part, JsonNode job, Map<String, String> all) {
    job.path(part).forEach(one -> addMisspelt(part + ".", one, all));
  }

  private void addMisspelt(String where, JsonNode object, Map<String, String> all) {
    object
        .fieldNames()
        .forEachRemaining(key -> meant(key).ifPresent(right -> all.put(where + key, right)));
  }

  private Optional<String> meant(String key) {
    if (keys.contains(key) || others.containsKey(key)) {
      return Optional.empty();
    }
    String letters = Spelling.letters(key);
    List<String> known = new ArrayList<>(keys);
    known.addAll(others.keySet());
    return known.stream()
        .filter(right -> isMeant(letters, Spelling.letters(right)))
        .findFirst()
        .map(right -> others.getOrDefault(right, right));
  }

  private static boolean isMeant(String given, String right) {
    return given.equals(right)
        || right.length() >= LONG_ENOUGH
            && Spelling.isOneEditFrom(Spelling.one(given), Spelling.one(right));
  }
}
