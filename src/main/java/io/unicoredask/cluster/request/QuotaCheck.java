package io.unicoredask.cluster.request;

import io.unicoredask.cluster.site.Quota;
import java.util.ArrayList;
import java.util.List;

/** Finds what is too much of what clusters may take together. */
public final class QuotaCheck {

  private static final long HOUR = 3600;

  private final String property;
  private final String whose;
  private final List<String> problems = new ArrayList<>();

  private QuotaCheck(String property, String whose) {
    this.property = property;
    this.whose = whose;
  }

  /**
   * A sentence for each limit that would be gone beyond: which one it is, what it is set by, and
   * what is left of it.
   *
   * @param site the site's name in the configuration
   * @param user who the others belong to; null if those of all are counted
   * @param taken what they take now
   * @param wanted how much more they would
   */
  public static List<String> problems(
      String site, Owned user, Quota quota, Footprint taken, Footprint wanted) {
    QuotaCheck check =
        new QuotaCheck(
            SizeCheck.limitProperty(site, user == null ? "total." : "per-user."),
            (user == null ? "all clusters" : "the clusters of " + user.words())
                + " at site '%s'".formatted(site));
    check.limit("clusters", quota.clusters(), taken.clusters(), wanted.clusters());
    check.limit("workers", quota.workers(), taken.workers(), wanted.workers());
    check.limit("nodes", quota.nodes(), taken.nodes(), wanted.nodes());
    check.limit("node-hours", quota.nodeHours(), taken.nodeSeconds(), wanted.nodeSeconds(), HOUR);
    return check.problems;
  }

  /**
   * Whose clusters are counted.
   *
   * @param user their name; null if nobody is logged in
   */
  public record Owned(String user) {

    private String words() {
      return user == null ? "those who are not logged in" : "the user '" + user + "'";
    }
  }

  private void limit(String what, Integer most, long others, long wanted) {
    limit(what, most, others, wanted, 1);
  }

  private void limit(String what, Integer most, long others, long wanted, long unit) {
    if (most != null && wanted > 0 && others + wanted > most * unit) {
      problems.add(
          "%s: %d more are too many; %s may take %d together (%s%s), of which %d are left"
              .formatted(
                  what,
                  (wanted + unit - 1) / unit,
                  whose,
                  most,
                  property,
                  what,
                  Math.max(0, most * unit - others) / unit));
    }
  }
}
