package io.unicoredask;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Hides bokeh, which a Python may have, from what is started with this on its module path. */
public final class NoBokeh {

  private static final Path PATH = Path.of("target", "no-bokeh").toAbsolutePath();

  private NoBokeh() {}

  /** What to set {@code PYTHONPATH} to. */
  public static synchronized Path path() {
    try {
      Path module = Files.createDirectories(PATH.resolve("bokeh")).resolve("__init__.py");
      if (!Files.exists(module)) {
        // Processes of other JVMs read it: it is there as a whole, or not at all.
        Path made = Files.createTempFile(PATH, "bokeh", ".py");
        Files.writeString(made, "raise ImportError('hidden')\n");
        Files.move(made, module, StandardCopyOption.ATOMIC_MOVE);
      }
      return PATH;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
