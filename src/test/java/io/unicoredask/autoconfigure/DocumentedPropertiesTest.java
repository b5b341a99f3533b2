package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.Document;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation has the properties that there are, and no others. */
class DocumentedPropertiesTest {

  /** What stands for a name that users choose. */
  private static final Map<String, String> CHOSEN =
      Map.of("sites", "NAME", "credentials", "ALIAS", "templates", "TEMPLATE");

  private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`unicore-dask[^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("`([^`]*)`");

  @Test
  void itsTableHasThePropertiesThatThereAre() {
    Document page = Document.read(Path.of("src/docs/reference/properties.md"));
    List<String> documented =
        page.matches(FIRST_CELL).stream().flatMap(row -> names(row.group(1))).toList();

    assertThat(documented)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            properties("unicore-dask", UnicoreDaskProperties.class).toList());
  }

  /** The first in full, and others that differ from it in their last part. */
  private static Stream<String> names(String cell) {
    List<String> names =
        NAME.matcher(cell).results().map((MatchResult name) -> name.group(1)).toList();
    String first = names.get(0);
    String stem = first.substring(0, first.lastIndexOf('.'));
    return names.stream().map(name -> name.startsWith(".") ? stem + name : name);
  }

  private static Stream<String> properties(String name, Type type) {
    if (type instanceof Class<?> properties
        && properties.isRecord()
        && properties.getPackage().equals(UnicoreDaskProperties.class.getPackage())) {
      return Stream.of(properties.getRecordComponents())
          .flatMap(one -> properties(name + "." + hyphened(one), one.getGenericType()));
    }
    if (type instanceof ParameterizedType map && map.getRawType().equals(Map.class)) {
      String last = name.substring(name.lastIndexOf('.') + 1);
      return properties(name + "." + CHOSEN.get(last), map.getActualTypeArguments()[1]);
    }
    return Stream.of(name);
  }

  private static String hyphened(RecordComponent component) {
    return component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase();
  }
}
