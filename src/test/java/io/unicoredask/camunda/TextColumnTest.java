package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes of texts that are longer than the engine's columns. */
class TextColumnTest {

  @Test
  void aTextThatFitsStays() {
    assertThat(TextColumn.fitting("x".repeat(3900))).hasSize(3900).doesNotContain("…");
  }

  @Test
  void ofALongerOneTheBeginningAndTheEndAreKept() {
    assertThat(TextColumn.fitting("cause" + "x".repeat(9000) + "end"))
        .hasSizeBetween(3800, 3900)
        .startsWith("cause")
        .contains("\n…\n")
        .endsWith("end");
  }

  @Test
  void noCharacterIsParted() {
    for (int before = 0; before < 3; before++) {
      String cut = TextColumn.fitting("x".repeat(before) + "🚀".repeat(100), 50);

      assertThat(cut).hasSizeLessThanOrEqualTo(51);
      assertThat(cut.codePoints())
          .noneMatch(code -> Character.getType(code) == Character.SURROGATE);
    }
  }

  @Test
  void oraclesColumnsAreHalfAsWide() {
    assertThat(TextColumn.width("oracle")).isEqualTo(2000);
    assertThat(TextColumn.width("postgres")).isEqualTo(4000);
    assertThat(TextColumn.width()).isEqualTo(4000);
  }
}
