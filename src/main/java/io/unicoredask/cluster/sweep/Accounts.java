package io.unicoredask.cluster.sweep;

import java.util.Set;

/**
 * On record: who has had clusters under their own names, until it is sure that nothing of theirs is
 * left. Nobody else's credential is used for a search.
 */
public interface Accounts {

  /** Those at a site. */
  Set<String> users(String site);

  /** Notes somebody who has a cluster at a site now. */
  void add(String site, String user);

  /** Forgets somebody of whom nothing is left at a site. */
  void remove(String site, String user);

  /** Forgets those who were added last before so many days: their jobs are no more. */
  void forgetBefore(int days);
}
