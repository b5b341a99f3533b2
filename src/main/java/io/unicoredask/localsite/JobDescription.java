package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.localsite.Staging.Import;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a submitted JSON document comes to on this site, the application looked up.
 *
 * @param executable shell text, or {@code null} if there is nothing to run
 * @param preCommand shell text to run before the executable, or {@code null}; this site runs it in
 *     the job wherever it is asked for, having one machine only
 * @param imports what is to be in the directory, by file name
 * @param umask octal; for the directory and what the job writes
 */
record JobDescription(
    String name,
    JobType type,
    String executable,
    List<String> arguments,
    Map<String, String> environment,
    String preCommand,
    String postCommand,
    Resources resources,
    Map<String, Import> imports,
    String stdout,
    String stderr,
    String stdin,
    boolean anyExitCode,
    String umask) {

  static JobDescription parse(ObjectNode job, Map<String, Application> applications)
      throws JobRefusedException {
    Application application = application(job, applications);
    Map<String, String> environment = new LinkedHashMap<>(application.environment());
    for (String part : List.of("Parameters", "Environment", "Arguments")) {
      requireTexts(job.path(part));
    }
    environment.putAll(Json.map(job.get("Parameters")));
    environment.putAll(Json.map(job.get("Environment")));
    List<String> arguments = new ArrayList<>();
    for (String argument : application.arguments()) {
      if (!argument.endsWith("?")) {
        arguments.add(argument);
      } else if (environment.containsKey(argument.replaceAll("[^A-Za-z0-9_]", ""))) {
        arguments.add(argument.substring(0, argument.length() - 1));
      }
    }
    arguments.addAll(Json.texts(job.get("Arguments")));
    JobType type = JobType.of(Json.text(job, "Job type"));
    Map<String, String> resources = Json.map(job.get("Resources"));
    if (job.has("Project")) {
      resources.put("Project", Json.text(job, "Project"));
    }
    legal(resources.get("Queue"), "Queue");
    legal(resources.get("Project"), "Project");
    return new JobDescription(
        legal(name(job), "Job name"),
        type,
        executable(job, type, application),
        arguments,
        environment,
        Json.lines(job.get("User precommand")),
        Json.lines(job.get("User postcommand")),
        new Resources(resources),
        imports(job.get("Imports")),
        legal(or(Json.text(job, "Stdout"), "stdout"), "Stdout"),
        legal(or(Json.text(job, "Stderr"), "stderr"), "Stderr"),
        Json.text(job, "Stdin"),
        job.path("IgnoreNonZeroExitCode").asBoolean(),
        umask(or(Json.text(job, "Umask"), or(Json.text(job, "umask"), "0027"))));
  }

  private static String umask(String given) throws JobRefusedException {
    if (!given.matches("0?[0-7]{1,3}")) {
      throw new JobRefusedException("Umask must be an octal number: " + given);
    }
    return given;
  }

  private static void requireTexts(JsonNode all) throws JobRefusedException {
    for (JsonNode one : all) {
      if (!one.isTextual()) {
        throw new JobRefusedException("%s is not a string.".formatted(one));
      }
    }
  }

  /** What UNICORE would write into the first lines of its script. */
  private static String legal(String text, String what) throws JobRefusedException {
    for (String illegal : List.of("\n", "\r", "`", "$(")) {
      if (text != null && text.contains(illegal)) {
        throw new JobRefusedException(
            "%s contains illegal characters: '%s'".formatted(what, illegal));
      }
    }
    return text;
  }

  private static Application application(ObjectNode job, Map<String, Application> applications)
      throws JobRefusedException {
    String name = Json.text(job, "ApplicationName");
    if (name == null) {
      return new Application("", "");
    }
    String version = Json.text(job, "ApplicationVersion");
    Application application = applications.get(name);
    if (application == null || version != null && !version.equals(application.version())) {
      throw new JobRefusedException(
          "The requested Application '%s' is not available. (Requested application is not defined)"
              .formatted(version == null ? name : name + " v" + version));
    }
    return application;
  }

  private static String executable(ObjectNode job, JobType type, Application application)
      throws JobRefusedException {
    if (type == JobType.RAW) {
      String file = Json.text(job, "BSS file");
      if (file == null) {
        throw new JobRefusedException("Job type 'raw' requires 'BSS file'");
      }
      return "/bin/bash \"" + file + "\"";
    }
    String executable = or(Json.text(job, "Executable"), application.executable());
    return executable.isBlank() ? null : executable;
  }

  private static Map<String, Import> imports(JsonNode node) throws JobRefusedException {
    Map<String, Import> imports = new LinkedHashMap<>();
    if (node == null) {
      return imports;
    }
    if (!node.isContainerNode()) {
      throw new JobRefusedException("'Imports' must be an array or a map (Job description error)");
    }
    Map<String, JsonNode> byTarget = new LinkedHashMap<>();
    if (node.isArray()) {
      node.forEach(element -> byTarget.put(or(Json.text(element, "To"), "file"), element));
    } else {
      node.fields().forEachRemaining(field -> byTarget.put(field.getKey(), field.getValue()));
    }
    for (Map.Entry<String, JsonNode> entry : byTarget.entrySet()) {
      String from = or(Json.text(entry.getValue(), "From"), "inline://");
      String permissions = Json.text(entry.getValue(), "Permissions");
      imports.put(
          entry.getKey(),
          from.startsWith("inline:")
              ? new Import(null, or(Json.lines(entry.getValue().get("Data")), ""), permissions)
              : new Import(url(from), null, permissions));
    }
    return imports;
  }

  private static URI url(String from) throws JobRefusedException {
    try {
      if (from.matches("https?:.*")) {
        return URI.create(from);
      }
    } catch (IllegalArgumentException e) {
      // refused below
    }
    throw new JobRefusedException(
        "Local site: cannot import <%s>; only inline://, http:// and https:// are served here"
            .formatted(from));
  }

  private static String name(ObjectNode job) {
    return or(Json.text(job, "Name"), or(Json.text(job, "ApplicationName"), "UNICORE_Job"));
  }

  private static String or(String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}
