package io.unicoredask.cluster.identity;

/** The engine may not act at a site, now or until somebody says that it may. */
public class HandsOffException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  /**
   * @param message site, cause and remedy
   * @param mayPass whether it may be over without anybody doing anything
   */
  public HandsOffException(String message, boolean mayPass) {
    super(message);
    this.mayPass = mayPass;
  }

  /** Whether it may be over without anybody doing anything. */
  public boolean mayPass() {
    return mayPass;
  }
}
