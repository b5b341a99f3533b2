package io.unicoredask.unicore;

/**
 * What every request to a site passes before it is made, those that renew a session included, and
 * what is told how it went.
 */
@FunctionalInterface
public interface RequestGate extends SiteListener {

  /** Lets every request pass at once. */
  RequestGate OPEN = () -> {};

  /**
   * Returns when the current thread may make a request.
   *
   * @throws InterruptedException if the thread is interrupted before that; no request is made then
   */
  void pass() throws InterruptedException;
}
