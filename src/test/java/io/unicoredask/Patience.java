package io.unicoredask;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has all tests wait for long unless they say for how long: a busy machine is slow, not wrong. */
public final class Patience implements BeforeAllCallback {

  /** Longer than anything takes, however busy the machine is. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

  /** Whether a process has ended, for which it is waited. */
  public static boolean seesTheEndOf(Process process) throws InterruptedException {
    return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
