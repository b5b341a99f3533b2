package io.unicoredask.dask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Dask scheduler writes into its {@code --scheduler-file} when it is ready for workers and
 * clients. A clean exit deletes the file; a killed scheduler leaves it behind.
 *
 * @param id the scheduler's id, new with each start
 * @param address where workers and clients connect to, as seen from the site: {@code tcp} or {@code
 *     tls}, a host and a port
 * @param dashboardPort the port of the scheduler's HTTP server; null if the scheduler has none
 * @param started when the scheduler started, by the clock of its host
 */
public record SchedulerFile(String id, URI address, Integer dashboardPort, Instant started) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^]]+]|[^:\\[\\]]+):(\\d{1,5})");

  /**
   * Reads a scheduler file.
   *
   * @param content the file's content
   * @return nothing if the file is empty or half-written and worth another look
   * @throws InvalidSchedulerFileException if it is something else than a scheduler file, or the
   *     scheduler's address is neither {@code tcp} nor {@code tls}
   */
  public static Optional<SchedulerFile> parse(byte[] content) {
    // trim() takes the zeros with it that some network file systems show ahead of the content
    String text = new String(content, StandardCharsets.UTF_8).trim();
    if (text.isEmpty() || text.startsWith("{") && !text.endsWith("}")) {
      return Optional.empty();
    }
    JsonNode file;
    try {
      file = JSON.readTree(text);
    } catch (JsonEOFException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw invalid("it is no JSON: " + PlainText.of(e.getOriginalMessage(), PlainText.REASON), e);
    }
    return Optional.of(read(file));
  }

  private static SchedulerFile read(JsonNode file) {
    String type = text(file, "type");
    if (!type.equals("Scheduler")) {
      throw invalid("its type is '" + type + "', not 'Scheduler'", null);
    }
    String id = text(file, "id");
    JsonNode started = file.path("started");
    if (id.isEmpty() || !started.isNumber()) {
      throw invalid("it lacks 'id' or 'started'", null);
    }
    JsonNode dashboard = file.path("services").path("dashboard");
    return new SchedulerFile(
        id,
        address(text(file, "address")),
        dashboard.isInt() ? dashboard.intValue() : null,
        instant(started.decimalValue()));
  }

  private static String text(JsonNode file, String field) {
    return PlainText.of(file.path(field).asText(), PlainText.NAME);
  }

  private static URI address(String text) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("its address '" + text + "' is no URL", e);
    }
    boolean known = "tcp".equals(address.getScheme()) || "tls".equals(address.getScheme());
    if (!known || !hostAndPort(address).matches()) {
      throw invalid(
          "its address '%s' is not of the form tcp://host:port or tls://host:port; start the scheduler with --protocol tcp or tls"
              .formatted(text),
          null);
    }
    return address;
  }

  // not URI.getHost(): it knows no host whose name has an underscore
  private static Matcher hostAndPort(URI address) {
    return HOST_AND_PORT.matcher(String.valueOf(address.getAuthority()));
  }

  private static Instant instant(BigDecimal seconds) {
    BigDecimal nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
    return Instant.ofEpochSecond(seconds.longValue(), nanos.longValue());
  }

  private static InvalidSchedulerFileException invalid(String reason, Throwable cause) {
    return new InvalidSchedulerFileException("not a usable scheduler file: " + reason, cause);
  }

  /** The host of the address: a name, an IPv4 or an IPv6 address (without brackets). */
  public String host() {
    Matcher matcher = hostAndPort(address);
    matcher.matches();
    String host = matcher.group(1);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port of the address. */
  public int port() {
    Matcher matcher = hostAndPort(address);
    matcher.matches();
    return Integer.parseInt(matcher.group(2));
  }
}
