package io.unicoredask.unicore;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.DefaultOAuth2TokenRequestHeadersConverter;
import org.springframework.security.oauth2.client.endpoint.DefaultOAuth2TokenRequestParametersConverter;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** How an OIDC provider is asked: within time limits, through the right proxy, and unseen. */
final class OidcRequests {

  private final OidcClient client;
  private final RestClient rest;

  OidcRequests(OidcClient client) {
    this.client = client;
    this.rest = rest(client);
  }

  /**
   * Asks for a token. Spring's own clients would have Spring write what they send, a refresh token
   * for instance, into its log at DEBUG: of bytes it writes nothing.
   *
   * @throws OAuth2AuthorizationException if the provider refuses; its code is the provider's, or
   *     {@link #http}
   * @throws RestClientException if it does not answer, or nothing that makes sense
   */
  <T extends AbstractOAuth2AuthorizationGrantRequest> OAuth2AccessTokenResponse ask(T request) {
    OAuth2AccessTokenResponse answer =
        rest.post()
            .uri(client.tokenUri())
            .headers(
                headers ->
                    headers.addAll(
                        new DefaultOAuth2TokenRequestHeadersConverter<T>().convert(request)))
            .body(form(new DefaultOAuth2TokenRequestParametersConverter<T>().convert(request)))
            .retrieve()
            .body(OAuth2AccessTokenResponse.class);
    if (answer == null) {
      throw new RestClientException("no answer");
    }
    return answer;
  }

  private static byte[] form(MultiValueMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .flatMap(one -> one.getValue().stream().map(value -> one.getKey() + "=" + encoded(value)))
        .collect(Collectors.joining("&"))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static RestClient rest(OidcClient client) {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(client.connectTimeout());
    if (client.proxies().selector() != null) {
      http.proxy(client.proxies().selector());
    }
    if (client.ssl() != null) {
      http.sslContext(client.ssl());
    }
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http.build());
    requests.setReadTimeout(client.readTimeout());
    return RestClient.builder()
        .requestFactory(requests)
        .requestInterceptor(
            (request, body, execution) -> {
              client
                  .proxies()
                  .to(client.tokenUri())
                  .map(SiteProxy::credential)
                  .ifPresent(
                      proxy ->
                          request.getHeaders().set("Proxy-Authorization", proxy.authorization()));
              return execution.execute(request, body);
            })
        .messageConverters(
            converters -> {
              converters.clear();
              converters.addAll(
                  List.of(
                      new ByteArrayHttpMessageConverter(),
                      new OAuth2AccessTokenResponseHttpMessageConverter()));
            })
        .defaultStatusHandler(HttpStatusCode::isError, (request, answer) -> refuse(answer))
        .build();
  }

  private static void refuse(ClientHttpResponse answer) throws IOException {
    OAuth2Error error;
    try {
      error = new OAuth2ErrorHttpMessageConverter().read(OAuth2Error.class, answer);
    } catch (HttpMessageConversionException e) {
      error = new OAuth2Error(http(answer.getStatusCode().value()));
    }
    throw new OAuth2AuthorizationException(error);
  }

  /** Stands in for the code of an answer that has none. */
  static String http(int status) {
    return "HTTP " + status;
  }

  /** What went wrong on the way, without what was sent or answered. */
  static String words(RestClientException e) {
    return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
        .filter(IOException.class::isInstance)
        .findFirst()
        .map(SiteErrors::words)
        .orElse("its answer makes no sense");
  }
}
