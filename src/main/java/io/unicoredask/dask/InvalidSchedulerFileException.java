package io.unicoredask.dask;

/** A file that is complete, but is no scheduler file that this program can use. */
public class InvalidSchedulerFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidSchedulerFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
