package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.PlainText;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a script has newly written, logs it line by line, and keeps its end. */
class ScriptOutput {

  /** Apart from the classes, so that it can be turned off or written elsewhere. */
  private static final Logger LOG = LoggerFactory.getLogger("io.unicoredask.script");

  /** At one look, of one file. What is older when a script writes faster is left out. */
  private static final int MAX_BYTES = 256 * 1024;

  /** A text variable has 4000 characters in the engine's tables. */
  private static final int MAX_KEPT = 3900;

  private final UnicoreSite site;
  private final String cluster;

  ScriptOutput(UnicoreSite site, String cluster) {
    this.site = site;
    this.cluster = cluster;
  }

  /**
   * The job with what its files have got since it was read before.
   *
   * @param over whether nothing more will come, so that an unfinished line is one
   */
  ScriptJob read(ScriptJob job, URI directory, boolean over) {
    // In this order, so that a traceback never comes before what was printed earlier.
    New stderr = read(directory, job.stderr(), job.stderrRead(), over);
    New stdout = read(directory, job.stdout(), job.stdoutRead(), over);
    stdout.text().lines().forEach(line -> LOG.info("Cluster {}: {}", cluster, line));
    stderr.text().lines().forEach(line -> LOG.info("Cluster {}: {}", cluster, line));
    return job.with()
        .stdoutRead(stdout.read())
        .stderrRead(stderr.read())
        .output(end(job.output() + stdout.text() + stderr.text()))
        .build();
  }

  /**
   * @param read how many bytes of the file have been read now
   * @param text what is new, whole lines
   */
  private record New(long read, String text) {}

  /** The site looks for ever for a byte that a file does not have, so it is never asked for one. */
  private New read(URI directory, String file, long before, boolean over) {
    OptionalLong size = site.size(directory, file);
    if (size.isEmpty() || size.getAsLong() <= before) {
      return new New(before, "");
    }
    long first = Math.max(before, size.getAsLong() - MAX_BYTES);
    byte[] bytes =
        site.part(directory, file, first, (int) (size.getAsLong() - first)).orElse(new byte[0]);
    int length = over ? bytes.length : wholeLines(bytes);
    if (length == 0 && bytes.length == MAX_BYTES) {
      length = wholeCharacters(bytes);
    }
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    if (first > before) {
      String cut = text.substring(text.indexOf('\n') + 1);
      text = "… %d bytes left out …\n".formatted(first - before) + cut;
    }
    return new New(first + length, shown(text));
  }

  /** Ending with a line, they end with a character as well. */
  private static int wholeLines(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] != '\n') {
      length--;
    }
    return length;
  }

  private static int wholeCharacters(byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .decode(rest, CharBuffer.allocate(bytes.length), false);
    return rest.position();
  }

  /** Of a line that a progress bar wrote again and again, what a terminal would show in the end. */
  private static String shown(String text) {
    if (text.isEmpty()) {
      return "";
    }
    StringBuilder shown = new StringBuilder();
    Arrays.stream(text.split("\r?\n"))
        .map(line -> line.substring(line.stripTrailing().lastIndexOf('\r') + 1))
        .map(PlainText::lines)
        .forEach(line -> shown.append(line).append('\n'));
    return shown.toString();
  }

  private static String end(String text) {
    if (text.length() <= MAX_KEPT) {
      return text;
    }
    int from = text.length() - MAX_KEPT;
    int line = text.indexOf('\n', from);
    return line >= 0 && line < text.length() - 1
        ? text.substring(line + 1)
        : text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
  }
}
