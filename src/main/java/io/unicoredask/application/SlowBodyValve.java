package io.unicoredask.application;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Breaks off a request whose body comes so slowly that it is there to keep a thread busy. Tomcat's
 * own limit begins anew with each byte.
 *
 * <p>It is no filter, since parameters and the parts of a form do not come through those. What a
 * resource leaves of a body, as one that refuses the request does, is read here and not by Tomcat,
 * which would wait for it as long as anything comes.
 */
class SlowBodyValve extends ValveBase {

  /** How long a thread waits for a body in all, however small that is. */
  static final Duration GRACE = Duration.ofSeconds(15);

  /** So much of a body that nobody wants is read, for the connection to be used again. */
  static final int MOST_DRAINED = 64 * 1024;

  private final Duration grace;

  SlowBodyValve(Duration grace) {
    super(true);
    this.grace = grace;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    org.apache.coyote.Request received = request.getCoyoteRequest();
    if (!request.isAsyncDispatching()) {
      received.setInputBuffer(PacedInput.of(received.getInputBuffer(), grace));
    }
    getNext().invoke(request, response);
    if (!request.isAsync() && !drain(received)) {
      received.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  /** Returns whether that was all; of a body that took its time, too. */
  private static boolean drain(org.apache.coyote.Request request) {
    if (request.hasExpectation() && request.getBytesRead() == 0) {
      return false;
    }
    PacedInput body = (PacedInput) request.getInputBuffer();
    long end = request.getBytesRead() + MOST_DRAINED;
    long until = body.waited + body.grace.toNanos();
    int read = 0;
    try {
      while (read >= 0 && request.getBytesRead() <= end && body.waited <= until) {
        read = request.doRead(new Nowhere());
      }
    } catch (IOException e) {
      return false;
    }
    return read < 0;
  }

  /** What comes while nobody waits for it keeps no thread: only the waiting counts. */
  private static final class PacedInput implements org.apache.coyote.InputBuffer {

    private static final int BYTES_A_SECOND = 1024;
    private static final double NANOS = 1e9;

    private final org.apache.coyote.InputBuffer body;
    private final Duration grace;
    private long waited;
    private long bytes;

    private PacedInput(org.apache.coyote.InputBuffer body, Duration grace) {
      this.body = body;
      this.grace = grace;
    }

    /** The requests of a connection have one input buffer, one after the other. */
    private static PacedInput of(org.apache.coyote.InputBuffer body, Duration grace) {
      return new PacedInput(body instanceof PacedInput earlier ? earlier.body : body, grace);
    }

    @Override
    public int doRead(ApplicationBufferHandler target) throws IOException {
      requirePace();
      long begin = System.nanoTime();
      int read = body.doRead(target);
      waited += System.nanoTime() - begin;
      bytes += Math.max(0, read);
      requirePace();
      return read;
    }

    private void requirePace() throws SocketTimeoutException {
      double beyond = (waited - grace.toNanos()) / NANOS;
      if (beyond > (double) bytes / BYTES_A_SECOND) {
        throw new SocketTimeoutException(
            "the body of the request comes too slowly: %d bytes in %d s"
                .formatted(bytes, Math.round(waited / NANOS)));
      }
    }

    @Override
    public int available() {
      return body.available();
    }
  }

  private static final class Nowhere implements ApplicationBufferHandler {

    private ByteBuffer bytes = ByteBuffer.allocate(0);

    @Override
    public void setByteBuffer(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return bytes;
    }

    @Override
    public void expand(int size) {
      // A body comes in buffers of Tomcat's own.
    }
  }
}
