package io.unicoredask.cluster.site;

import java.util.regex.Pattern;

/**
 * The name of a user as it may become a part of a file's path, a header and a tag: one that leads
 * to no other directory, ends no line, and is not told from another's by its case alone.
 */
public final class UserName {

  /** What stands for it in the configuration. */
  public static final String PLACEHOLDER = "{user}";

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_][a-z0-9_.@-]{0,63}");

  private static final Pattern NOT_IN_TAGS = Pattern.compile("[^A-Za-z0-9_.@-]");

  private UserName() {}

  /** Whether it may be put into paths, headers and user names at a site. */
  public static boolean isAllowed(String user) {
    return ALLOWED.matcher(user).matches();
  }

  /**
   * A text of the configuration with the user's name in it.
   *
   * @throws IllegalArgumentException if it is a name that may not be put there
   */
  public static String into(String template, String user) {
    if (!isAllowed(user)) {
      throw new IllegalArgumentException("a user's name that is not allowed there");
    }
    return template.replace(PLACEHOLDER, user);
  }

  /** A name of any kind, without what a tag cannot hold. */
  public static String asTag(String user) {
    return NOT_IN_TAGS.matcher(user).replaceAll("_");
  }
}
