package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.unicoredask.cluster.site.SiteDefaults;
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

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** What the engine's column takes. */
  private static final int LONGEST_NAME = 255;

  private final Sites sites;
  private final VariableReader given;
  private final Variable script = ScriptVariable.SCRIPT.variable();
  private final Variable scriptArguments = ScriptVariable.SCRIPT_ARGUMENTS.variable();
  private final Variable resultFiles = ScriptVariable.RESULT_FILES.variable();

  private final Set<String> names;

  ScriptReader(Map<String, ?> variables, Sites sites) {
    this.names = variables.keySet();
    this.sites = sites;
    this.given = new VariableReader(variables);
  }

  Reading<ScriptRequest> read(String run, String site) {
    given.problems(NearMisses.problemsOfScript(names));
    String text = script();
    boolean isUrl = text != null && URL.matcher(text.strip()).matches();
    SiteDefaults defaults = sites.get(site).defaults();
    Variable job = ScriptVariable.SCRIPT_JOB.variable();
    JobDescriptionReader descriptions =
        new JobDescriptionReader(given, defaults::templates, site, sites.get(site)::limits);
    String queue = given.name(ScriptVariable.QUEUE.variable(), null);
    String project = given.name(ScriptVariable.PROJECT.variable(), null);
    descriptions.queue("queue", TextNode.valueOf(queue));
    descriptions.project("project", TextNode.valueOf(project));
    ScriptRequest request =
        new ScriptRequest(
            run,
            isUrl ? null : text,
            isUrl ? url(text.strip()) : null,
            arguments(),
            given.has(job)
                ? descriptions.given(job, JobUse.SCRIPT)
                : descriptions.template(job, null, JobUse.SCRIPT),
            queue,
            project,
            resultFiles(),
            JobDefaults.of(defaults));
    sites
        .get(site)
        .limits()
        .countingNodes()
        .map(limit -> SizeCheck.limitProperty(site, limit))
        .map(property -> Footprint.problems(job.name(), request.scriptJob(), property))
        .ifPresent(given::problems);
    return given.reading(request);
  }

  private String script() {
    if (given.value(script) instanceof String text) {
      return text;
    }
    given.refuse(script);
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
    given.refuse(script, "a URL of the form https://host/path, without user and password");
    return null;
  }

  private List<String> arguments() {
    JsonNode listed = given.json(scriptArguments);
    List<String> arguments = new ArrayList<>();
    listed.forEach(argument -> arguments.add(argument.asText()));
    boolean texts = true;
    for (JsonNode argument : listed) {
      texts &= argument.isValueNode() && !argument.isNull();
    }
    if (!listed.isMissingNode() && !listed.isArray() || !texts) {
      given.refuse(scriptArguments);
    }
    return List.copyOf(arguments);
  }

  private Map<String, String> resultFiles() {
    JsonNode listed = given.json(resultFiles);
    Map<String, String> files = new LinkedHashMap<>();
    if (!listed.isMissingNode() && !listed.isObject()) {
      given.refuse(resultFiles);
      return files;
    }
    listed
        .fields()
        .forEachRemaining(
            file -> {
              String name = file.getKey();
              refuseName(name);
              if (!isPlainPath(file.getValue())) {
                given.refuse(
                    resultFiles,
                    "for %s the path of a file below the job's directory, such as out/result.json"
                        .formatted(name));
              }
              files.put(name, file.getValue().asText());
            });
    return files;
  }

  private void refuseName(String name) {
    if (name.length() > LONGEST_NAME || CONTROL.matcher(name).find()) {
      given.refuse(
          resultFiles,
          "names of variables of up to %d characters, without control characters"
              .formatted(LONGEST_NAME));
    } else if (name.isBlank() || isTaken(name)) {
      given.refuse(
          resultFiles, "a name other than '%s', which the cluster itself uses".formatted(name));
    }
  }

  private static boolean isTaken(String name) {
    return ReservedNames.contains(name)
        || NearMisses.contains(name)
        || ScriptVariable.isOne(name)
        || ClusterVariable.isOne(name);
  }

  private static boolean isPlainPath(JsonNode path) {
    return path.isTextual()
        && !path.asText().isBlank()
        && !CONTROL.matcher(path.asText()).find()
        && Arrays.stream(path.asText().split("/", -1))
            .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
  }
}
