package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.unicoredask.CodeBlock;
import io.unicoredask.Document;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** The configurations of the documentation have properties that there are. */
class DocumentedConfigurationTest {

  static List<CodeBlock> blocks() {
    return Document.all().stream()
        .flatMap(document -> document.blocks().stream())
        .filter(block -> block.isRunBy(DocumentedConfigurationTest.class))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void itsPropertiesAreThereAndTakeTheirValues(CodeBlock block) throws Exception {
    List<PropertySource<?>> sources =
        new YamlPropertySourceLoader()
            .load("block", new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)));
    assertThat(sources).isNotEmpty();
    Binder binder = new Binder(ConfigurationPropertySources.from(sources));
    assertThatCode(
            () ->
                binder.bind(
                    "unicore-dask",
                    Bindable.of(UnicoreDaskProperties.class),
                    new NoUnboundElementsBindHandler(BindHandler.DEFAULT)))
        .doesNotThrowAnyException();
  }

  @Test
  void thereAreSome() {
    assertThat(blocks()).hasSizeGreaterThan(5);
  }
}
