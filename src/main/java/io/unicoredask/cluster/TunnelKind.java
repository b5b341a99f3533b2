package io.unicoredask.cluster;

/** How local ports lead to the scheduler. */
public enum TunnelKind {
  /** Each client has a forwarded connection of its own. */
  DIRECT("direct"),

  /**
   * All clients share one forwarded connection, through a relay that is started with the scheduler.
   */
  RELAY("relay"),

  /** Through a relay if one comes up, else directly. */
  AUTO("auto");

  private final String value;

  TunnelKind(String value) {
    this.value = value;
  }

  /** What variable {@code tunnel} says. */
  public String value() {
    return value;
  }
}
