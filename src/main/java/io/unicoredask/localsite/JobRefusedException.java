package io.unicoredask.localsite;

/** A job description that UNICORE takes and then fails; the message is what UNICORE says. */
final class JobRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  JobRefusedException(String message) {
    super(message);
  }
}
