package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that an application with Operaton adds, as it was packed. */
class OperatonJarIT {

  private static final Path LIBRARIES = Path.of(System.getProperty("operaton.libraries"));

  @TempDir private Path directory;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private JarFile plugin;
  private URLClassLoader operaton;

  /** ArchUnit looks there for what the plugin names. */
  @BeforeEach
  void haveOperatonOnTheClassPath() throws IOException {
    plugin = new JarFile(System.getProperty("operaton.jar"));
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      operaton = new URLClassLoader(jars.map(OperatonJarIT::url).toArray(URL[]::new), before);
    }
    Thread.currentThread().setContextClassLoader(operaton);
  }

  @AfterEach
  void close() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    operaton.close();
    plugin.close();
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void allThatThePluginTakesOfTheEngineIsInOperaton() {
    JavaClasses classes = new ClassFileImporter().importJar(plugin);

    Set<String> types =
        classes.stream()
            .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
            .map(dependency -> dependency.getTargetClass().getBaseComponentType())
            .filter(OperatonJarIT::isOfAnEngine)
            .filter(type -> type.getSource().isEmpty())
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(types).as("types that are missing").isEmpty();

    Set<String> members =
        classes.stream()
            .flatMap(one -> one.getAccessesFromSelf().stream())
            .map(JavaAccess::getTarget)
            .filter(target -> isOfAnEngine(target.getOwner()))
            .filter(target -> target.resolveMember().filter(OperatonJarIT::isOpen).isEmpty())
            .map(AccessTarget::getFullName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(members).as("fields and methods that are missing, or private").isEmpty();
  }

  private static boolean isOpen(JavaMember member) {
    return !member.getModifiers().contains(JavaModifier.PRIVATE);
  }

  private static boolean isOfAnEngine(JavaClass type) {
    return type.getName().matches("(org\\.(camunda|operaton)|jakarta\\.el)\\..*");
  }

  @Test
  void theOneForCamundaIsRefusedWithASentenceThatNamesTheRightOne() throws Exception {
    assertThat(refused(Path.of(System.getProperty("plugin.jar"))))
        .contains("is for Camunda 7, and this application has Operaton")
        .contains("with the classifier operaton");
  }

  @Test
  void soAreTwoAtOnce() throws Exception {
    Path camundas = Path.of(System.getProperty("plugin.jar"));
    Path own = Path.of(plugin.getName());

    assertThat(refused(camundas, own))
        .contains("more than one jar")
        .contains(camundas.getFileName().toString(), own.getFileName().toString());
  }

  /** What an application with these jars of the plugin says when it does not start. */
  private String refused(Path... plugins) throws Exception {
    Process process =
        new ProcessBuilder(OperatonApplication.command(directory, plugins))
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(output).isNotZero();
      assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void itIsFoundByOperatonsWebApplications() {
    assertThat(plugin.stream().map(JarEntry::getName))
        .contains(
            "META-INF/services/org.operaton.bpm.cockpit.plugin.spi.CockpitPlugin",
            "META-INF/services/org.operaton.bpm.tasklist.plugin.spi.TasklistPlugin")
        .noneMatch(name -> name.contains("org.camunda") || name.contains("sbom"));
  }
}
