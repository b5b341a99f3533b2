package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The tags by which clusters know their jobs. A job that somebody else tagged so would be taken for
 * another cluster's.
 */
class OwnTags {

  private static final List<String> PREFIXES =
      List.of("camunda-unicore-dask", "dask-cluster-", "dask-user-");

  /** A site may take several tags in one text. */
  private static final Pattern SEPARATORS = Pattern.compile("[,;\\s]+");

  private OwnTags() {}

  /** What is wrong with a job description's tags, a sentence for each. */
  static List<String> problems(String variable, JsonNode tags) {
    List<String> problems = new ArrayList<>();
    for (JsonNode tag : tags) {
      if (tag.isTextual() && isOwn(tag.asText())) {
        problems.add(
            "%s has the tag '%s', which is not allowed; allowed are tags that do not begin with %s, by which clusters know their jobs"
                .formatted(variable, tag.asText(), String.join(" or ", PREFIXES)));
      }
    }
    return problems;
  }

  private static boolean isOwn(String tag) {
    return Arrays.stream(SEPARATORS.split(tag.toLowerCase(Locale.ROOT)))
        .anyMatch(part -> PREFIXES.stream().anyMatch(part::startsWith));
  }
}
