package io.unicoredask.unicore;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;

/** How an OIDC provider is asked: within time limits, through the right proxy, and unseen. */
final class OidcRequests {

  private final RestClient rest;

  OidcRequests(OidcClient client) {
    this.rest = rest(client);
  }

  OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> clientCredentials() {
    var requests = new RestClientClientCredentialsTokenResponseClient();
    requests.setRestClient(rest);
    requests.setParametersCustomizer(OidcRequests::hide);
    return requests;
  }

  OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshToken() {
    var requests = new RestClientRefreshTokenTokenResponseClient();
    requests.setRestClient(rest);
    requests.setParametersCustomizer(OidcRequests::hide);
    return requests;
  }

  /**
   * Spring's REST client writes what it sends into its log at DEBUG. Whatever a converter of ours
   * makes it copies into a map of its own.
   */
  private static void hide(MultiValueMap<String, String> parameters) {
    parameters.replaceAll((name, values) -> new Unseen(values));
  }

  private static final class Unseen extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Unseen(List<String> values) {
      super(values);
    }

    @Override
    public String toString() {
      return "(unseen)";
    }
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
                      new FormHttpMessageConverter(),
                      new OAuth2AccessTokenResponseHttpMessageConverter()));
            })
        .defaultStatusHandler(HttpStatusCode::isError, (request, answer) -> refuse(answer))
        .build();
  }

  /** By itself Spring reads what is wrong of a 400 only. */
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
  static String words(OAuth2AuthorizationException e) {
    String code = e.getError().getErrorCode();
    return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
        .filter(IOException.class::isInstance)
        .findFirst()
        .map(SiteErrors::words)
        .orElse(code.matches("HTTP \\d{3}") ? code : "its answer makes no sense");
  }
}
