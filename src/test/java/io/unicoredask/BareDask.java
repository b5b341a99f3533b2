package io.unicoredask;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Hides what a Python may have beside Dask, and Dask then imports, from what is started with this
 * on its module path.
 */
public final class BareDask {

  private static final Path PATH = Path.of("target", "bare-dask").toAbsolutePath();

  private BareDask() {}

  /** What to set {@code PYTHONPATH} to. */
  public static synchronized Path path() {
    try {
      hide("bokeh");
      hide("numpy");
      return PATH;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void hide(String name) throws IOException {
    Path module = Files.createDirectories(PATH.resolve(name)).resolve("__init__.py");
    if (!Files.exists(module)) {
      // Processes of other JVMs read it: it is there as a whole, or not at all.
      Path made = Files.createTempFile(PATH, name, ".py");
      Files.writeString(made, "raise ImportError('hidden')\n");
      Files.move(made, module, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
