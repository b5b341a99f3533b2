package io.unicoredask.relay;

import static org.awaitility.Awaitility.await;

import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Transport;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFixture;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Real relays, with services behind them that are the test itself. */
abstract class RelayFixture extends TunnelFixture {

  static final RelayFile ONE_LANE = new RelayFile("node07", 8786, false, false);
  static final RelayFile TWO_LANES = new RelayFile("node07", 8786, false, true);

  /** What the relay says of itself. */
  RelayFile file = TWO_LANES;

  /** What a service does with one connection, which is closed afterwards. */
  interface Service {
    void serve(Socket socket) throws Exception;
  }

  /** Sends everything back, and ends when the other side ends. */
  static void echo(Socket socket) throws IOException {
    socket.getInputStream().transferTo(socket.getOutputStream());
    socket.shutdownOutput();
  }

  ServerSocket service(Service service) throws IOException {
    ServerSocket listener = closing(new ServerSocket(0, 500, InetAddress.getByName("127.0.0.1")));
    background(
        () -> {
          while (!listener.isClosed()) {
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            background(
                () -> {
                  try (socket) {
                    service.serve(socket);
                  }
                });
          }
        });
    return listener;
  }

  /** A relay whose scheduler is this service. */
  RelayProcess relayTo(ServerSocket scheduler) throws IOException {
    return closing(RelayProcess.start(scheduler.getLocalPort(), null));
  }

  /** A site that forwards every connection to the relay. */
  FarEnd siteOf(RelayProcess relay) throws IOException {
    return siteOf(Transport.PLAIN, relay);
  }

  FarEnd siteOf(Transport transport, RelayProcess relay) throws IOException {
    RelayFile address = relay.address();
    return farEnd(transport, connection -> FarEnd.pipe(connection, address.host(), address.port()));
  }

  /** A site that forwards every connection to the relay, and tells which there were. */
  FarEnd siteOf(RelayProcess relay, List<FarEnd.Connection> connections) throws IOException {
    RelayFile address = relay.address();
    return farEnd(
        connection -> {
          connections.add(connection);
          FarEnd.pipe(connection, address.host(), address.port());
        });
  }

  /**
   * Introduces itself as a relay would.
   *
   * @return which way the client wants the connection to lead
   */
  static Lane introduce(FarEnd.Connection connection, RelaySecret secret) throws IOException {
    connection.upgrade();
    byte[] hello = connection.in.readNBytes(Introduction.MAGIC.length + RelaySecret.LENGTH);
    if (hello.length < Introduction.MAGIC.length + RelaySecret.LENGTH) {
      throw new EOFException();
    }
    byte[] clientNonce = Arrays.copyOfRange(hello, Introduction.MAGIC.length, hello.length);
    byte[] nonce = RelaySecret.nonce();
    connection.out.write(Introduction.MAGIC);
    connection.out.write(nonce);
    byte[] proof = connection.in.readNBytes(RelaySecret.LENGTH);
    connection.out.write(1);
    connection.out.write(secret.prove(Introduction.RELAY, clientNonce, nonce));
    return Stream.of(Lane.values())
        .filter(lane -> Arrays.equals(proof, secret.prove(lane.proof, clientNonce, nonce)))
        .findAny()
        .orElseThrow(EOFException::new);
  }

  RelayConnection connect(FarEnd site, RelaySecret secret) {
    return connect(Transport.PLAIN, site, secret);
  }

  RelayConnection connect(Transport transport, FarEnd site, RelaySecret secret) {
    return closing(
        RelayConnection.open(
            factory, forwarding(site.endpoint(), transport.client()), secret, file, () -> {}));
  }

  /** A tunnel to this service through a relay, connected. */
  Tunnel relayed(Service service) throws IOException {
    return relayed(Transport.PLAIN, service);
  }

  Tunnel relayed(Transport transport, Service service) throws IOException {
    RelayProcess relay = relayTo(service(service));
    RelayConnection connection = connect(transport, siteOf(transport, relay), relay.secret);
    await().until(connection::isConnected);
    return connection.open(0, RelayService.SCHEDULER);
  }

  interface Task {
    void run() throws Exception;
  }

  static CompletableFuture<Void> background(Task task) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
                future.complete(null);
              } catch (Throwable e) {
                future.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return future;
  }
}
