package io.unicoredask.cluster.request;

/** What becomes of a ready cluster whose scheduler is lost. */
public enum OnSchedulerLost {
  /** It fails, and is torn down. */
  FAIL("fail"),

  /** It gets a new scheduler and new workers, which know nothing of what the old ones computed. */
  RESTART("restart");

  private final String value;

  OnSchedulerLost(String value) {
    this.value = value;
  }

  /** What variable {@code onSchedulerLost} says. */
  public String value() {
    return value;
  }
}
