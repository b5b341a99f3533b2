package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.cluster.request.ShellWords.Unreadable;
import io.unicoredask.cluster.request.ShellWords.Word;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a job runs, as the shell of its script reads it. UNICORE writes {@code Executable} and
 * {@code Arguments} into that script one after the other, with blanks between them and as they are:
 * one argument can be several words, and one word several arguments. What is added comes last, so
 * that the last command of the line gets it.
 */
public final class Command {

  /** What starts a command on a node of an allocation: Slurm's, PBS's, LSF's and MPI's. */
  private static final Set<String> LAUNCHERS =
      Set.of("srun", "mpirun", "mpiexec", "aprun", "jsrun", "pbsdsh", "blaunch");

  /** What only a shell can run, and with it the command behind it. */
  private static final Pattern OF_THE_SHELL = Pattern.compile("(?s)exec|\\w+=.*");

  private static final Set<String> ENDS = Set.of("}", "fi", "done", "esac");

  /** Null if the site's application is run. */
  private final String executable;

  /** The last command of the line, as it is written. */
  private final List<Word> last;

  /** Its words until Dask's arguments begin, or all, if it is not known to start Dask. */
  private final List<String> program;

  private final DaskArguments arguments;

  /** Whether it is known that the arguments are Dask's. */
  private final boolean isDask;

  private final String problem;

  private Command(String executable, List<List<Word>> commands, JobEnvironment environment) {
    this.executable = executable;
    this.last = commands.get(commands.size() - 1);
    List<Word> opened = ShellScript.opened(last, environment.values());
    List<String> texts = ShellScript.texts(opened);
    int found = executable == null ? 0 : DaskOptions.argumentsIn(texts);
    int begin = found < 0 ? Math.min(1, opened.size()) : found;
    this.isDask = found >= 0;
    this.program = texts.subList(0, found < 0 ? texts.size() : found);
    this.arguments = DaskArguments.of(opened.subList(begin, opened.size()));
    this.problem = problem(commands);
  }

  private Command(String executable, String problem) {
    this.executable = executable;
    this.last = List.of();
    this.program = List.of();
    this.arguments = DaskArguments.NONE;
    this.isDask = false;
    this.problem = problem;
  }

  /** That of a job description. */
  public static Command of(JsonNode job) {
    String given = job.path("Executable").asText("");
    String executable = given.isBlank() ? null : given;
    StringBuilder line = new StringBuilder(given);
    job.path("Arguments").forEach(argument -> line.append(' ').append(argument.asText()));
    JobEnvironment environment = JobEnvironment.of(job);
    try {
      List<Word> words = ShellWords.of(line.toString(), environment.values());
      return new Command(executable, ShellScript.commands(words), environment);
    } catch (Unreadable e) {
      return new Command(
          executable, "whose Executable and Arguments a shell can read: " + e.getMessage());
    }
  }

  private String problem(List<List<Word>> commands) {
    boolean isLast = last.isEmpty() ? commands.size() == 1 : !ENDS.contains(last.get(0).text());
    boolean startsDaskEarlier =
        !isDask
            && commands.stream()
                .anyMatch(one -> DaskOptions.argumentsIn(ShellScript.texts(one)) >= 0);
    if (!isLast || startsDaskEarlier) {
      return "whose Executable and Arguments end with the command itself, since what is added is put behind them (no comment, and no ; & | or ) after it)";
    }
    if (ShellScript.losesArguments(last)) {
      return "whose script behind -c hands on what is added: with \"$@\" in it, and a name behind it, as in sh -c 'exec dask scheduler \"$@\"' dask";
    }
    return null;
  }

  /** Why nothing can be added to it, as a job description that is allowed would be; or nothing. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** The same for what Dask would do with an option more; nothing of another program. */
  Optional<String> problemForDask() {
    return isDask ? arguments.problem() : Optional.empty();
  }

  /**
   * Whether it has an option, in whatever form.
   *
   * @param option with its dashes
   */
  public boolean sets(String option) {
    return arguments.options().containsKey(option);
  }

  /** The value of an option; empty if it is not there. */
  Optional<String> value(String option) {
    return Optional.ofNullable(arguments.options().get(option));
  }

  /** Whether Dask's worker is given the address of its scheduler. */
  public boolean namesScheduler() {
    return isDask && !arguments.others().isEmpty();
  }

  /** Whether something is there that starts it on a node of an allocation. */
  public boolean isLaunched() {
    return program.stream().map(DaskOptions::name).anyMatch(LAUNCHERS::contains);
  }

  /** The {@code Executable} with a launcher before the command that it ends with. */
  public String launchedBy(String launcher) {
    int at =
        last.stream()
            .filter(word -> !OF_THE_SHELL.matcher(word.text()).matches())
            .mapToInt(Word::start)
            .findFirst()
            .orElse(0);
    int before = at < executable.length() ? at : 0;
    return executable.substring(0, before) + launcher + " " + executable.substring(before);
  }
}
