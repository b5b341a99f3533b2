package io.unicoredask;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Makes private keys with the programs that people make them with, or without if they are missing.
 */
public final class KeyMaker {

  /** A passphrase that is to be seen nowhere. */
  public static final String PASSPHRASE = "open sesame 0815";

  private KeyMaker() {}

  /** The commands, of which each writes a key to KEY; passphrases are hashed in one round. */
  public static Stream<String> commands() {
    String ssh = "ssh-keygen -q -f KEY -C who@where -a 1 -N";
    return Stream.of(
        ssh + " NONE -t ed25519",
        ssh + " PASSPHRASE -t ed25519",
        ssh + " NONE -t rsa -b 2048",
        ssh + " PASSPHRASE -t rsa -b 3072",
        ssh + " PASSPHRASE -t ecdsa -b 256",
        ssh + " NONE -t ecdsa -b 384",
        ssh + " NONE -t ecdsa -b 521",
        ssh + " PASSPHRASE -t rsa -b 2048 -m PEM",
        ssh + " NONE -t ecdsa -b 256 -m PEM",
        ssh + " PASSPHRASE -t rsa -b 2048 -m PKCS8",
        "openssl genpkey -out KEY -algorithm RSA",
        "openssl genpkey -out KEY -algorithm RSA -aes256 -pass pass:PASSPHRASE",
        "openssl genpkey -out KEY -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "openssl genpkey -out KEY -algorithm ed25519",
        "openssl genpkey -out KEY -algorithm ed25519 -aes256 -pass pass:PASSPHRASE");
  }

  /** Runs one of the commands. */
  public static void make(String command, Path key) throws IOException {
    List<String> words =
        Arrays.stream(command.split(" "))
            .map(word -> word.equals("NONE") ? "" : word)
            .map(word -> word.equals("KEY") ? key.toString() : word)
            .map(word -> word.replace("PASSPHRASE", PASSPHRASE))
            .toList();
    Files.deleteIfExists(key);
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
    } catch (IOException e) {
      makeWithoutPrograms(command, key);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  private static void makeWithoutPrograms(String command, Path key) throws IOException {
    try {
      KeyPair made =
          command.contains("25519")
              ? KeyPair.genKeyPair(new JSch(), KeyPair.ED25519)
              : command.contains("rsa") || command.contains("RSA")
                  ? KeyPair.genKeyPair(
                      new JSch(), KeyPair.RSA, command.contains("1024") ? 1024 : 2048)
                  : KeyPair.genKeyPair(new JSch(), KeyPair.ECDSA, bits(command));
      byte[] passphrase = command.contains("PASSPHRASE") ? PASSPHRASE.getBytes() : null;
      try (var out = Files.newOutputStream(key)) {
        made.writeOpenSSHv1PrivateKey(out, passphrase);
      }
    } catch (JSchException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int bits(String command) {
    return command.contains("521") ? 521 : command.contains("384") ? 384 : 256;
  }

  /** A key as OpenSSH writes it, with a passphrase that a command line may not be able to carry. */
  public static void makeEncrypted(Path key, String passphrase) throws IOException {
    try (OutputStream out = Files.newOutputStream(key)) {
      KeyPair.genKeyPair(new JSch(), KeyPair.ED25519)
          .writeOpenSSHv1PrivateKey(out, passphrase.getBytes(StandardCharsets.UTF_8));
    } catch (JSchException e) {
      throw new IllegalStateException(e);
    }
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  /** The line for {@code authorized_keys}. */
  public static String publicLine(Path key) {
    try {
      KeyPair pair = KeyPair.load(new JSch(), decrypted(key), null);
      if (pair.isEncrypted() && !pair.decrypt(PASSPHRASE)) {
        throw new IllegalStateException("not decrypted: " + key);
      }
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      pair.writePublicKey(line, "somebody");
      return line.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JSchException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decrypted(Path key) throws IOException {
    String text = Files.readString(key);
    if (!text.startsWith("-----BEGIN ENCRYPTED")) {
      return text.getBytes();
    }
    byte[] der = PemContent.of(text).getPrivateKey(PASSPHRASE).getEncoded();
    return ("-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END PRIVATE KEY-----\n")
        .getBytes();
  }

  /** Has a user of a local site known by a key from now on. */
  public static void authorize(Path home, Path key) throws IOException {
    Path file = home.resolve(".ssh/authorized_keys");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "# keys\nno-pty " + publicLine(key));
  }
}
