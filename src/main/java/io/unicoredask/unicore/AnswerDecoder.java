package io.unicoredask.unicore;

import com.fasterxml.jackson.databind.ObjectMapper;
import feign.Response;
import feign.codec.Decoder;
import feign.jackson.JacksonDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Reads good answers: JSON, bytes, a certificate, or the {@code Location} of what was made. */
final class AnswerDecoder implements Decoder {

  private final Decoder bytes = new Decoder.Default();
  private final Decoder json;

  AnswerDecoder(ObjectMapper mapper) {
    json = new JacksonDecoder(mapper);
  }

  @Override
  public Object decode(Response answer, Type type) throws IOException {
    if (header(answer, "Content-Type").toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw new IOException("an HTML page, which nobody asked for: " + Reason.of(answer).text());
    }
    if (type == void.class) {
      return null;
    }
    if (type == byte[].class) {
      return bytes.decode(answer, type);
    }
    if (type == X509Certificate.class) {
      return certificate(answer);
    }
    return type == URI.class ? location(answer) : required(json.decode(answer, type));
  }

  private static URI location(Response answer) throws IOException {
    String location = header(answer, "Location");
    if (location.isEmpty()) {
      throw new IOException("no Location header says where the new job is");
    }
    return URI.create(location);
  }

  private static X509Certificate certificate(Response answer) throws IOException {
    try (InputStream pem = answer.body().asInputStream()) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    } catch (CertificateException e) {
      throw new IOException("no certificate in PEM: " + e.getMessage());
    }
  }

  private static Object required(Object answer) throws IOException {
    if (answer == null) {
      throw new IOException("an empty body instead of JSON");
    }
    return answer;
  }

  private static String header(Response answer, String name) {
    Collection<String> values = answer.headers().getOrDefault(name, List.of());
    return values.stream().findFirst().orElse("");
  }
}
