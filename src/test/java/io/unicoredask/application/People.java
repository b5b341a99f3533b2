package io.unicoredask.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.User;

/** Users whom the engine knows while a test runs. */
final class People {

  private final IdentityService identities;
  private final List<String> added = new ArrayList<>();

  People(IdentityService identities) {
    this.identities = identities;
  }

  /** Adds some who are in no group. */
  void add(String... names) {
    for (String name : names) {
      User user = identities.newUser(name);
      user.setFirstName(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
      user.setLastName("Example");
      user.setPassword(password(name));
      identities.saveUser(user);
      added.add(name);
    }
  }

  /** Adds some who are in a group. */
  void addTo(String group, String... names) {
    add(names);
    for (String name : names) {
      identities.createMembership(name, group);
    }
  }

  /** Deletes all of them. */
  void remove() {
    added.forEach(identities::deleteUser);
    added.clear();
  }

  /** Each has one of their own. */
  static String password(String name) {
    return name + "'s own";
  }
}
