package io.unicoredask.cluster.keeper;

import java.util.regex.Pattern;

/** Writes a word so that the shell of a UNICORE job reads it as it is. */
final class ShellArgument {

  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private ShellArgument() {}

  /**
   * UNICORE's target system interface replaces {@code $HOME}, {@code $USER} and {@code $LOGNAME} in
   * the text of a script, between quotes as well, so that no {@code $} stands before a name. A site
   * that checks its users' input strictly refuses {@code $(}, backticks and ends of lines, however
   * they are quoted, so that they are written as escapes of bash, which UNICORE's scripts are for.
   */
  static String of(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < word.length(); i++) {
      char letter = word.charAt(i);
      switch (letter) {
        case '\'' -> quoted.append("'\\''");
        case '$' -> quoted.append("$''");
        case '`' -> quoted.append("'$'\\140''");
        case '\n' -> quoted.append("'$'\\n''");
        case '\r' -> quoted.append("'$'\\r''");
        default -> quoted.append(letter);
      }
    }
    return quoted.append('\'').toString();
  }
}
