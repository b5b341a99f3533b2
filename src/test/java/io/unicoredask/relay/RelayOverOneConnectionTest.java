package io.unicoredask.relay;

import org.junit.jupiter.api.BeforeEach;

/** The same with a relay of an earlier version, which takes one connection for both ways. */
class RelayOverOneConnectionTest extends RelayConnectionTest {

  @BeforeEach
  void anEarlierVersion() {
    file = ONE_LANE;
  }
}
