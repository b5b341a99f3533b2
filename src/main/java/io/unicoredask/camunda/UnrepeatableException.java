package io.unicoredask.camunda;

/** Something that repeating will not mend: somebody has to do something about it first. */
class UnrepeatableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnrepeatableException(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }
}
