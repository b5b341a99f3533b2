package io.unicoredask.unicore;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * A private key in a file that nobody else can read, in PEM or as OpenSSH writes it, with a
 * passphrase or without. It is read again when its file or that of its passphrase has changed.
 */
final class PrivateKeyFile {

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("------rwx");
  private static final Set<PosixFilePermission> GROUP =
      PosixFilePermissions.fromString("---rwx---");

  private static final String ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

  private final SecretFile file;
  private final SecretFile passphrase;
  private Object seen;
  private SshSigner signer;

  /** What tells that a file was written again. */
  private record Version(Object time, long size, Object key) {}

  /**
   * @param passphrase the file that holds it; null if the key has none
   */
  PrivateKeyFile(Path file, Path passphrase) {
    this.file = new SecretFile("key", file);
    this.passphrase = passphrase == null ? null : new SecretFile("passphrase", passphrase);
  }

  /**
   * What signs with the key.
   *
   * @throws CredentialException if it cannot be read, or others can
   */
  synchronized SshSigner signer() {
    try {
      requireOurs();
      Object now =
          passphrase == null
              ? version(file.file())
              : List.of(version(file.file()), version(passphrase.file()));
      if (!Objects.equals(now, seen)) {
        seen = null;
        signer = new SshSigner(key());
        seen = now;
      }
      return signer;
    } catch (IOException e) {
      throw new CredentialException(
          "%s%s cannot be read (%s); check the path and its permissions"
              .formatted(
                  file,
                  passphrase == null ? "" : " or " + passphrase,
                  e.getClass().getSimpleName()));
    } catch (IllegalArgumentException e) {
      throw new CredentialException("the key in %s %s".formatted(file.file(), e.getMessage()));
    }
  }

  private static Version version(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  /** As ssh has it: what belongs to another user may be for a group that we are in. */
  private void requireOurs() throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file.file(), PosixFileAttributes.class);
    } catch (UnsupportedOperationException e) {
      return; // no such permissions there
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    if (attributes.owner().getName().equals(System.getProperty("user.name"))) {
      open.addAll(GROUP);
    }
    open.retainAll(attributes.permissions());
    if (!open.isEmpty()) {
      throw new CredentialException(
          ("%s is open to others (%s), so it is not used: chmod 600 it and, if somebody may have read"
                  + " it, make another key")
              .formatted(file, PosixFilePermissions.toString(attributes.permissions())));
    }
  }

  private KeyPair key() {
    byte[] content = file.content();
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (text.startsWith(ENCRYPTED)) {
      return parsed(decrypted(text, passphrase()));
    }
    KeyPair key = parsed(content);
    if (key.isEncrypted() && !key.decrypt(passphrase())) {
      throw wrongPassphrase();
    }
    return key;
  }

  private String passphrase() {
    if (passphrase == null) {
      throw new CredentialException(
          file + " is encrypted; put its passphrase into a file, and name that as passphrase-file");
    }
    return passphrase.read();
  }

  private CredentialException wrongPassphrase() {
    return new CredentialException(
        "%s does not hold the passphrase of %s".formatted(passphrase, file));
  }

  /** What JSch reads in part only. Java takes no other characters there. */
  private byte[] decrypted(String pem, String phrase) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(phrase)) {
      throw new CredentialException(
          "%s is encrypted as PKCS#8 with a passphrase that is not ASCII, which cannot be read; have"
                  .formatted(file)
              + " ssh-keygen -p write it as OpenSSH does");
    }
    try {
      PrivateKey key = PemContent.of(pem).getPrivateKey(phrase);
      return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (RuntimeException e) {
      throw wrongPassphrase();
    }
  }

  private KeyPair parsed(byte[] content) {
    try {
      return KeyPair.load(new JSch(), content, null);
    } catch (JSchException | RuntimeException e) {
      throw new CredentialException(
          file
              + " holds no private key that can be read; it has to be RSA, EC or Ed25519, in PEM or as"
              + " OpenSSH writes it");
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
