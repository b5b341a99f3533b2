package io.unicoredask.tunnel;

import java.time.Duration;

/**
 * How the tunnels of a factory listen and connect.
 *
 * @param host where tunnels listen, and what that is called
 * @param ports which ports of it they may listen on
 * @param connectTimeout how long a TCP connection to a site may take to come about
 * @param handshakeTimeout how long it may take in all from accepting a client until the site has
 *     answered the upgrade: authentication, TCP, TLS and HTTP. A site takes a second or more for
 *     each connection, one after the other, so that a crowd of clients needs as many seconds.
 * @param maxConnections how many clients a tunnel serves at once; more are turned away
 * @param idleTimeout a client is closed when nothing was sent either way for so long
 */
public record TunnelSettings(
    LocalHost host,
    LocalPorts ports,
    Duration connectTimeout,
    Duration handshakeTimeout,
    int maxConnections,
    Duration idleTimeout) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the host is missing, a time is not at least one millisecond
   *     and at most a day, or no client would be allowed
   */
  public TunnelSettings {
    if (host == null) {
      throw new IllegalArgumentException("the host that tunnels listen on is missing");
    }
    checkTime("connect timeout", connectTimeout);
    checkTime("hand-shake timeout", handshakeTimeout);
    checkTime("idle timeout", idleTimeout);
    if (ports == null) {
      throw new IllegalArgumentException("the ports that tunnels may listen on are missing");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "a tunnel must allow at least one connection, not " + maxConnections);
    }
  }

  private static void checkTime(String name, Duration time) {
    if (time == null
        || time.compareTo(Duration.ofMillis(1)) < 0
        || time.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "a tunnel's %s must be between a millisecond and a day, not %s".formatted(name, time));
    }
  }

  /**
   * Loopback (127.0.0.1), all ports but the privileged ones, 10 seconds to connect, 60 for the
   * hand-shake, 256 connections, 10 minutes without a byte.
   */
  public static TunnelSettings defaults() {
    return new TunnelSettings(
        LocalHost.loopback(),
        LocalPorts.unprivileged(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        256,
        Duration.ofMinutes(10));
  }
}
