package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows the proxy that leads to a site who we are; only where there is one. */
final class ProxyAuthorization implements Client {

  private static final String HEADER = "Proxy-Authorization";

  private final Client delegate;
  private final SiteProxies proxies;
  private final SiteErrors errors;

  ProxyAuthorization(Client delegate, SiteProxies proxies, SiteErrors errors) {
    this.delegate = delegate;
    this.proxies = proxies;
    this.errors = errors;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    Optional<Credential> credential =
        proxies.to(URI.create(request.url())).map(SiteProxy::credential);
    if (credential.isEmpty()) {
      return delegate.execute(request, options);
    }
    Map<String, Collection<String>> headers = new LinkedHashMap<>(request.headers());
    try {
      headers.put(HEADER, List.of(credential.get().authorization()));
    } catch (CredentialException e) {
      throw errors.noCredential(request, e);
    }
    Request authorized =
        Request.create(
            request.httpMethod(),
            request.url(),
            headers,
            request.body(),
            request.charset(),
            request.requestTemplate());
    // What is told of the answer must not show what was asked.
    return delegate.execute(authorized, options).toBuilder().request(request).build();
  }
}
