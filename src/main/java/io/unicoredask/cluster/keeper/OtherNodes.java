package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks from time to time what other nodes have changed of the clusters: often where one has of
 * late, else seldom.
 */
class OtherNodes {

  static final Duration OFTEN = Duration.ofSeconds(1);
  static final Duration SELDOM = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(OtherNodes.class);
  private static final Duration THEY_ARE_THERE = Duration.ofMinutes(10);

  /** The clocks of nodes differ, and transactions take a while. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private final ClusterRecords records;
  private final BiPredicate<String, Long> isNews;
  private final Consumer<String> changed;
  private long lastAsked;
  private long seen;

  /**
   * @param isNews whether that a cluster was changed then is not known yet
   * @param changed told of a cluster that was
   * @param now from when on changes count, in milliseconds
   */
  OtherNodes(
      ClusterRecords records,
      BiPredicate<String, Long> isNews,
      Consumer<String> changed,
      long now) {
    this.records = records;
    this.isNews = isNews;
    this.changed = changed;
    this.lastAsked = now;
  }

  /**
   * Asks.
   *
   * @param now in milliseconds
   * @return how long to wait until it is asked again
   */
  Duration ask(long now) {
    try {
      Map<String, Long> all = records.changedSince(lastAsked - MARGIN.toMillis());
      all.forEach(
          (cluster, at) -> {
            if (isNews.test(cluster, at)) {
              seen = now;
              changed.accept(cluster);
            }
          });
      lastAsked = now;
    } catch (RuntimeException e) {
      LOG.warn("Could not ask what has changed of the Dask clusters; asking again", e);
    }
    return now - seen < THEY_ARE_THERE.toMillis() ? OFTEN : SELDOM;
  }
}
