package io.unicoredask.camunda;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table, and the statements that make it or what it lacks.
 *
 * @param name its name in the database
 * @param columns all its columns; one that is not in the first version may be null
 * @param key the columns of its primary key
 * @param indexes its indexes
 */
record TableDefinition(String name, List<Column> columns, String key, List<Index> indexes) {

  /**
   * An index.
   *
   * @param creation the statement that makes it
   * @param columns what it is made of
   */
  record Index(String creation, List<String> columns) {}

  /**
   * A column.
   *
   * @param definition its type, and whether it may be null
   */
  record Column(String name, String definition) {}

  /** Makes the table. */
  List<String> creation() {
    String all =
        columns.stream()
            .map(column -> column.name() + " " + column.definition() + ", ")
            .collect(Collectors.joining());
    return Stream.concat(
            Stream.of("CREATE TABLE %s (%sPRIMARY KEY (%s))".formatted(name, all, key)),
            indexes.stream().map(Index::creation))
        .toList();
  }

  /**
   * Adds the columns that the table lacks, as one of an earlier version does, and the indexes that
   * need them.
   *
   * @param present the columns that it has, in capitals
   */
  List<String> additions(Set<String> present) {
    List<Column> added =
        columns.stream()
            .filter(column -> !present.contains(column.name().toUpperCase(Locale.ROOT)))
            .toList();
    return Stream.concat(
            added.stream()
                .map(
                    column ->
                        "ALTER TABLE %s ADD %s %s"
                            .formatted(name, column.name(), column.definition())),
            indexes.stream()
                .filter(
                    index -> added.stream().anyMatch(one -> index.columns().contains(one.name())))
                .map(Index::creation))
        .toList();
  }
}
