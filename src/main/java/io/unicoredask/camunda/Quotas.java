package io.unicoredask.camunda;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Footprint;
import io.unicoredask.cluster.request.QuotaCheck;
import io.unicoredask.cluster.site.Quota;
import io.unicoredask.cluster.site.SiteLimits;
import java.util.ArrayList;
import java.util.List;

/** What the clusters at a site may take together, all of them and those of each user. */
class Quotas {

  private final DaskRuntime runtime;

  Quotas(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  /** Why a new cluster would be too much, a sentence for each limit. */
  List<String> problems(ClusterRequest request, String user) {
    return problems(request.site(), user, Footprint.of(request));
  }

  /**
   * Why a cluster would become too much, a sentence for each limit. What it does not take more of
   * than before is let be, also if a limit was lowered meanwhile.
   */
  List<String> problems(ClusterRequest before, ClusterRequest after, String user) {
    return problems(after.site(), user, Footprint.of(after).moreThan(Footprint.of(before)));
  }

  /** Why a script's job would be too much. */
  List<String> problemsOfScript(String site, String user, long nodes) {
    return problems(site, user, new Footprint(0, 0, nodes, 0));
  }

  private List<String> problems(String site, String user, Footprint wanted) {
    if (wanted.equals(Footprint.NONE)) {
      return List.of();
    }
    SiteLimits limits = runtime.sites().get(site).limits();
    if (limits.perUser().equals(Quota.NONE) && limits.total().equals(Quota.NONE)) {
      return List.of();
    }
    TakenRows taken = runtime.tables().taken();
    taken.lock(site);
    TakenRows.Taken others = taken.at(site, user);
    List<String> problems =
        new ArrayList<>(
            QuotaCheck.problems(
                site, new QuotaCheck.Owned(user), limits.perUser(), others.user(), wanted));
    problems.addAll(QuotaCheck.problems(site, null, limits.total(), others.all(), wanted));
    return problems;
  }
}
