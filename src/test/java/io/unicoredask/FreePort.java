package io.unicoredask;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A port that nobody listens at, and none of those that a system gives to whoever asks for any: one
 * of these could be another's a moment later.
 */
public final class FreePort {

  private static final Path GIVEN_TO_ANYBODY = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int FIRST = 1_025;
  private static final int LAST = 65_535;

  private FreePort() {}

  /** Another each time, as far as chance has it. */
  public static int any() throws IOException {
    int[] given = givenToAnybody();
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if ((port < given[0] || port > given[1]) && isFree(port)) {
        return port;
      }
    }
  }

  private static int[] givenToAnybody() throws IOException {
    String range = "49152 65535";
    if (Files.exists(GIVEN_TO_ANYBODY)) {
      // At one go, as such files are read; Files.readString asks for one byte first.
      try (BufferedReader reader = Files.newBufferedReader(GIVEN_TO_ANYBODY)) {
        range = reader.readLine();
      }
    }
    int[] given = Stream.of(range.split("\\s+")).mapToInt(Integer::parseInt).toArray();
    // Somebody may have left nothing else.
    return given[0] <= FIRST && given[1] >= LAST ? new int[] {0, 0} : given;
  }

  private static boolean isFree(int port) {
    try (ServerSocket listener = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return listener.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
