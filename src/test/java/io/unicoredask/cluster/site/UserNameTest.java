package io.unicoredask.cluster.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"alice", "a.smith-2", "alice@example.org", "_x", "4711", "camunda-admin"})
  void aNameThatIsOnlyANameStandsWhereItIsTo(String name) {
    assertThat(UserName.into("/etc/dask/{user}.token", name))
        .isEqualTo("/etc/dask/" + name + ".token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../alice",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "alice\n",
        "alice\r",
        "al\u0000ice",
        "alice ",
        " alice",
        "Alice",
        "ALICE",
        "al\u0131ce",
        "alic\u00e9",
        "a,role:admin",
        "a:b",
        "{user}",
        "-rf",
        "~root",
        "a%2fb",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aNameThatCouldReachMoreIsRefused(String name) {
    assertThat(UserName.isAllowed(name)).isFalse();
    assertThatThrownBy(() -> UserName.into("/etc/dask/{user}.token", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("token");
  }

  @Test
  void inATagThereIsNothingThatSeparatesTags() {
    assertThat(UserName.asTag("Alice, dask-cluster-1;x")).isEqualTo("Alice__dask-cluster-1_x");
  }
}
