package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.site.Site;

/**
 * How a keeper looks and acts at its cluster's site.
 *
 * @param observer what looks
 * @param actor what acts
 */
record Hands(Site site, Observer observer, Actor actor) {

  /**
   * @param hints what the observer is to look at first
   * @throws IllegalStateException if the site is not configured (any more)
   */
  static Hands of(Cluster cluster, Keeping keeping, Hints hints) {
    Site site = cluster.at(keeping.sites());
    return new Hands(
        site,
        new Observer(site, keeping.tunnels(), hints),
        new Actor(site, keeping.tunnels(), keeping.threads(cluster.site())));
  }
}
