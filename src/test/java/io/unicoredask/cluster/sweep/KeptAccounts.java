package io.unicoredask.cluster.sweep;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Accounts in memory. */
class KeptAccounts implements Accounts {

  private final Map<String, Set<String>> users = new TreeMap<>();

  @Override
  public Set<String> users(String site) {
    return new TreeSet<>(users.getOrDefault(site, Set.of()));
  }

  @Override
  public void add(String site, String user) {
    users.computeIfAbsent(site, name -> new TreeSet<>()).add(user);
  }

  @Override
  public void remove(String site, String user) {
    users.get(site).remove(user);
  }

  @Override
  public void forgetBefore(int days) {}
}
