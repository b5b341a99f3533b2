package io.unicoredask.relay;

import static org.awaitility.Awaitility.await;

import io.netty.util.ResourceLeakDetector;
import io.unicoredask.FreePort;
import io.unicoredask.tunnel.FarEnd;
import io.unicoredask.tunnel.Transport;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How fast bytes get through a relay, through direct forwarding, and through socat. Not a test, and
 * not run as one: {@code mvn test -Dtest=ThroughputBenchmark -Dtest.jvm=} prints a table. With
 * {@code -Dtest.jvm=-Dbenchmark.core=1} relay and socat run on that core, as they are on another
 * machine at a site; {@code taskset -c 0} in front of it all leaves the core to them.
 */
class ThroughputBenchmark extends RelayFixture {

  private static final long BYTES = 1L << 30;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<Transport> TRANSPORTS = List.of(Transport.PLAIN, Transport.TLS_1_3);
  private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
  private static final Integer CORE = Integer.getInteger("benchmark.core");

  private final Map<String, InetSocketAddress> ways = new LinkedHashMap<>();
  private final Map<String, List<Double>> speeds = new LinkedHashMap<>();
  private final Map<String, Used> used = new LinkedHashMap<>();

  /** Seconds of a processor, and the gibibytes that they were used for. */
  private record Used(double near, double far, double gibibytes) {

    static Used until(Used end, Used begin, double gibibytes) {
      return new Used(end.near - begin.near, end.far - begin.far, gibibytes);
    }

    Used plus(Used other) {
      return new Used(near + other.near, far + other.far, gibibytes + other.gibibytes);
    }

    @Override
    public String toString() {
      return "%.2f, %.2f".formatted(near / gibibytes, far / gibibytes);
    }
  }

  /** Reads a letter and how many bytes, then sends (d) or takes (u) that many. */
  private static void serve(Socket socket) throws IOException {
    DataInputStream asked = new DataInputStream(socket.getInputStream());
    int direction = asked.read();
    long bytes = asked.readLong();
    if (direction == 'd') {
      send(socket.getOutputStream(), bytes);
    } else {
      take(socket.getInputStream(), bytes);
    }
    socket.getOutputStream().write('.');
    socket.getInputStream().read();
  }

  private static void send(OutputStream out, long bytes) throws IOException {
    byte[] block = new byte[128 * 1024];
    for (long left = bytes; left > 0; left -= block.length) {
      out.write(block);
    }
  }

  private static void take(InputStream in, long bytes) throws IOException {
    byte[] block = new byte[128 * 1024];
    for (long left = bytes; left > 0; ) {
      int read = in.read(block, 0, (int) Math.min(block.length, left));
      if (read < 0) {
        throw new IOException("%d bytes are missing".formatted(left));
      }
      left -= read;
    }
  }

  private static void use(InetSocketAddress way, char direction, long bytes) throws IOException {
    try (Socket socket = new Socket(way.getAddress(), way.getPort())) {
      socket
          .getOutputStream()
          .write(ByteBuffer.allocate(9).put((byte) direction).putLong(bytes).array());
      if (direction == 'd') {
        take(socket.getInputStream(), bytes);
      } else {
        send(socket.getOutputStream(), bytes);
      }
      if (socket.getInputStream().read() != '.') {
        throw new IOException("the end is missing");
      }
    }
  }

