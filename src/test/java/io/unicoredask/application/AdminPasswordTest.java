package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminPasswordTest {

  @TempDir private Path directory;

  @Test
  void aNewPasswordIsLongAndReadByItsOwnerOnly() throws IOException {
    Path file = directory.resolve("new/admin-password");

    assertThat(AdminPassword.in(file)).hasSizeGreaterThanOrEqualTo(24);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void noTwoInstallationsShareAPassword() {
    assertThat(AdminPassword.in(directory.resolve("one")))
        .isNotEqualTo(AdminPassword.in(directory.resolve("other")));
  }

  @Test
  void thePasswordStaysWhatItWas() {
    Path file = directory.resolve("admin-password");

    assertThat(AdminPassword.in(file)).isEqualTo(AdminPassword.in(file));
  }

  @Test
  void nobodySeesTheFileWithoutThePassword() throws Exception {
    for (int time = 0; time < 200; time++) {
      Path file = directory.resolve("admin-password-" + time);
      CompletableFuture<String> made = CompletableFuture.supplyAsync(() -> AdminPassword.in(file));
      while (Files.notExists(file) && !made.isDone()) {
        Thread.onSpinWait();
      }

      assertThat(content(file)).isEqualTo(made.get() + "\n");
    }
  }

  @Test
  void aGivenPasswordIsTakenWithoutItsLineEnd() throws IOException {
    Path file = Files.writeString(directory.resolve("given"), "correct horse\n");

    assertThat(AdminPassword.in(file)).isEqualTo("correct horse");
  }

  @Test
  void aFileWithoutAPasswordIsNoPassword() throws IOException {
    Path file = Files.writeString(directory.resolve("blank"), " \n");

    assertThatThrownBy(() -> AdminPassword.in(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("application.admin-password-file");
  }

  @Test
  void aFileThatCannotBeReadIsNamedTogetherWithItsProperty() {
    assertThatThrownBy(() -> AdminPassword.in(directory))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("application.admin-password-file");
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
