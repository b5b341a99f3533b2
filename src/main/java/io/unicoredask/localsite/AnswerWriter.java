package io.unicoredask.localsite;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.unicoredask.localsite.Answer.FilePart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Writes answers as Jetty does below UNICORE. */
final class AnswerWriter {
  private static final int CHUNK = 64 * 1024;

  private AnswerWriter() {}

  static HttpResponseStatus status(int code) {
    return switch (code) {
      case 432 -> new HttpResponseStatus(432, "432");
      case 500 -> new HttpResponseStatus(500, "Server Error");
      default -> HttpResponseStatus.valueOf(code);
    };
  }

  static void addDefaults(HttpHeaders headers) {
    headers.set(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    headers.set("X-Frame-Options", "DENY");
  }

  /**
   * Writes an answer; waits for the client to take a file, so not to be called by an event loop.
   *
   * @param head whether to leave out the content
   * @param keepAlive whether the connection stays open
   */
  static ChannelFuture write(Channel channel, Answer answer, boolean head, boolean keepAlive) {
    boolean withFile = answer.file() != null && !head;
    FileChannel file = null;
    if (withFile) {
      try {
        file = FileChannel.open(answer.file().path(), StandardOpenOption.READ);
      } catch (IOException e) {
        return write(channel, Answer.error(500, "Error downloading: " + e), false, keepAlive);
      }
    }
    HttpResponseStatus status = status(answer.status());
    HttpResponse response =
        withFile
            ? new DefaultHttpResponse(HttpVersion.HTTP_1_1, status)
            : new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    HttpHeaders headers = response.headers();
    addDefaults(headers);
    answer.headers().forEach(headers::set);
    if (answer.status() != 204) {
      headers.set("Content-Length", answer.length());
    }
    if (!keepAlive) {
      headers.set("Connection", HttpHeaderValues.CLOSE);
    }
    ChannelFuture written;
    if (withFile) {
      channel.write(response);
      writeFile(channel, file, answer.file());
      written = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      written = channel.writeAndFlush(response);
    }
    return keepAlive ? written : written.addListener(ChannelFutureListener.CLOSE);
  }

  /** Writes an answer that promises content, and none of it. */
  static ChannelFuture writeHead(Channel channel, Answer answer) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(answer.status()));
    addDefaults(response.headers());
    answer.headers().forEach(response.headers()::set);
    response.headers().set("Content-Length", answer.length() + 1);
    return channel.writeAndFlush(response);
  }

  /** A file that has become shorter meanwhile ends the connection, the length being promised. */
  private static void writeFile(Channel channel, FileChannel opened, FilePart part) {
    try (FileChannel file = opened) {
      long end = part.offset() + part.length();
      for (long at = part.offset(); at < end && channel.isActive(); ) {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, end - at));
        int read = file.read(chunk, at);
        if (read < 0) {
          channel.close();
          return;
        }
        at += read;
        channel.writeAndFlush(Unpooled.wrappedBuffer(chunk.flip())).awaitUninterruptibly();
      }
    } catch (IOException e) {
      channel.close();
    }
  }
}
