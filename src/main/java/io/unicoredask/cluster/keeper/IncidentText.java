package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.util.Locale;

/**
 * What an incident says of what keeps a cluster from going on. It begins with the cause and the
 * remedy: Cockpit shows the beginning only.
 */
final class IncidentText {

  private IncidentText() {}

  static String of(Throwable reason) {
    if (reason instanceof UnicoreException site) {
      return sentence(site.explanation());
    }
    if (reason instanceof SchedulerHttpException scheduler) {
      return scheduler.explanation();
    }
    if (reason instanceof HandsOffException || reason instanceof IllegalStateException) {
      return sentence(String.valueOf(reason.getMessage()));
    }
    return "An error that nobody has foreseen. Look into the log of this node, which has all of it; the cluster is tried again by itself (%s)"
        .formatted(reason);
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
