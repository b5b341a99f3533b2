package io.unicoredask.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeDirectoryTest {

  private static final Path HOME = Path.of(System.getProperty("user.home"));

  @Test
  void aLeadingTildeIsTheHomeOfTheUser() {
    assertThat(HomeDirectory.resolve(Path.of("~/dask/engine")))
        .isEqualTo(HOME.resolve("dask/engine"));
    assertThat(HomeDirectory.resolve(Path.of("~"))).isEqualTo(HOME);
  }

  @Test
  void anythingElseStays() {
    assertThat(HomeDirectory.resolve(Path.of("a/~/b"))).isEqualTo(Path.of("a/~/b"));
    assertThat(HomeDirectory.resolve(Path.of("~alice/b"))).isEqualTo(Path.of("~alice/b"));
    assertThat(HomeDirectory.resolve(Path.of("/a"))).isEqualTo(Path.of("/a"));
    assertThat(HomeDirectory.resolve(null)).isNull();
  }
}
