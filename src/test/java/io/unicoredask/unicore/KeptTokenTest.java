package io.unicoredask.unicore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** When a token is renewed. */
class KeptTokenTest {

  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private int issued;
  private Supplier<KeptToken.Issued> issuer =
      () -> new KeptToken.Issued("token " + ++issued, now.plusSeconds(100));

  private final KeptToken token = new KeptToken("The token", () -> issuer.get(), () -> now);

  @Test
  void itIsKeptForThreeQuartersOfItsLifeAndThenRenewed() {
    assertThat(token.value()).isEqualTo("token 1");
    pass(74);
    assertThat(token.value()).isEqualTo("token 1");
    pass(1);
    assertThat(token.value()).isEqualTo("token 2");
    pass(74);
    assertThat(token.value()).isEqualTo("token 2");
  }

  @Test
  void whatIsStillGoodIsUsedWhileItCannotBeRenewed() {
    token.value();
    issuer =
        () -> {
          issued++;
          throw CredentialException.passing("the provider is away");
        };
    pass(75);
    assertThat(token.value()).isEqualTo("token 1");
    assertThat(token.value()).isEqualTo("token 1");
    assertThat(issued).as("is not asked for at every call").isEqualTo(2);
    pass(10);
    assertThat(token.value()).isEqualTo("token 1");
    assertThat(issued).isEqualTo(3);
    pass(15);
    assertThatThrownBy(token::value).hasMessage("the provider is away");
  }

  @Test
  void nobodyWaitsForARenewalButWhoMakesIt() throws Exception {
    token.value();
    pass(80);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    issuer =
        () -> {
          asked.countDown();
          await(answered);
          return new KeptToken.Issued("renewed", now.plusSeconds(100));
        };
    CompletableFuture<String> renewing = CompletableFuture.supplyAsync(token::value);
    await(asked);
    assertThat(token.value()).isEqualTo("token 1");
    answered.countDown();
    assertThat(renewing.get()).isEqualTo("renewed");
    assertThat(token.value()).isEqualTo("renewed");
  }

  @Test
  void manyWhoNeedTheFirstGetTheSame() {
    CompletableFuture<String> one = CompletableFuture.supplyAsync(token::value);
    CompletableFuture<String> other = CompletableFuture.supplyAsync(token::value);
    assertThat(one.join()).isEqualTo(other.join()).isEqualTo("token 1");
  }

  @Test
  void oneThatIsRefusedIsForgottenUnlessItIsNew() {
    assertThat(token.forget()).isFalse();
    token.value();
    pass(KeptToken.PAUSE.toSeconds() - 1);
    assertThat(token.forget()).isFalse();
    assertThat(token.value()).isEqualTo("token 1");
    pass(1);
    assertThat(token.forget()).isTrue();
    assertThat(token.value()).isEqualTo("token 2");
  }

  @Test
  void nothingShowsIt() {
    assertThat(new KeptToken.Issued("secret", now).toString()).doesNotContain("secret");
  }

  private void pass(long seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).as("it came to that").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
