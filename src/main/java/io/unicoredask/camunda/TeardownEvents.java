package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.ModelActivity;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has each event of a process that leads to the teardown of its cluster say so in the variable
 * {@code endedBy}: a timer or a message attached to an activity, for instance, or at the start of
 * an event subprocess.
 *
 * <p>An event does not end the cluster if another Dask activity comes first behind it, if it only
 * leads back to what it is attached to, or if it leads to an error, since then whatever catches
 * that error does.
 */
final class TeardownEvents {

  private final Set<ModelActivity> seen = new HashSet<>();

  private TeardownEvents() {}

  /** Adds the listeners; to be called when all sequence flows are known. */
  static void listen(List<ModelActivity> activities) {
    for (ModelActivity activity : activities) {
      activity
          .type()
          .flatMap(EndedBy::event)
          .filter(cause -> new TeardownEvents().isTornDownBy(activity))
          .ifPresent(cause -> activity.onEnd(new TeardownEvent(cause)));
      listen(activity.activities());
    }
  }

  private boolean isTornDownBy(ModelActivity event) {
    event.attachedTo().ifPresent(seen::add);
    return leadsToTeardown(event);
  }

  private boolean leadsToTeardown(ModelActivity activity) {
    List<ModelActivity> next = activity.next();
    if (!next.isEmpty()) {
      return next.stream().anyMatch(this::isTeardown);
    }
    Optional<ModelActivity> outer = activity.parent();
    return !endsBesideOthers(activity)
        && outer.isPresent()
        && seen.add(outer.get())
        && leadsToTeardown(outer.get());
  }

  private boolean isTeardown(ModelActivity next) {
    if (next.behavior().orElse(null) instanceof WaitingActivity ours) {
      return ours.activity() == DaskActivity.TEARDOWN;
    }
    return seen.add(next) && leadsToTeardown(next.first().orElse(next));
  }

  /** Whether what is around it does not end with it. */
  private static boolean endsBesideOthers(ModelActivity activity) {
    return activity.isErrorEnd() || activity.isBesideOthers();
  }
}
