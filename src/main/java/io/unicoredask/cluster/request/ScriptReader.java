package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a {@link ScriptRequest} from loosely typed variables. */
class ScriptReader {

  private static final Pattern URL = Pattern.compile("https?://\\S+", Pattern.CASE_INSENSITIVE);

  private final Sites sites;
  private final Set<String> taken;
  private final GivenVariables given;

  ScriptReader(Map<String, ?> variables, Sites sites, Set<String> taken) {
    this.sites = sites;
    this.taken = taken;
    this.given = new GivenVariables(variables);
  }

  ScriptRequest read(String run, String site) {
    String script = script();
    boolean isUrl = script != null && URL.matcher(script.strip()).matches();
    ObjectNode job = new GivenJobs(given, sites.get(site).defaults()).job("scriptJob", null);
    ScriptRequest request =
        new ScriptRequest(
            run,
            isUrl ? null : script,
            isUrl ? url(script.strip()) : null,
            arguments(),
            job,
            given.text("queue"),
            given.text("project"),
            resultFiles());
    given.requireNoProblems();
    return request;
  }

  private String script() {
    if (given.value("script") instanceof String text && !text.isBlank()) {
      return text;
    }
    given.refuse("script", "a Python script, or the URL of one that the site can fetch");
    return null;
  }

  /** Whoever may read the variable, or the job at the site, would read a password in it. */
  private URI url(String text) {
    try {
      URI url = URI.create(text);
      if (url.getHost() != null && url.getRawUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // refused below
    }
    given.refuse("script", "a URL of the form https://host/path, without user and password");
    return null;
  }

  private List<String> arguments() {
    JsonNode listed = given.json("scriptArguments");
    List<String> arguments = new ArrayList<>();
    listed.forEach(argument -> arguments.add(argument.asText()));
    boolean texts = true;
    for (JsonNode argument : listed) {
      texts &= argument.isValueNode() && !argument.isNull();
    }
    if (!listed.isMissingNode() && !listed.isArray() || !texts) {
      given.refuse("scriptArguments", "a JSON list of texts");
    }
    return List.copyOf(arguments);
  }

  private Map<String, String> resultFiles() {
    JsonNode listed = given.json("resultFiles");
    Map<String, String> files = new LinkedHashMap<>();
    if (!listed.isMissingNode() && !listed.isObject()) {
      given.refuse(
          "resultFiles",
          "a JSON object, from variable names to paths of files below the job's directory");
      return files;
    }
    listed
        .fields()
        .forEachRemaining(
            file -> {
              String name = file.getKey();
              if (name.isBlank() || isTaken(name)) {
                given.refuse(
                    "resultFiles",
                    "a name other than '%s', which the cluster itself uses".formatted(name));
              }
              if (!isPlainPath(file.getValue())) {
                given.refuse(
                    "resultFiles",
                    "for %s the path of a file below the job's directory, such as out/result.json"
                        .formatted(name));
              }
              files.put(name, file.getValue().asText());
            });
    return files;
  }

  private boolean isTaken(String name) {
    return taken.contains(name)
        || ScriptRequest.VARIABLES.contains(name)
        || ClusterRequest.VARIABLES.contains(name);
  }

  private static boolean isPlainPath(JsonNode path) {
    return path.isTextual()
        && !path.asText().isBlank()
        && Arrays.stream(path.asText().split("/", -1))
            .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
  }
}
