package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Tells the URL that a job names about its states: one POST, 30 s to answer, no second try. */
final class Notifications {
  private static final long TOKEN_SECONDS = 300;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Tokens tokens;
  private final Supplier<String> base;

  /**
   * Sends nothing yet.
   *
   * @param base gives the site's URL, known when the first job comes
   */
  Notifications(Tokens tokens, Supplier<String> base) {
    this.tokens = tokens;
    this.base = base;
  }

  /** The job's reported status has changed. */
  void status(Job job) {
    JsonNode wanted = job.submitted.path("NotificationSettings").get("status");
    List<String> triggers =
        wanted == null ? List.of("RUNNING", "SUCCESSFUL", "FAILED") : Json.texts(wanted);
    if (triggers.contains(job.status().name())) {
      send(job, job.state());
    }
  }

  /** The batch system's state of the job has changed. */
  void batchStatus(Job job, String status) {
    if (Json.texts(job.submitted.path("NotificationSettings").get("bssStatus")).contains(status)) {
      send(job, Json.object().put("bssStatus", status));
    }
  }

  private void send(Job job, ObjectNode message) {
    String url = Json.text(job.submitted.path("NotificationSettings"), "URL");
    if (url == null) {
      url = Json.text(job.submitted, "Notification");
    }
    if (url == null || url.isEmpty()) {
      return;
    }
    message.put("href", base.get() + "/jobs/" + job.id);
    String target = url;
    try {
      client
          .sendAsync(request(job, target, message), HttpResponse.BodyHandlers.discarding())
          .whenComplete(
              (response, error) ->
                  job.log(
                      error == null && response.statusCode() < 400
                          ? "Notified <%s>".formatted(target)
                          : "Could not notify <%s>: %s"
                              .formatted(
                                  target,
                                  error == null ? "HTTP " + response.statusCode() : error)));
    } catch (IllegalArgumentException badUrl) {
      job.log("Could not notify <%s>: %s".formatted(target, badUrl));
    }
  }

  private HttpRequest request(Job job, String url, ObjectNode message) {
    Caller user = new Caller(job.owner, "ETD", false);
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + tokens.issue(user, TOKEN_SECONDS, false, false))
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(message)))
        .build();
  }
}
