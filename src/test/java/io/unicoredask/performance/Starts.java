package io.unicoredask.performance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Many clusters started at once, and how long others wait for an answer meanwhile.
 *
 * @param seconds until all starts were answered
 * @param start the median of the starts' own answers, in milliseconds
 * @param look the median of other answers meanwhile, in milliseconds
 * @param worst the longest of those
 */
record Starts(double seconds, double start, double look, double worst) {

  private static final int CLIENTS = 8;
  private static final int PAUSE_MILLIS = 20;

  static Starts of(MeasuredEngine engine, int count, Map<String, Object> variables)
      throws Exception {
    List<Double> starts = Collections.synchronizedList(new ArrayList<>());
    List<Double> looks = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
    try {
      engine.look();
      long began = System.nanoTime();
      Future<?> looking =
          clients.submit(
              () -> {
                do {
                  looks.add(millis(engine::look));
                  Thread.sleep(PAUSE_MILLIS);
                } while (!over.get());
                return null;
              });
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(clients.submit(() -> starts.add(millis(() -> engine.startCluster(variables)))));
      }
      for (Future<?> one : all) {
        one.get();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      over.set(true);
      looking.get();
      return new Starts(seconds, median(starts), median(looks), Collections.max(looks));
    } finally {
      clients.shutdownNow();
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  private static double millis(Call call) {
    long began = System.nanoTime();
    try {
      call.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
