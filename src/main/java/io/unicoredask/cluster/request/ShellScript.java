package io.unicoredask.cluster.request;

import io.unicoredask.cluster.request.ShellWords.Unreadable;
import io.unicoredask.cluster.request.ShellWords.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command that is one word of another command, as behind {@code sh -c} or {@code ssh}. */
final class ShellScript {

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ksh", "zsh");
  private static final Pattern SCRIPT_FOLLOWS = Pattern.compile("-[a-z]*c");
  private static final Pattern ITS_ARGUMENTS = Pattern.compile("\\$([@*]|\\{[@*]})");
  private static final Pattern BLANK = Pattern.compile("\\s");

  private ShellScript() {}

  /** Whether a shell is given a script that does not use what is added behind it. */
  static boolean losesArguments(List<Word> command) {
    int script = scriptIn(command);
    return script >= 0
        && (!ITS_ARGUMENTS.matcher(command.get(script).text()).find()
            || afterName(script) > command.size());
  }

  /** Where the script of {@code sh -c} is; -1 if there is none. */
  private static int scriptIn(List<Word> command) {
    boolean isShell = false;
    for (int i = 0; i + 1 < command.size(); i++) {
      String text = command.get(i).text();
      if (isShell && SCRIPT_FOLLOWS.matcher(text).matches()) {
        return i + 1;
      }
      isShell |= SHELLS.contains(DaskOptions.name(text));
    }
    return -1;
  }

  /** The first word behind a script is its name ({@code $0}), and none of its arguments. */
  private static int afterName(int script) {
    return script + 2;
  }

  /** The words of a command, those of a word that starts Dask itself in its place. */
  static List<Word> opened(List<Word> command, Map<String, String> environment) {
    int script = scriptIn(command);
    for (int i = 0; i < command.size(); i++) {
      List<Word> within = startingDask(command.get(i), environment);
      if (!within.isEmpty()) {
        int next = Math.min(i == script ? afterName(i) : i + 1, command.size());
        return Stream.of(command.subList(0, i), within, command.subList(next, command.size()))
            .flatMap(List::stream)
            .toList();
      }
    }
    return command;
  }

  private static List<Word> startingDask(Word word, Map<String, String> environment) {
    if (!BLANK.matcher(word.text()).find()) {
      return List.of();
    }
    try {
      for (List<Word> command : commands(ShellWords.of(word.text(), environment))) {
        if (DaskOptions.argumentsIn(texts(command)) >= 0) {
          return command;
        }
      }
    } catch (Unreadable noScript) {
      // it is a text like any other
    }
    return List.of();
  }

  /** The commands of a line; the last is empty if the line ends with what separates them. */
  static List<List<Word>> commands(List<Word> line) {
    List<List<Word>> commands = new ArrayList<>();
    commands.add(new ArrayList<>());
    for (Word word : line) {
      if (word.separator()) {
        commands.add(new ArrayList<>());
      } else {
        commands.get(commands.size() - 1).add(word);
      }
    }
    return commands;
  }

  static List<String> texts(List<Word> words) {
    return words.stream().map(Word::text).toList();
  }
}
