package io.unicoredask;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the processes of a local site's job listen on, as the kernel has it. */
public final class Listeners {

  private static final String LISTENING = "0A";

  /** 127.x.x.x, ::1 and ::ffff:127.x.x.x, in the kernel's byte order. */
  private static final Pattern LOOPBACK =
      Pattern.compile("([0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F):[0-9A-F]{4}");

  private Listeners() {}

  /** Whether others than this machine reach what listens there. */
  public static boolean isOpen(String address) {
    return !LOOPBACK.matcher(address).matches();
  }

  /** All TCP addresses in hexadecimal, each with a port. */
  public static Set<String> of(String job) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(process -> isOf(job, process))
          .forEach(process -> sockets.addAll(sockets(process)));
    }
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(table -> lines(table).stream().skip(1))
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row[3].equals(LISTENING) && sockets.contains(row[9]))
        .map(row -> row[1])
        .collect(Collectors.toSet());
  }

  private static boolean isOf(String job, Path process) {
    try {
      return Stream.of(
              Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1).split("\0"))
          .anyMatch(line -> line.startsWith("LOCALSITE_JOB=") && line.contains("/" + job + "#"));
    } catch (IOException noProcessOrGone) {
      return false;
    }
  }

  private static Set<String> sockets(Path process) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files
          .map(Listeners::target)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.replaceAll("\\D", ""))
          .collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException gone) {
      return Set.of();
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
