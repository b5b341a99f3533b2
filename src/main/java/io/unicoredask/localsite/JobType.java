package io.unicoredask.localsite;

import java.util.Locale;

/** How a job is run. */
enum JobType {
  BATCH,
  ON_LOGIN_NODE,
  RAW,
  ALLOCATE;

  static JobType of(String text) throws JobRefusedException {
    String name = text == null ? "BATCH" : text.toUpperCase(Locale.ROOT);
    switch (name) {
      case "NORMAL":
        return BATCH;
      case "INTERACTIVE":
        return ON_LOGIN_NODE;
      default:
        try {
          return valueOf(name);
        } catch (IllegalArgumentException unknown) {
          throw new JobRefusedException(
              "No enum constant eu.unicore.xnjs.idb.ApplicationInfo.JobType." + name);
        }
    }
  }
}
