package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Says what is wrong with a job description: what UNICORE would fail, drop or not understand, and
 * what the cluster sets itself. Each problem is the description that would be allowed.
 */
class JobCheck {

  private static final List<String> TEXTS = List.of("Executable", "ApplicationName");
  private static final List<String> NAMES = List.of("Name", "Stdout", "Stderr");
  private static final Pattern HERE = Pattern.compile("^(\\.?/+)+");

  private final JsonNode job;
  private final List<String> problems = new ArrayList<>();

  private JobCheck(JsonNode job) {
    this.job = job;
  }

  static List<String> problems(JsonNode job, JobUse use) {
    JobCheck check = new JobCheck(job);
    check.shapes();
    boolean shaped = check.problems.isEmpty();
    check.keys();
    if (shaped) {
      check.names();
      check.files(use);
      if (use != JobUse.ALLOCATION) {
        check.command(use);
      }
    }
    return check.problems;
  }

  private void keys() {
    JobKeys.misspelt(job)
        .forEach((key, right) -> problems.add("with %s in place of %s".formatted(right, key)));
    if (hasNul(job)) {
      problems.add("without the character NUL");
    }
  }

  private static boolean hasNul(JsonNode part) {
    boolean has = part.isTextual() && part.asText().indexOf('\0') >= 0;
    for (JsonNode inner : part) {
      has |= hasNul(inner);
    }
    return has;
  }

  private void shapes() {
    TEXTS.forEach(part -> require(part, node -> node.isTextual() || node.isNull(), "is a text"));
    require("Arguments", node -> node.isArray() && areTexts(node), "are a list of texts");
    require("Imports", JsonNode::isContainerNode, "are a list, or an object");
    require("Resources", JsonNode::isObject, "are an object");
    require("Parameters", node -> node.isObject() && areTexts(node), "are an object of texts");
    require(
        "Environment",
        node -> node.isContainerNode() && areTexts(node),
        "is a list of texts NAME=value, or an object of texts");
    require("Tags", node -> node.isArray() && areTexts(node), "are a list of texts");
  }

  private void require(String part, Predicate<JsonNode> shape, String allowed) {
    JsonNode there = job.path(part);
    if (!there.isMissingNode() && !shape.test(there)) {
      problems.add("whose %s %s".formatted(part, allowed));
    }
  }

  private static boolean areTexts(JsonNode all) {
    boolean texts = true;
    for (JsonNode one : all) {
      texts &= one.isTextual();
    }
    return texts;
  }

  private void names() {
    NAMES.forEach(name -> legal(name, job.path(name)));
    job.path("Resources")
        .fields()
        .forEachRemaining(one -> legal("Resources." + one.getKey(), one.getValue()));
  }

  private void legal(String part, JsonNode value) {
    if (!LegalText.isLegal(value.asText())) {
      problems.add("whose %s is %s".formatted(part, LegalText.ALLOWED));
    }
  }

  private void files(JobUse use) {
    JsonNode imports = job.path("Imports");
    List<String> names = new ArrayList<>();
    if (imports.isArray()) {
      imports.forEach(one -> names.add(one.path("To").asText()));
    } else {
      imports.fieldNames().forEachRemaining(names::add);
    }
    for (String name : names) {
      String file = HERE.matcher(name).replaceFirst("");
      if (use.ownFiles().contains(file)) {
        problems.add(
            "without the import %s, a file that the cluster puts there itself".formatted(file));
      }
    }
  }

  private void command(JobUse use) {
    Command command = Command.of(job);
    for (String own : use.ownOptions()) {
      if (command.sets(own)) {
        problems.add("without the argument %s, which the cluster sets itself".formatted(own));
      }
    }
    command.problem().ifPresent(problems::add);
    if (use != JobUse.SCRIPT) {
      command.problemForDask().ifPresent(problems::add);
    }
  }
}
