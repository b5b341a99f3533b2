package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A word in a job's script, as a real bash reads it. */
class ShellArgumentTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "",
        "two words",
        " blanks around ",
        "it's",
        "\"quoted\"",
        "$HOME",
        "a$USER$LOGNAME",
        "${HOME}",
        "$(id)",
        "`id`",
        "back\\slash\\",
        "a\nb\r\n",
        "größe 日本 🚀",
        "~ * ? [a-z] {a,b} ! # ; & | < > ( )",
        "--name=a b",
        "'$'`'\n'"
      })
  void itIsReadAsItIs(String word) throws Exception {
    assertThat(readByBash(ShellArgument.of(word))).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$HOME", "$(id)", "`id`", "a\nb", "a\rb", "x$USER"})
  void noSiteReplacesOrRefusesAnythingInIt(String word) {
    assertThat(ShellArgument.of(word))
        .doesNotContain("$HOME", "$USER", "$LOGNAME", "$(", "`", "\n", "\r");
  }

  @Test
  void aPlainWordStaysReadable() {
    assertThat(ShellArgument.of("/home/a-b_c.d/x@1,2:3+4=5%")).doesNotContain("'");
  }

  private static String readByBash(String word) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("/bin/bash", "-s").redirectErrorStream(true).start();
    try (var script = bash.getOutputStream()) {
      script.write(("printf %s " + word + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    return output;
  }
}
