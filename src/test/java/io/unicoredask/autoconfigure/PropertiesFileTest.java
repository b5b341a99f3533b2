package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is read as Spring Boot reads an application's properties, without any application. */
class PropertiesFileTest {

  private static final String SITE = "unicore-dask.sites.jewels.";

  @TempDir private Path directory;

  @Test
  void yamlAndPropertiesSayTheSame() throws IOException {
    UnicoreDaskProperties yaml =
        read(
            "a.yaml",
            """
            unicore-dask:
              sites:
                jewels:
                  url: https://unicore.example.org/JEWELS/rest/core
                  username: ada
                  limits: {queues: [batch, devel], lifetime: PT12H}
              watch.longest: 3s
            """);
    UnicoreDaskProperties properties =
        read(
            "a.properties",
            SITE
                + "url=https://unicore.example.org/JEWELS/rest/core\n"
                + SITE
                + "username=ada\n"
                + SITE
                + "limits.queues=batch,devel\n"
                + SITE
                + "limits.lifetime=12h\n"
                + "unicore-dask.watch.longest=PT3S\n");

    assertThat(yaml).isEqualTo(properties);
    assertThat(yaml.sites().get("jewels").limits().queues()).containsExactly("batch", "devel");
  }

  @Test
  void valuesReferToTheEnvironmentAndToSystemPropertiesWhichComeFirst() throws IOException {
    System.setProperty("PropertiesFileTest.user", "ada");
    System.setProperty(SITE + "queue", "devel");
    try {
      UnicoreDaskProperties.Site site =
          read(
                  "a.yml",
                  """
                  unicore-dask.sites.jewels:
                    username: ${PropertiesFileTest.user}
                    project: ${PATH}
                    launcher: ${PropertiesFileTest.launcher:srun}
                    queue: batch
                  """)
              .sites()
              .get("jewels");

      assertThat(site.username()).isEqualTo("ada");
      assertThat(site.project()).isEqualTo(System.getenv("PATH"));
      assertThat(site.launcher()).isEqualTo("srun");
      assertThat(site.queue()).isEqualTo("devel");
    } finally {
      System.clearProperty("PropertiesFileTest.user");
      System.clearProperty(SITE + "queue");
    }
  }

  @Test
  void theHomeDirectoryIsThatOfTheUser() throws IOException {
    assertThat(
            read("a.properties", "unicore-dask.credentials.all.password-file=~/secret")
                .credentials()
                .get("all")
                .passwordFile())
        .isEqualTo(Path.of(System.getProperty("user.home"), "secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unicore-dask.tunnel.max-connections: many   | unicore-dask.tunnel.max-connections = many is not allowed
          unicore-dask.watch.lease: soon              | unicore-dask.watch.lease = soon is not allowed: 'soon' is not a valid duration
          unicore-dask.sites.jewels.identity: me      | unicore-dask.sites.jewels.identity = me is not allowed
          unicore-dask.tunnel.ports: 0-5              | unicore-dask.tunnel.ports = 0-5
          unicore-dask.sites.jewels.passwordfile2: x  | no such property: unicore-dask.sites.jewels.passwordfile2
          sites: {}                                   | it has no property whose name begins with unicore-dask
          """)
  void whatMakesNoSenseIsRefusedWithItsNameAndValue(String line, String words) {
    assertThatIllegalStateException()
        .isThrownBy(() -> read("bad.yaml", line))
        .withMessageStartingWith(directory.resolve("bad.yaml") + ": " + words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unicore-dask.sites.jewels.password: hush",
        "unicore-dask.sites.jewels: {password: 'hush",
        "unicore-dask.sites.jewels:\n  password: hush: hush"
      })
  void aSecretThatSomebodyHasPutIntoItIsNotShown(String text) {
    assertThatIllegalStateException()
        .isThrownBy(() -> read("bad.yaml", text))
        .satisfies(refusal -> assertThat(refusal).hasMessageContaining("bad.yaml").hasNoCause())
        .withMessageNotContaining("hush");
  }

  @Test
  void aFileThatIsNotThereOrOfAnotherKindIsRefused() throws IOException {
    assertThatIllegalStateException()
        .isThrownBy(() -> new PropertiesFile(directory.resolve("none.yaml")))
        .withMessage(
            directory.resolve("none.yaml") + ": there is no such file, or it cannot be read");
    assertThatIllegalStateException()
        .isThrownBy(() -> read("a.json", "{}"))
        .withMessageEndingWith("its name has to end with .yaml, .yml or .properties");
  }

  @Test
  void sslBundlesAreReadFromIt() throws IOException {
    PropertiesFile file =
        file(
            "a.yaml",
            "unicore-dask.watch.lease: 9s\nspring.ssl.bundle.pem.mine.options.ciphers: a");

    assertThat(file.sslBundles().getBundleNames()).containsExactly("mine");
  }

  private UnicoreDaskProperties read(String name, String text) throws IOException {
    return file(name, text).properties();
  }

  private PropertiesFile file(String name, String text) throws IOException {
    return new PropertiesFile(Files.writeString(directory.resolve(name), text));
  }
}
