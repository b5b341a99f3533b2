package io.unicoredask.cluster.request;

/** How local ports lead to the scheduler. */
public enum TunnelKind {
  /** Through a relay if one comes up, else directly. */
  AUTO("auto"),

  /**
   * All clients share one forwarded connection, through a relay that is started with the scheduler.
   */
  RELAY("relay"),

  /** Each client has a forwarded connection of its own. */
  DIRECT("direct");

  private final String value;

  TunnelKind(String value) {
    this.value = value;
  }

  /** What variable {@code tunnel} says. */
  public String value() {
    return value;
  }
}
