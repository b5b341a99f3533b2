package io.unicoredask.localsite;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Decides where a {@code forward-port} request may lead. */
final class ForwardingTarget {
  private static final String LOGIN_NODE = "localhost";

  private final Authentication authentication;
  private final JobsResource jobs;

  ForwardingTarget(Authentication authentication, JobsResource jobs) {
    this.authentication = authentication;
    this.jobs = jobs;
  }

  /**
   * The service's address; unresolved if there can be no such service, since only loopback
   * addresses are connected to.
   *
   * @throws HttpProblem with a status only, which is all that the Gateway lets through
   */
  InetSocketAddress find(Request request) {
    try {
      Request known = request.by(authentication.session(request.headers()).caller());
      if ("keep-alive, upgrade".equalsIgnoreCase(known.headers().get("connection"))
          || !"upgrade".equalsIgnoreCase(known.headers().get("connection"))) {
        throw new HttpProblem(Answer.empty(503));
      }
      Job job = jobs.job(known.part(1), known.caller());
      String loginNode = known.query().getOrDefault("loginNode", LOGIN_NODE);
      int port = Integer.parseInt(known.query().getOrDefault("port", ""));
      if (job.batchSystemId() == null || !loginNode.equals(LOGIN_NODE)) {
        throw HttpProblem.serverError("no such service");
      }
      return address(known.query().getOrDefault("host", "localhost"), port);
    } catch (HttpProblem problem) {
      throw new HttpProblem(Answer.empty(problem.answer().status()));
    } catch (IllegalArgumentException badPort) {
      throw new HttpProblem(Answer.empty(500));
    }
  }

  private static InetSocketAddress address(String host, int port) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved(host, port);
    try {
      InetAddress address = InetAddress.getByName(host);
      return port > 0 && isOfThisMachine(address) ? new InetSocketAddress(address, port) : nowhere;
    } catch (UnknownHostException | SocketException e) {
      return nowhere;
    }
  }

  /** A service that listens on all interfaces, as Dask does, names the machine's own address. */
  private static boolean isOfThisMachine(InetAddress address) throws SocketException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }
}
