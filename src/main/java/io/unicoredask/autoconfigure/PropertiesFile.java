package io.unicoredask.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.ResourceLoader;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A file with the plugin's properties. They are read as a Spring Boot application reads its own:
 * system properties and environment variables come first, and values may refer to them.
 */
class PropertiesFile {

  private static final String PREFIX = "unicore-dask";

  private final Path file;
  private final Binder binder;

  /**
   * Reads it.
   *
   * @throws IllegalStateException if it cannot be read, or has nothing in it for the plugin
   */
  PropertiesFile(Path file) {
    this.file = file;
    StandardEnvironment environment = new StandardEnvironment();
    for (PropertySource<?> source : read()) {
      environment.getPropertySources().addLast(source);
    }
    ConfigurationPropertySources.attach(environment);
    this.binder = Binder.get(environment);
    if (!binder.bind(PREFIX, Bindable.mapOf(String.class, Object.class)).isBound()) {
      throw refused("it has no property whose name begins with unicore-dask");
    }
  }

  private List<PropertySource<?>> read() {
    if (!Files.isReadable(file)) {
      throw refused("there is no such file, or it cannot be read");
    }
    PropertySourceLoader loader = loader();
    try {
      return loader.load(file.toString(), new FileSystemResource(file));
    } catch (MarkedYAMLException e) {
      // Its message shows what stands in the file.
      throw refused(
          "line %d is no YAML: %s".formatted(e.getProblemMark().getLine() + 1, e.getProblem()));
    } catch (IOException | RuntimeException e) {
      throw refused("it cannot be read (%s)".formatted(e.getClass().getSimpleName()));
    }
  }

  private PropertySourceLoader loader() {
    String name = file.getFileName().toString();
    if (name.matches(".*\\.ya?ml")) {
      return new YamlPropertySourceLoader();
    }
    if (name.endsWith(".properties")) {
      return new PropertiesPropertySourceLoader();
    }
    throw refused("its name has to end with .yaml, .yml or .properties");
  }

  /**
   * The plugin's properties.
   *
   * @throws IllegalStateException if there are others, or a value makes no sense
   */
  UnicoreDaskProperties properties() {
    return bind(
        PREFIX,
        UnicoreDaskProperties.class,
        new UnknownProperties()
            .apply(
                new NoUnboundElementsBindHandler(
                    BindHandler.DEFAULT, new UnboundElementsSourceFilter())));
  }

  /**
   * The SSL bundles that the sites name ({@code spring.ssl.bundle.*}).
   *
   * @throws IllegalStateException if one makes no sense
   */
  SslBundles sslBundles() {
    SslProperties.Bundles given =
        bind("spring.ssl", SslProperties.class, BindHandler.DEFAULT).getBundle();
    ResourceLoader files = ApplicationResourceLoader.get();
    DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    given
        .getPem()
        .forEach((name, pem) -> bundles.registerBundle(name, PropertiesSslBundle.get(pem, files)));
    given
        .getJks()
        .forEach((name, jks) -> bundles.registerBundle(name, PropertiesSslBundle.get(jks, files)));
    return bundles;
  }

  private <T> T bind(String prefix, Class<T> type, BindHandler handler) {
    try {
      return binder.bindOrCreate(prefix, Bindable.of(type), handler);
    } catch (BindException e) {
      throw refused(words(e));
    }
  }

  /** What the plugin itself refuses it also names. */
  private static String words(BindException e) {
    String reason = NestedExceptionUtils.getMostSpecificCause(e).getMessage();
    if (e.getProperty() == null || reason.startsWith(PREFIX) || reason.startsWith("no such")) {
      return reason;
    }
    return "%s = %s is not allowed: %s".formatted(e.getName(), e.getProperty().getValue(), reason);
  }

  private IllegalStateException refused(String why) {
    return new IllegalStateException(file + ": " + why);
  }
}
