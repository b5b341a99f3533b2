package io.unicoredask.application;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Breaks off a request whose body comes so slowly that it is there to keep a thread busy. The web
 * server's own limit begins anew with each byte.
 */
class BodyPace extends OncePerRequestFilter {

  /** How long a body may take, however small it is. */
  static final Duration GRACE = Duration.ofSeconds(15);

  /** What has to come in each second beyond that, on average. */
  static final int BYTES_A_SECOND = 1024;

  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;

  BodyPace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(new PacedRequest(request), response);
  }

  private final class PacedRequest extends HttpServletRequestWrapper {
    private ServletInputStream body;

    private PacedRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (body == null) {
        body = new PacedBody(super.getInputStream());
      }
      return body;
    }
  }

  private final class PacedBody extends ServletInputStream {
    private final ServletInputStream body;
    private final long begin = nanoTime.getAsLong();
    private long bytes;

    private PacedBody(ServletInputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      int read = body.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = body.read(target, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int more) throws IOException {
      bytes += more;
      double seconds = (nanoTime.getAsLong() - begin) / NANOS - GRACE.toSeconds();
      if (seconds > (double) bytes / BYTES_A_SECOND) {
        throw new IOException(
            "the body of the request comes too slowly: %d bytes in %d s"
                .formatted(bytes, Math.round(seconds + GRACE.toSeconds())));
      }
    }

    @Override
    public int available() throws IOException {
      return body.available();
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
