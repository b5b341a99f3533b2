package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The users and their passwords, each also in a file that only the site's owner may read. */
final class Users {
  private final Map<String, byte[]> passwords = new LinkedHashMap<>();
  private final Path directory;

  Users(Map<String, String> given, Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (Map.Entry<String, String> user : given.entrySet()) {
      String password = user.getValue().isEmpty() ? generated() : user.getValue();
      passwords.put(user.getKey(), password.getBytes(StandardCharsets.UTF_8));
      Path file = passwordFile(user.getKey());
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, password);
    }
  }

  static String generated() {
    byte[] random = new byte[21];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  String first() {
    return passwords.keySet().iterator().next();
  }

  Set<String> names() {
    return passwords.keySet();
  }

  boolean knows(String user) {
    return passwords.containsKey(user);
  }

  Path passwordFile(String user) {
    return directory.resolve(user);
  }

  boolean accepts(String user, String password) {
    byte[] right = passwords.get(user);
    return right != null && MessageDigest.isEqual(right, password.getBytes(StandardCharsets.UTF_8));
  }
}
