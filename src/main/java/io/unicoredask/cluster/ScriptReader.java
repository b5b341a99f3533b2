package io.unicoredask.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern URL = Pattern.compile("https?://\\S+", Pattern.CASE_INSENSITIVE);

  private final Map<String, ?> variables;
  private final Sites sites;
  private final Set<String> taken;
  private final RequestReader reader;

  ScriptReader(Map<String, ?> variables, Sites sites, Set<String> taken) {
    this.variables = variables;
    this.sites = sites;
    this.taken = taken;
    this.reader = new RequestReader(variables, sites);
  }

  ScriptRequest read(String run, String site) {
    String script = script();
    boolean isUrl = script != null && URL.matcher(script.strip()).matches();
    ObjectNode job = reader.job("scriptJob", null, sites.get(site).defaults());
    JsonNode imports = job.path("Imports");
    if (!imports.isMissingNode() && !imports.isContainerNode()) {
      reader.refuse("scriptJob", "a job description whose Imports are a list, or an object");
    }
    ScriptRequest request =
        new ScriptRequest(
            run,
            isUrl ? null : script,
            isUrl ? url(script.strip()) : null,
            arguments(),
            job,
            reader.text("queue"),
            reader.text("project"),
            resultFiles());
    reader.requireNoProblems();
    return request;
  }

  private String script() {
    if (variables.get("script") instanceof String text && !text.isBlank()) {
      return text;
    }
    reader.refuse("script", "a Python script, or the URL of one that the site can fetch");
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
    reader.refuse("script", "a URL of the form https://host/path, without user and password");
    return null;
  }

  private List<String> arguments() {
    JsonNode given = json("scriptArguments");
    List<String> arguments = new ArrayList<>();
    given.forEach(argument -> arguments.add(argument.asText()));
    boolean texts = true;
    for (JsonNode argument : given) {
      texts &= argument.isValueNode() && !argument.isNull();
    }
    if (!given.isMissingNode() && !given.isArray() || !texts) {
      reader.refuse("scriptArguments", "a JSON list of texts");
    }
    return List.copyOf(arguments);
  }

  private Map<String, String> resultFiles() {
    JsonNode given = json("resultFiles");
    Map<String, String> files = new LinkedHashMap<>();
    if (!given.isMissingNode() && !given.isObject()) {
      reader.refuse(
          "resultFiles",
          "a JSON object, from variable names to paths of files below the job's directory");
      return files;
    }
    given
        .fields()
        .forEachRemaining(
            file -> {
              String name = file.getKey();
              if (name.isBlank() || isTaken(name)) {
                reader.refuse(
                    "resultFiles",
                    "a name other than '%s', which the cluster itself uses".formatted(name));
              }
              if (!isPlainPath(file.getValue())) {
                reader.refuse(
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

  private JsonNode json(String name) {
    Object value = variables.get(name);
    if (value == null || value instanceof String text && text.isBlank()) {
      return JSON.missingNode();
    }
    try {
      return value instanceof String text ? JSON.readTree(text) : JSON.valueToTree(value);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      reader.refuse(name, "JSON");
      return JSON.missingNode();
    }
  }
}
