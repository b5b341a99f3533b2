package io.unicoredask.cluster.site;

/**
 * What clusters that live at the same time may take together; null is any.
 *
 * @param clusters how many there may be
 * @param workers how many workers they may ask for
 * @param nodes how many nodes their jobs may ask for
 * @param nodeHours how many node-hours that makes until the lifetime of each is over
 */
public record Quota(Integer clusters, Integer workers, Integer nodes, Integer nodeHours) {

  /** No limits. */
  public static final Quota NONE = new Quota(null, null, null, null);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public Quota {
    require("clusters", clusters);
    require("workers", workers);
    require("nodes", nodes);
    require("node-hours", nodeHours);
  }

  /** Whether it says anything of nodes. */
  public boolean limitsNodes() {
    return nodes != null || nodeHours != null;
  }

  private static void require(String name, Integer number) {
    if (number != null && number < 0) {
      throw new IllegalArgumentException(
          "%s = %d; allowed is a whole number from 0".formatted(name, number));
    }
  }
}
