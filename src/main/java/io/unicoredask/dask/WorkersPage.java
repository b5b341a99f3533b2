package io.unicoredask.dask;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of workers on the scheduler's page {@code info/main/workers.html}. */
class WorkersPage {

  private static final Pattern HEADER = Pattern.compile("(?s)<th>\\s*([^<]*?)\\s*</th>");
  private static final Pattern ROW = Pattern.compile("(?s)<tr\\b[^>]*>(.*?)</tr>");
  private static final Pattern CELL = Pattern.compile("(?s)<td\\b[^>]*>\\s*(.*?)\\s*</td>");

  private WorkersPage() {}

  /** The workers; nothing if this is not the table that we know. */
  static Optional<List<WorkerLoad>> parse(String html) {
    List<String> columns = all(HEADER, html);
    int name = columns.indexOf("Name");
    int processing = columns.indexOf("Processing");
    int inMemory = columns.indexOf("In-memory");
    if (name < 0 || processing < 0 || inMemory < 0) {
      return Optional.empty();
    }
    List<WorkerLoad> workers = new ArrayList<>();
    for (String row : all(ROW, html)) {
      List<String> cells = all(CELL, row);
      if (cells.isEmpty()) {
        continue;
      }
      try {
        workers.add(
            new WorkerLoad(
                cells.get(name),
                Integer.parseInt(cells.get(processing)),
                Integer.parseInt(cells.get(inMemory))));
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }
    return Optional.of(workers);
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