  /** What the tunnel's threads here have used, and the relay beside the service. */
  private Used used(RelayProcess relay) {
    long near =
        Stream.of(THREADS.dumpAllThreads(false, false))
            .filter(thread -> thread.getThreadName().startsWith("unicore-tunnel"))
            .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getThreadId()))
            .sum();
    Duration far = relay.process.info().totalCpuDuration().orElse(Duration.ZERO);
    return new Used(near / 1e9, far.toNanos() / 1e9, 0);
  }

  /** Mebibytes a second of so many streams at once. */
  private static double measure(InetSocketAddress way, char direction, int streams)
      throws Exception {
    long each = BYTES / streams;
    List<CompletableFuture<Void>> all = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      all.add(background(() -> use(way, direction, each)));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(120, TimeUnit.SECONDS);
    }
    return (BYTES >> 20) / ((System.nanoTime() - begin) / 1e9);
  }

  @Test
  void throughput() throws Exception {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE); // as users have it
    ServerSocket service = service(ThroughputBenchmark::serve);
    int port = service.getLocalPort();
    ways.put("no tunnel", (InetSocketAddress) service.getLocalSocketAddress());
    int socat = socat(port);
    RelayProcess relay = relayTo(service);
    toItsCore(relay.process);
    for (Transport transport : TRANSPORTS) {
      FarEnd direct = farEnd(transport, connection -> FarEnd.pipe(connection, "127.0.0.1", port));
      ways.put("direct, " + transport, tunnelTo(transport, direct).localAddress());
      if (socat > 0) {
        FarEnd further =
            farEnd(transport, connection -> FarEnd.pipe(connection, "127.0.0.1", socat));
        ways.put("direct to socat, " + transport, tunnelTo(transport, further).localAddress());
      }
      RelayConnection connection = connect(transport, siteOf(transport, relay), relay.secret);
      await().until(connection::isConnected);
      ways.put("relay, " + transport, connection.open(0, RelayService.SCHEDULER).localAddress());
    }
    for (int round = 0; round <= ROUNDS; round++) {
      for (char direction : new char[] {'d', 'u'}) {
        for (int streams : new int[] {1, 8}) {
          for (String way : ways.keySet()) {
            Used before = used(relay);
            double speed = measure(ways.get(way), direction, streams);
            double gibibytes = (double) BYTES / (1 << 30);
            if (round > 0) {
              speeds
                  .computeIfAbsent(way + direction + streams, key -> new ArrayList<>())
                  .add(speed);
              used.merge(way + direction, Used.until(used(relay), before, gibibytes), Used::plus);
            }
          }
        }
      }
    }
    System.out.println("| MiB/s | 1 down | 8 down | 1 up | 8 up | CPU s/GiB down | up |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (String way : ways.keySet()) {
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          way,
          row(kind -> "%.0f".formatted(median(speeds.get(way + kind)))),
          used.get(way + "d"),
          used.get(way + "u"));
    }
    for (Transport transport : TRANSPORTS) {
      for (String peer : List.of("direct, ", "direct to socat, ")) {
        if (ways.containsKey(peer + transport)) {
          System.out.printf(
              "| relay to %s | %s | | |%n",
              peer + transport,
              row(kind -> ratio("relay, " + transport + kind, peer + transport + kind)));
        }
      }
    }
  }

  private static String row(UnaryOperator<String> cell) {
    return Stream.of("d1", "d8", "u1", "u8").map(cell).collect(Collectors.joining(" | "));
  }

  /** The median of the rounds, the lowest and the highest. */
  private String ratio(String one, String other) {
    List<Double> ratios =
        IntStream.range(0, ROUNDS)
            .mapToObj(round -> speeds.get(one).get(round) / speeds.get(other).get(round))
            .sorted()
            .toList();
    return "%.2f (%.2f–%.2f)".formatted(median(ratios), ratios.get(0), ratios.get(ROUNDS - 1));
  }

  private static double median(List<Double> of) {
    return of.stream().sorted().toList().get(of.size() / 2);
  }

  /** The port of a program that does nothing but copy; 0 if there is none. */
  private int socat(int port) throws Exception {
    int free = FreePort.any();
    try {
      Process socat =
          new ProcessBuilder(
                  "socat",
                  "-b131072",
                  "TCP-LISTEN:%d,bind=127.0.0.1,fork,reuseaddr".formatted(free),
                  "TCP:127.0.0.1:" + port)
              .start();
      closing(socat::destroy);
      toItsCore(socat);
      await().until(() -> socat.isAlive() && listens(free));
      ways.put("socat", new InetSocketAddress("127.0.0.1", free));
      return free;
    } catch (IOException e) {
      System.out.println("socat is not installed, and left out");
      return 0;
    }
  }

  private static void toItsCore(Process process) throws IOException, InterruptedException {
    if (CORE != null) {
      new ProcessBuilder("taskset", "-cp", CORE.toString(), Long.toString(process.pid()))
          .inheritIO()
          .start()
          .waitFor();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
