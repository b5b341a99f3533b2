package io.unicoredask.localsite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at processes. */
final class Processes {
  private Processes() {}

  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(Processes::isAlive).isPresent();
  }

  /** Not counting those that have ended and that nobody has asked about yet. */
  static boolean isAlive(ProcessHandle process) {
    Path state = Path.of("/proc/" + process.pid() + "/stat");
    try {
      return process.isAlive() && !(Files.exists(state) && Files.readString(state).contains(") Z"));
    } catch (IOException endedJustNow) {
      return false;
    }
  }
}
