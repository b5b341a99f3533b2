package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The jar that a Camunda application adds, as it was packed, and its pom. */
class PluginJarIT {

  private static final String POM = "META-INF/maven/io.unicoredask/camunda-unicore-dask/pom.xml";

  /** What the pom hands on to the application. */
  private static final Set<String> HANDED_ON =
      Set.of(
          "feign-core",
          "feign-jackson",
          "feign-java11",
          "feign-slf4j",
          "netty-handler",
          "netty-codec-http",
          "msgpack-core",
          "nimbus-jose-jwt",
          "shedlock-provider-jdbc-template",
          "camunda-engine-plugin-spin",
          "camunda-spin-dataformat-json-jackson");

  /** What comes with those. */
  private static final Set<String> COMES_WITH_THEM =
      Set.of(
          "jackson-annotations",
          "jackson-core",
          "jackson-databind",
          "slf4j-api",
          "netty-buffer",
          "netty-codec",
          "netty-common",
          "netty-resolver",
          "netty-transport",
          "shedlock-core",
          "spring-jdbc",
          "spring-tx",
          "camunda-spin-core");

  /**
   * Wired only in applications that have Actuator (health), Micrometer (metrics), servlets
   * (notifications, pages), or the engine's REST API (refusals, certificates, clusters, forms), or
   * its web applications, or credentials of these kinds (a key, an OIDC provider), or clusters with
   * TLS.
   */
  private static final Set<String> ONLY_IF_THERE =
      Set.of(
          "bcpkix-jdk18on",
          "bcprov-jdk18on",
          "bcutil-jdk18on",
          "spring-boot-actuator",
          "spring-boot-actuator-autoconfigure",
          "tomcat-embed-core",
          "camunda-engine-rest-core-jakarta",
          "camunda-webapp-jakarta",
          "jakarta.annotation-api",
          "jakarta.ws.rs-api",
          "jersey-common",
          "jersey-server",
          "jsch",
          "micrometer-core",
          "spring-security-oauth2-client",
          "spring-security-oauth2-core",
          "spring-web");

  /** What an application with camunda-bpm-spring-boot-starter has anyway. */
  private static final Set<String> CAMUNDA =
      Set.of(
          "camunda-bpm-spring-boot-starter",
          "camunda-engine",
          "camunda-bpmn-model",
          "camunda-xml-model",
          "camunda-commons-typed-values",
          "camunda-juel",
          "mybatis",
          "snakeyaml",
          "spring-beans",
          "spring-context",
          "spring-core",
          "spring-boot",
          "spring-boot-autoconfigure");

  private final Path plugin = Path.of(System.getProperty("plugin.jar"));

  @Test
  void thePluginHoldsItsRoomsAndWhatSpringBootLooksFor() throws IOException {
    Set<String> files = files(plugin);

    assertThat(files.stream().filter(file -> file.endsWith(".class")).map(PluginJarIT::room))
        .containsOnly("autoconfigure", "camunda", "cluster", "dask", "relay", "tunnel", "unicore");
    assertThat(
            files.stream()
                .filter(file -> !file.endsWith(".class") && !file.startsWith("META-INF/sbom/")))
        .containsExactlyInAnyOrder(
            "META-INF/LICENSE",
            "META-INF/NOTICE",
            "META-INF/THIRD-PARTY.txt",
            "META-INF/MANIFEST.MF",
            "META-INF/maven/io.unicoredask/camunda-unicore-dask/pom.properties",
            POM,
            "META-INF/services/org.camunda.bpm.cockpit.plugin.spi.CockpitPlugin",
            "META-INF/services/org.camunda.bpm.tasklist.plugin.spi.TasklistPlugin",
            "META-INF/services/org.glassfish.jersey.internal.spi.AutoDiscoverable",
            "META-INF/spring-configuration-metadata.json",
            "META-INF/spring.factories",
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports",
            "io/unicoredask/relay/relay.py",
            "io/unicoredask/relay/scheduler_agent.py",
            "plugin-webapp/unicore-dask/app/plugin.css",
            "plugin-webapp/unicore-dask/app/plugin.js",
            "plugin-webapp/unicore-dask-tasklist/app/plugin.css",
            "plugin-webapp/unicore-dask-tasklist/app/plugin.js",
            "unicore-dask/index.html",
            "unicore-dask/page.css",
            "unicore-dask/page.js",
            "unicore-dask/start-form.css",
            "unicore-dask/start-form.html",
            "unicore-dask/start-form.js");
    assertThat(plugin.toFile().length()).isLessThan(1_500_000);
  }

  @Test
  void thePomHandsOnWhatCamundaDoesNotBring() throws Exception {
    assertThat(handedOn()).isEqualTo(HANDED_ON);
  }

  @Test
  void thePluginNeedsNothingButWhatItHandsOnAndCamunda() {
    Set<String> needed = artifactsNeeded();

    assertThat(needed).contains("feign-core", "netty-handler", "camunda-engine", "spring-boot");
    Set<String> missing = new TreeSet<>(needed);
    missing.removeAll(HANDED_ON);
    missing.removeAll(COMES_WITH_THEM);
    missing.removeAll(CAMUNDA);
    missing.removeAll(ONLY_IF_THERE);
    assertThat(missing).isEmpty();
  }

  private static String room(String file) {
    assertThat(file).startsWith("io/unicoredask/");
    return file.split("/")[2];
  }

  private static Set<String> files(Path jar) throws IOException {
    try (JarFile open = new JarFile(jar.toFile())) {
      return open.stream()
          .filter(entry -> !entry.isDirectory())
          .map(JarEntry::getName)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private Set<String> handedOn() throws Exception {
    try (JarFile jar = new JarFile(plugin.toFile());
        InputStream in = jar.getInputStream(jar.getEntry(POM))) {
      NodeList all =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(in)
              .getElementsByTagName("dependency");
      return IntStream.range(0, all.getLength())
          .mapToObj(i -> (Element) all.item(i))
          .filter(one -> one.getParentNode().getParentNode().getNodeName().equals("project"))
          .filter(one -> !"true".equals(child(one, "optional")))
          .filter(one -> !Set.of("test", "provided").contains(String.valueOf(child(one, "scope"))))
          .map(one -> child(one, "artifactId"))
          .collect(Collectors.toSet());
    }
  }

  private static String child(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }

  /** The artifacts that hold the classes that the plugin's classes name. */
  private Set<String> artifactsNeeded() {
    return new ClassFileImporter()
        .importJar(jar(plugin)).stream()
            .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
            .map(Dependency::getTargetClass)
            .map(JavaClass::getBaseComponentType)
            .map(JavaClass::getSource)
            .flatMap(Optional::stream)
            .map(source -> source.getUri())
            .filter(uri -> uri.getScheme().equals("jar"))
            .map(PluginJarIT::artifact)
            .filter(artifact -> !artifact.startsWith("camunda-unicore-dask"))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JarFile jar(Path file) {
    try {
      return new JarFile(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code netty-handler} of {@code jar:file:/…/netty-handler-4.1.jar!/io/netty/….class}. */
  private static String artifact(URI classFile) {
    String jar = classFile.toString().replaceFirst("!/.*", "");
    return jar.substring(jar.lastIndexOf('/') + 1).replaceFirst("-\\d.*", "");
  }
}
