package io.unicoredask.cluster.request;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads how large a cluster is to be, which one of three variables says. */
class SizeReader {

  private final VariableReader given;

  SizeReader(VariableReader given) {
    this.given = given;
  }

  /**
   * The size that is given; none at first, and later what counted before, if none is.
   *
   * @param before what counted before; null at first
   */
  AskedSize read(ClusterRequest before) {
    Integer workers = given.number(ClusterVariable.WORKERS.variable(), null);
    Integer jobs = given.number(ClusterVariable.JOBS.variable(), null);
    AdaptiveBounds adapt = new AdaptReader(given).read();
    List<AskedSize> sizes =
        Stream.of(
                workers == null ? null : new AskedSize(ClusterSize.workers(workers), null),
                jobs == null ? null : new AskedSize(ClusterSize.jobs(jobs), null),
                adapt == null ? null : new AskedSize(ClusterSize.within(adapt), adapt))
            .filter(Objects::nonNull)
            .toList();
    if (sizes.size() > 1) {
      given.problem(
          "%s are given together; allowed is one of them"
              .formatted(
                  sizes.stream().map(one -> one.size().variable()).collect(joining(" and "))));
    }
    if (!sizes.isEmpty()) {
      return sizes.get(0);
    }
    return before == null
        ? new AskedSize(ClusterSize.workers(0), null)
        : new AskedSize(before.size(), before.adapt());
  }
}
