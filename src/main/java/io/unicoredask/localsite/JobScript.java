package io.unicoredask.localsite;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The shell script that UNICORE makes of a job for its batch system. Only a directory that the
 * shell would take apart is written with quotes, which UNICORE does not: no job could run there.
 */
final class JobScript {
  static final String EXIT_CODE_FILE = "UNICORE_SCRIPT_EXIT_CODE";

  private static final Pattern PLAIN = Pattern.compile("[^\\s\"'`$\\\\*?\\[~]+");
  private static final Pattern SPECIAL = Pattern.compile("[\"$`\\\\]");
  private static final List<String> REPLACED = List.of("HOME", "LOGNAME", "USER");

  /** The variable that says where what the site has Python programs load first is. */
  static final String PYTHON = "LOCALSITE_PYTHON";

  private final StringBuilder text = new StringBuilder("#!/bin/bash\n");
  private final String directory;
  private final boolean isRunHere;

  private JobScript(String directory, boolean isRunHere) {
    this.directory = directory;
    this.isRunHere = isRunHere;
  }

  /** The script as UNICORE's target system interface hands it to the batch system. */
  static String replaced(String script, Map<String, String> environment) {
    String replaced = script;
    for (String name : REPLACED) {
      replaced = replaced.replace("$" + name, environment.getOrDefault(name, ""));
    }
    return replaced;
  }

  static String of(Job job) {
    return of(job, false);
  }

  /** The same, with what keeps to this machine what the job's Python programs listen on. */
  static String toBeRun(Job job) {
    return of(job, true);
  }

  private static String of(Job job, boolean isRunHere) {
    JobDescription description = job.description();
    JobScript script = new JobScript(job.directory + "/", isRunHere);
    script.header(description);
    script.environment(description, Caller.dn(job.owner).replace(",", ", "));
    script.commands(description);
    return script.text.toString();
  }

  private void header(JobDescription job) {
    boolean batch = job.type() != JobType.ON_LOGIN_NODE;
    line(batch ? "#TSI_SUBMIT" : "#TSI_RUN_ON_LOGIN_NODE");
    line("");
    if (job.type() == JobType.ALLOCATE) {
      line("#TSI_ALLOCATION_ID UNICORE_ALLOCATION_ID");
    }
    line("#TSI_OUTCOME_DIR " + directory);
    line("#TSI_USPACE_DIR " + directory);
    line("#TSI_STDOUT " + job.stdout());
    line("#TSI_STDERR " + job.stderr());
    line("#TSI_JOBNAME " + job.name());
    line("#TSI_EMAIL NONE");
    if (batch) {
      resources(job);
    }
    line("#TSI_SCRIPT");
  }

  private void resources(JobDescription job) {
    Resources resources = job.resources();
    if (resources.get("Project") != null) {
      line("#TSI_PROJECT " + resources.get("Project"));
    }
    long memory = resources.number("MemoryPerNode");
    long megabytes = memory < 0 ? -1 : memory >> 20;
    line("#TSI_TIME " + resources.number("Runtime"));
    if (memory >= 0) {
      line("#TSI_MEMORY " + megabytes);
    }
    line("#TSI_NODES " + resources.number("Nodes"));
    line("#TSI_PROCESSORS_PER_NODE " + resources.number("CPUsPerNode"));
    line("#TSI_TOTAL_PROCESSORS " + resources.number("TotalCPUs"));
    line("#TSI_QUEUE " + resources.get("Queue"));
    export("UC_NODES", resources.number("Nodes"));
    export("UC_PROCESSORS_PER_NODE", resources.number("CPUsPerNode"));
    export("UC_TOTAL_PROCESSORS", resources.number("TotalCPUs"));
    export("UC_RUNTIME", resources.number("Runtime"));
    export("UC_MEMORY_PER_NODE", megabytes);
    if (job.type() == JobType.ALLOCATE) {
      line("#TSI_JOB_MODE allocate");
    }
  }

  private void environment(JobDescription job, String dn) {
    line("#TSI_UMASK " + job.umask());
    line("umask " + job.umask());
    job.environment().forEach((name, value) -> export(name, quoted(value)));
    export("UC_USERDN", quoted(dn.replace('"', '_')));
    line("PATH=$PATH:. ; export PATH");
    String escaped = SPECIAL.matcher(directory).replaceAll("\\\\$0");
    if (isRunHere) {
      // After the job's own, so that it is not replaced.
      export("PYTHONPATH", quoted("$%s${PYTHONPATH:+:$PYTHONPATH}".formatted(PYTHON)));
    }
    export("UC_WORKING_DIRECTORY", quoted(escaped));
    export("UC_OUTPUT_DIRECTORY", quoted(escaped));
    line("cd " + in("${UC_WORKING_DIRECTORY}"));
  }

  private void commands(JobDescription job) {
    if (job.executable() != null) {
      String executable = job.executable().trim();
      export("UC_EXECUTABLE", quoted(executable));
      line("chmod u+x \"" + executable.split(" ")[0] + "\" 2> /dev/null ");
    }
    line("rm -f " + in("${UC_OUTPUT_DIRECTORY}/" + EXIT_CODE_FILE));
    if (job.preCommand() != null) {
      line("# user defined pre-command");
      line(job.preCommand());
    }
    if (job.executable() != null) {
      StringBuilder command = new StringBuilder(job.executable());
      job.arguments().forEach(argument -> command.append(' ').append(argument));
      if (job.stdin() != null) {
        command.append(" < ").append(in("${UC_WORKING_DIRECTORY}/" + job.stdin()));
      }
      line(command.toString());
      line("");
      line("echo $? > " + in("${UC_OUTPUT_DIRECTORY}/" + EXIT_CODE_FILE));
    }
    if (job.postCommand() != null) {
      line("");
      line("# user defined post-command");
      line(job.postCommand());
    }
  }

  private void export(String name, Object value) {
    line(name + "=" + value + "; export " + name);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private String in(String path) {
    return PLAIN.matcher(directory).matches() ? path : quoted(path);
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }
}
