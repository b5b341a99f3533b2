package io.unicoredask.tunnel;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** The request that has a proxy connect to a site. */
final class ProxyRequest {

  private ProxyRequest() {}

  /**
   * Asks for the authorization, which may block.
   *
   * @throws IllegalStateException if it cannot be had
   */
  static HttpRequest to(Forwarding target, HttpProxy proxy) {
    String place = Forwarding.hostAndPort(target.endpointHost(), target.endpointPort());
    HttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, place);
    request.headers().set(HttpHeaderNames.HOST, place);
    if (proxy.authorization() != null) {
      UpgradeRequest.authenticate(
          request, HttpHeaderNames.PROXY_AUTHORIZATION.toString(), proxy.authorization().get());
    }
    return request;
  }
}
