package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A keeper of which only its turn counts.
 *
 * @param job the one of its site that it has
 */
record TurningKeeper(
    KeeperListener.Kind kind, Map<String, String> logContext, URI job, Supplier<Next> turns)
    implements Keeper {

  @Override
  public String id() {
    return "keeper";
  }

  @Override
  public String site() {
    return "hpc";
  }

  @Override
  public boolean hints(String site, URI hinted) {
    return site.equals(site()) && hinted.equals(job);
  }

  @Override
  public Next turn() {
    return turns.get();
  }
}
