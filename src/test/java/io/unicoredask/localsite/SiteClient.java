package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client that knows nothing of the site's code. */
final class SiteClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final LocalSite site;
  private final HttpClient http;
  private final String authorization;
  private final Duration patience;

  SiteClient(LocalSite site, String authorization) {
    this(site, authorization, PATIENCE);
  }

  private SiteClient(LocalSite site, String authorization, Duration patience) {
    this.site = site;
    this.authorization = authorization;
    this.patience = patience;
    this.http = HttpClient.newBuilder().sslContext(trusting(site)).build();
  }

  static SiteClient of(LocalSite site) {
    return of(site, site.user());
  }

  static SiteClient of(LocalSite site, String user) {
    return new SiteClient(site, basic(site, user));
  }

  /** One that does not wait for long, for a site that is not to answer. */
  static SiteClient impatient(LocalSite site) {
    return new SiteClient(site, basic(site, site.user()), Duration.ofSeconds(2));
  }

  static String basic(LocalSite site, String user) {
    try {
      String pair = user + ":" + Files.readString(site.passwordFile(user));
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SSLContext trusting(LocalSite site) {
    try (InputStream pem = Files.newInputStream(site.certificateFile())) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "site", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a request; headers are names and values in turn. */
  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                path.startsWith("http") ? URI.create(path) : URI.create(site.baseUrl() + path))
            .timeout(patience)
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send("GET", path, null, "Accept", "application/json");
  }

  HttpResponse<byte[]> post(String path, String json) {
    return send(
        "POST",
        path,
        json.getBytes(UTF_8),
        "Accept",
        "application/json",
        "Content-Type",
        "application/json");
  }

  JsonNode json(String path) {
    HttpResponse<byte[]> response = get(path);
    assertThat(response.statusCode()).as("status of %s", path).isEqualTo(200);
    return read(response.body());
  }

  static JsonNode read(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Submits a job written with single quotes, and returns its URL. */
  String submit(String description) {
    HttpResponse<byte[]> response = post("/jobs", description.replace('\'', '"'));
    assertThat(response.statusCode()).isEqualTo(201);
    return response.headers().firstValue("Location").orElseThrow();
  }

  String field(String job, String name) {
    JsonNode value = json(job + "?fields=" + name).get(name);
    return value == null ? null : value.asText();
  }

  /** Waits until the job reports one of these states. */
  String awaitStatus(String job, String... wanted) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> field(job, "status"), Set.of(wanted)::contains);
  }

  /** Waits until the job has ended, and returns how. */
  String awaitEnd(String job) {
    return awaitStatus(job, "SUCCESSFUL", "FAILED");
  }

  void abort(String job) {
    assertThat(post(job + "/actions/abort", "{}").statusCode()).isEqualTo(204);
  }

  static String id(String job) {
    return job.substring(job.lastIndexOf('/') + 1);
  }

  String fileUrl(String job, String name) {
    return site.baseUrl() + "/storages/" + id(job) + "-uspace/files/" + name;
  }

  HttpResponse<byte[]> download(String job, String name, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Accept";
    all[1] = "application/octet-stream";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return send("GET", fileUrl(job, name), null, all);
  }

  String text(String job, String name) {
    HttpResponse<byte[]> response = download(job, name);
    assertThat(response.statusCode()).as("status of file %s", name).isEqualTo(200);
    return new String(response.body(), UTF_8);
  }

  /** Waits until the job has written a line to a file. */
  String awaitLine(String job, String name) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(
            () -> {
              HttpResponse<byte[]> response = download(job, name);
              return response.statusCode() == 200 ? new String(response.body(), UTF_8) : "";
            },
            text -> text.endsWith("\n"))
        .trim();
  }
}
