package io.unicoredask.application;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The Python package {@code camunda_dask} as pip installs it: a zip of its files and of what there
 * is to say of them, made of the resources below {@code python}.
 *
 * @param fileName has the version in it
 * @param content the same whenever it is made of the same files
 */
record PythonWheel(String fileName, byte[] content) {

  private static final String PACKAGE = "camunda_dask";

  /** The earliest that a zip knows. */
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Makes it of this application's own resources. */
  static PythonWheel make() throws IOException {
    String metadata = new String(read("python/wheel/METADATA"), StandardCharsets.UTF_8);
    String distribution = "%s-%s".formatted(PACKAGE, version(metadata));
    String about = distribution + ".dist-info/";
    Map<String, byte[]> files = sources();
    files.put(about + "METADATA", metadata.getBytes(StandardCharsets.UTF_8));
    files.put(about + "WHEEL", read("python/wheel/WHEEL"));
    files.put(about + "LICENSE", read("META-INF/LICENSE"));
    files.put(about + "RECORD", record(files, about + "RECORD"));
    return new PythonWheel(distribution + "-py3-none-any.whl", zip(files));
  }

  private static String version(String metadata) {
    return metadata
        .lines()
        .filter(line -> line.startsWith("Version: "))
        .map(line -> line.substring("Version: ".length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, byte[]> sources() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (Resource file :
        new PathMatchingResourcePatternResolver()
            .getResources("classpath:python/%s/*.*".formatted(PACKAGE))) {
      try (InputStream content = file.getInputStream()) {
        files.put(PACKAGE + "/" + file.getFilename(), content.readAllBytes());
      }
    }
    return files;
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream content = PythonWheel.class.getClassLoader().getResourceAsStream(resource)) {
      return content.readAllBytes();
    }
  }

  /** The files with their digests; itself without. */
  private static byte[] record(Map<String, byte[]> files, String own) {
    StringBuilder lines = new StringBuilder();
    files.forEach(
        (name, content) ->
            lines.append("%s,sha256=%s,%d\n".formatted(name, digest(content), content.length)));
    return lines.append(own).append(",,\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
