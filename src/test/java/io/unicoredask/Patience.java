package io.unicoredask;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has all tests wait for long unless they say for how long: a busy machine is slow, not wrong. */
public final class Patience implements BeforeAllCallback {

  /** Longer than anything takes, however busy the machine is. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
