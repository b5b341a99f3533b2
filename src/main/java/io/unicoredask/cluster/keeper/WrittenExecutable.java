package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * UNICORE writes the {@code Executable} into the job's script a second time, between double quotes:
 * {@code UC_EXECUTABLE="…"; export UC_EXECUTABLE}. A quote in it would end there what it should
 * not, and the rest of the command would run twice. It writes {@code Arguments} only once, behind
 * the {@code Executable} and a blank, so that the command is the same when its rest is there.
 */
final class WrittenExecutable {

  private static final String EXECUTABLE = "Executable";
  private static final Pattern MEANS_MORE_BETWEEN_QUOTES = Pattern.compile("[\"\\\\`]|\\$\\(");
  private static final Pattern NAME_AND_REST =
      Pattern.compile("([^\"\\\\`$'=(\\s]+)\\s+(.*)", Pattern.DOTALL);

  /** Does nothing, so that a command may begin with what is no name of a program. */
  private static final String BEFORE = "true";

  private static final String AND = "&& ";

  private WrittenExecutable() {}

  /** Leaves nothing in the {@code Executable} that means something else between double quotes. */
  static void makeSafe(ObjectNode job) {
    String executable = job.path(EXECUTABLE).asText("").strip();
    if (!MEANS_MORE_BETWEEN_QUOTES.matcher(executable).find()) {
      return;
    }
    Matcher parts = NAME_AND_REST.matcher(executable);
    boolean hasName = parts.matches();
    job.put(EXECUTABLE, hasName ? parts.group(1) : BEFORE);
    job.withArray("/Arguments").insert(0, hasName ? parts.group(2) : AND + executable);
  }

  /** The {@code Executable} as it was given, whether it had to be made safe or not. */
  static String given(ObjectNode job) {
    String executable = job.path(EXECUTABLE).asText();
    String first = job.path("Arguments").path(0).asText();
    if (executable.equals(BEFORE) && first.startsWith(AND)) {
      return first.substring(AND.length());
    }
    return MEANS_MORE_BETWEEN_QUOTES.matcher(first).find() ? executable + " " + first : executable;
  }
}
