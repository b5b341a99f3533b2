package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernamePasswordTest {

  private Path file;
  private Credential credential;

  @BeforeEach
  void aFileInADirectory(@TempDir Path directory) {
    file = directory.resolve("password");
    credential = UsernamePassword.fromFile("demouser", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "s3cret\n", "s3cret\r\n"})
  void thePasswordIsWhatIsInTheFileWithoutItsLastNewline(String content) throws IOException {
    Files.writeString(file, content);
    assertThat(decoded(credential)).isEqualTo("demouser:s3cret");
  }

  @Test
  void spacesColonsAndUmlautsBelongToThePassword() throws IOException {
    Files.writeString(file, " pä:ß 1 \n");
    assertThat(decoded(credential)).isEqualTo("demouser: pä:ß 1 ");
  }

  @Test
  void aChangedFileIsUsedFromTheNextCallOn() throws IOException {
    Files.writeString(file, "old");
    assertThat(decoded(credential)).isEqualTo("demouser:old");
    Files.writeString(file, "new");
    assertThat(decoded(credential)).isEqualTo("demouser:new");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(credential::authorization)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("NoSuchFileException");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    Files.writeString(file, "\n");
    assertThatThrownBy(credential::authorization)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aFileInAnotherEncodingIsNamedAndNotShown() throws IOException {
    Files.write(file, "gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(credential::authorization)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("gr");
  }

  @Test
  void aGivenPasswordIsSentAsItIs() {
    assertThat(decoded(UsernamePassword.of("demouser", "test123"))).isEqualTo("demouser:test123");
  }

  @Test
  void onlyTheUserIsShown() {
    assertThat(UsernamePassword.of("demouser", "test123"))
        .hasToString("UsernamePassword[user=demouser]");
  }

  @Test
  void aUserThatBasicCannotCarryIsRefused() {
    assertThatThrownBy(() -> UsernamePassword.of("demo:user", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> UsernamePassword.fromFile("", file))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String decoded(Credential credential) {
    String value = credential.authorization();
    assertThat(value).startsWith("Basic ");
    return new String(
        Base64.getDecoder().decode(value.substring("Basic ".length())), StandardCharsets.UTF_8);
  }
}
