package io.unicoredask.cluster.request;

import static io.unicoredask.cluster.request.Variable.input;

import io.unicoredask.cluster.request.Allowed.Other;
import java.util.Arrays;
import java.util.List;

/** The variables that a script's request is read from, in the order of the documentation. */
public enum ScriptVariable {
  SCRIPT(
      input(
              "script",
              "String, File or Bytes",
              new Other(
                  "Python, or an `http` or `https` URL without user and password",
                  "a Python script, or the URL of one that the site can fetch"),
              "the script itself, in UTF-8; or where the site itself fetches it. The engine's text"
                  + " variables take 4000 characters, on Oracle 2000: give a longer script as a File")
          .withDefaultText("required")),
  SCRIPT_ARGUMENTS(
      input(
              "scriptArguments",
              "Json",
              new Other("a list of texts", "a JSON list of texts"),
              "the script's arguments; no shell changes them")
          .withDefaultText("`[]`")),
  SCRIPT_JOB(
      input(
              "scriptJob",
              "Json or String",
              JobDescriptionReader.ALLOWED,
              "what the script's job is made from")
          .withDefaultText("`{}`")),
  QUEUE(ClusterVariable.QUEUE.variable().withMeaning("batch queue of the script's job")),
  PROJECT(ClusterVariable.PROJECT.variable().withMeaning("accounting project of the script's job")),
  RESULT_FILES(
      input(
              "resultFiles",
              "Json",
              new Other(
                  "an object, from variable names to paths below the job's directory; no name that the cluster uses, or near to one",
                  "a JSON object, from variable names to paths of files below the job's directory"),
              "files to be read when the script has ended with exit code 0")
          .withDefaultText("`{}`"));

  private final Variable variable;

  ScriptVariable(Variable variable) {
    this.variable = variable;
  }

  /** What there is to know of it. */
  public Variable variable() {
    return variable;
  }

  /** The names of all, in order. */
  public static List<String> names() {
    return Arrays.stream(values()).map(one -> one.variable.name()).toList();
  }

  static boolean isOne(String name) {
    return names().contains(name);
  }
}
