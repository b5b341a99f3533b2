package io.unicoredask.localsite;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Puts a job's imports into its directory: inline data, and what HTTP servers send. */
final class Staging {

  /**
   * What is imported.
   *
   * @param url where it is fetched from; {@code null} for inline data
   * @param data the inline data
   * @param permissions what the file's permissions become, {@code rw-------} for instance; {@code
   *     null} leaves them
   */
  record Import(URI url, String data, String permissions) {}

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /** Done when all is there. */
  CompletableFuture<Void> in(Job job, Map<String, Import> imports)
      throws IOException, JobRefusedException {
    if (imports.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    job.stagingIn();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (Map.Entry<String, Import> file : imports.entrySet()) {
      Path target = SiteFiles.inside(job.directory, file.getKey());
      if (target == null) {
        throw new JobRefusedException(
            "Staging in failed. Reason: <%s> is not inside the job's directory"
                .formatted(file.getKey()));
      }
      Files.createDirectories(target.getParent());
      URI url = file.getValue().url();
      if (url == null) {
        Files.writeString(target, file.getValue().data(), StandardCharsets.UTF_8);
        setPermissions(target, file.getValue().permissions());
      } else {
        String permissions = file.getValue().permissions();
        all =
            all.thenCombine(
                fetch(url, target).thenAccept(there -> setPermissions(there, permissions)),
                (before, now) -> null);
      }
    }
    return all;
  }

  private static void setPermissions(Path file, String permissions) {
    try {
      if (permissions != null) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "Setting permissions of '%s' to '%s' failed".formatted(file, permissions), e);
    }
  }

  private CompletableFuture<Path> fetch(URI url, Path target) {
    return http.sendAsync(
            HttpRequest.newBuilder(url).timeout(LONGEST).build(),
            HttpResponse.BodyHandlers.ofFile(target))
        .thenApply(
            answer -> {
              if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                    "%s answered HTTP %d".formatted(url, answer.statusCode()));
              }
              return answer.body();
            });
  }
}
