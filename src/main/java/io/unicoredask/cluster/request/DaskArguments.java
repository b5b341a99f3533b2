package io.unicoredask.cluster.request;

import io.unicoredask.cluster.request.ShellWords.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words that Dask is given, read as it reads them itself.
 *
 * @param options the last value of each option by its name; empty for one without a value
 * @param others what is no option, such as the address of a scheduler
 * @param problem why it cannot be told what else Dask is given, or why it would not take more
 */
record DaskArguments(Map<String, String> options, List<String> others, Optional<String> problem) {

  static final DaskArguments NONE = new DaskArguments(Map.of(), List.of(), Optional.empty());

  private static final List<String> GIVEN_ON = List.of("$@", "$*", "${@}", "${*}");

  static DaskArguments of(List<Word> words) {
    Map<String, String> options = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    String problem = null;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      String text = word.text();
      if (text.equals("--")) {
        problem = "without the argument --, after which Dask would take no option that is added";
      } else if (text.startsWith("--")) {
        int equals = text.indexOf('=');
        boolean hasNext = equals < 0 && DaskOptions.takesValue(text) && i + 1 < words.size();
        String value = hasNext ? words.get(++i).text() : text.substring(equals + 1);
        options.put(
            equals < 0 ? text : text.substring(0, equals), hasNext || equals > 0 ? value : "");
      } else if (word.unknown()) {
        problem =
            "without %s where an option may stand, since it could be one: set it in Environment, or put it between double quotes if it is none"
                .formatted(text);
      } else if (!text.startsWith("-") && !GIVEN_ON.contains(text)) {
        others.add(text);
      }
    }
    return new DaskArguments(options, others, Optional.ofNullable(problem));
  }
}
