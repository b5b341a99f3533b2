package io.unicoredask.cluster.request;

/** How the parts of a cluster and its clients know each other. */
public enum Security {
  /** Not at all: whoever reaches the scheduler may use it. */
  NONE("none"),

  /** By certificates of an authority of this one cluster, over TLS. */
  TLS("tls");

  private final String value;

  Security(String value) {
    this.value = value;
  }

  /** What variable {@code security} says. */
  public String value() {
    return value;
  }
}
