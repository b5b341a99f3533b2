package io.unicoredask.cluster.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a command line apart as a shell does: quotes, backslashes, variables, comments,
 * redirections, and what stands between commands. It runs nothing.
 */
class ShellWords {

  /**
   * A word, or what stands between two commands.
   *
   * @param text without its quotes; variables with their values, where these are known
   * @param start where it begins in the line
   * @param separator whether it ends a command
   * @param unknown whether it begins with a value that is not known and that the shell takes apart,
   *     so that it can be any number of words
   */
  record Word(String text, int start, boolean separator, boolean unknown) {}

  /** A command line that no shell can read. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  /** More than any system takes as the arguments of a program. */
  private static final int LONGEST = 2 * 1024 * 1024;

  private static final String BETWEEN_WORDS = " \t";
  private static final String SEPARATORS = ";&|()\n";

  /** What a script is given, and what is no variable at all. */
  private static final Set<String> GIVEN_ON = Set.of("$@", "$*", "$");

  private final String line;
  private final Variables variables;
  private final List<Word> words = new ArrayList<>();
  private int at;

  /** How many characters variables have made. */
  private int expanded;

  /** The word that is being read; null between two. */
  private StringBuilder word;

  private int start;
  private boolean unknown;
  private boolean quoted;
  private boolean isFile;

  private ShellWords(String line, Variables variables) {
    this.line = line;
    this.variables = variables;
  }

  /**
   * The words of a line in order, without comments and redirections.
   *
   * @param environment variables whose values are known
   */
  static List<Word> of(String line, Map<String, String> environment) throws Unreadable {
    ShellWords shell = new ShellWords(line, new Variables(environment));
    shell.read();
    return shell.words;
  }

  private void read() throws Unreadable {
    while (at < line.length()) {
      char next = line.charAt(at);
      if (BETWEEN_WORDS.indexOf(next) >= 0) {
        endWord();
        at++;
      } else if (next == '#' && word == null) {
        int end = line.indexOf('\n', at);
        words.add(new Word("#", at, true, false));
        at = end < 0 ? line.length() : end;
      } else if (next == '>' || next == '<' || next == '&' && line.startsWith("&>", at)) {
        redirect();
      } else if (SEPARATORS.indexOf(next) >= 0) {
        endWord();
        separate();
      } else {
        readPart(next);
      }
    }
    endWord();
  }

  private void separate() {
    int begin = at;
    while (at < line.length() && SEPARATORS.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    words.add(new Word(line.substring(begin, at), begin, true, false));
  }

  /** The file, or the number of one, is the next word. */
  private void redirect() {
    if (word != null && !quoted && word.chars().allMatch(Character::isDigit)) {
      word = null;
    } else {
      endWord();
    }
    while (at < line.length() && "<>&|".indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    isFile = true;
  }

  private void readPart(char next) throws Unreadable {
    begin();
    switch (next) {
      case '\'' -> singleQuoted();
      case '"' -> doubleQuoted();
      case '\\' -> {
        quoted = true;
        if (at + 1 < line.length() && line.charAt(at + 1) != '\n') {
          word.append(line.charAt(at + 1));
        }
        at += 2;
      }
      case '$' -> {
        if (line.startsWith("$'", at)) {
          ansiQuoted();
        } else if (line.startsWith("$\"", at)) {
          at++;
        } else {
          unquoted(expansion());
        }
      }
      case '`' -> unquoted(expansion());
      default -> {
        word.append(next);
        at++;
      }
    }
  }

  private void begin() {
    if (word == null) {
      word = new StringBuilder();
      start = at;
      unknown = false;
      quoted = false;
    }
  }

  private void endWord() {
    if (word != null && !isFile) {
      words.add(new Word(word.toString(), start, false, unknown));
    }
    isFile &= word == null;
    word = null;
  }

  private void singleQuoted() throws Unreadable {
    int end = line.indexOf('\'', at + 1);
    if (end < 0) {
      throw new Unreadable("the quote ' is not closed");
    }
    quoted = true;
    word.append(line, at + 1, end);
    at = end + 1;
  }

  /** Which letter an escape stands for makes no difference to where words and options end. */
  private void ansiQuoted() throws Unreadable {
    quoted = true;
    at += 2;
    while (at < line.length() && line.charAt(at) != '\'') {
      at += line.charAt(at) == '\\' ? 1 : 0;
      if (at < line.length()) {
        word.append(line.charAt(at++));
      }
    }
    if (at >= line.length()) {
      throw new Unreadable("the quote $' is not closed");
    }
    at++;
  }

  private void doubleQuoted() throws Unreadable {
    quoted = true;
    at++;
    while (at < line.length() && line.charAt(at) != '"') {
      char next = line.charAt(at);
      if (next == '\\' && at + 1 < line.length()) {
        char escaped = line.charAt(at + 1);
        word.append("$`\"\\".indexOf(escaped) >= 0 ? "" : "\\").append(escaped);
        at += 2;
      } else if (next == '$' || next == '`') {
        Expansion expansion = expansion();
        word.append(expansion.value() == null ? expansion.text() : expansion.value());
      } else {
        word.append(next);
        at++;
      }
    }
    if (at >= line.length()) {
      throw new Unreadable("the quote \" is not closed");
    }
    at++;
  }

  /** A value that stands outside quotes is taken apart at its blanks, and at nothing else. */
  private void unquoted(Expansion expansion) {
    if (expansion.value() == null) {
      unknown |= word.isEmpty() && !quoted && !GIVEN_ON.contains(expansion.text());
      word.append(expansion.text());
      return;
    }
    int begin = start;
    String value = expansion.value();
    for (int i = 0; i < value.length(); i++) {
      if (Character.isWhitespace(value.charAt(i))) {
        dropIfEmpty();
        endWord();
      } else {
        begin();
        start = begin;
        unknown |= word.isEmpty() && !quoted && isExpansion(value.charAt(i));
        word.append(value.charAt(i));
      }
    }
    dropIfEmpty();
  }

  /** In a value it is one of a variable, or of a command, that is not known. */
  private static boolean isExpansion(char letter) {
    return letter == '$' || letter == '`';
  }

  private void dropIfEmpty() {
    if (word != null && word.isEmpty() && !quoted) {
      word = null;
    }
  }

  private record Expansion(String text, String value) {}

  private Expansion expansion() throws Unreadable {
    int end = Variables.end(line, at);
    if (end < 0) {
      throw new Unreadable("'%s' is not closed".formatted(line.substring(at).strip()));
    }
    String text = line.substring(at, end);
    at = end;
    String value = variables.value(text);
    expanded += value == null ? 0 : value.length();
    if (expanded > LONGEST) {
      throw new Unreadable("its variables make more than %d characters of it".formatted(LONGEST));
    }
    return new Expansion(text, value);
  }
}
