package io.unicoredask.localsite;

import java.time.Duration;

/**
 * What a real UNICORE Gateway does to its clients and a local site does not, unless told to.
 *
 * @param connecting how long each forwarded connection takes to come about, one after the other;
 *     zero for at once
 * @param holdsOneIn of the answers that come while something is written the other way, and of the
 *     ends of 64 KiB that come at once, one in how many is held back until the service sends more;
 *     0 for none, 1 for all
 * @param losesGreeting whether what a service says before its client has, within 100 ms, is lost
 * @param closesBothWays whether the end of one direction of a forwarded connection ends both
 * @param unavailableOneIn one in how many requests, upgrades included, is answered 503 without
 *     being looked at; 0 for none
 */
public record GatewayFaults(
    Duration connecting,
    int holdsOneIn,
    boolean losesGreeting,
    boolean closesBothWays,
    int unavailableOneIn) {

  /** No fault at all, the default. */
  public static final GatewayFaults NONE = new GatewayFaults(Duration.ZERO, 0, false, false, 0);

  /**
   * Everything seen of a real Gateway: a second a connection, one answer in 50 held back, greetings
   * lost, both ways closed, one request in 50 answered 503.
   */
  public static final GatewayFaults ALL =
      new GatewayFaults(Duration.ofSeconds(1), 50, true, true, 50);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the time is missing or below zero, or a number is below
   *     zero
   */
  public GatewayFaults {
    if (connecting == null || connecting.isNegative()) {
      throw new IllegalArgumentException(
          "a connection cannot take %s; give a time from zero on".formatted(connecting));
    }
    if (holdsOneIn < 0 || unavailableOneIn < 0) {
      throw new IllegalArgumentException(
          "one in %d and one in %d: give 0 for none, or a number from 1 on"
              .formatted(holdsOneIn, unavailableOneIn));
    }
  }
}
