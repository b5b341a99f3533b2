package io.unicoredask.application;

/** No Python with Dask was found, and none could be installed. The message says what to install. */
public class DaskPythonMissingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DaskPythonMissingException(String message) {
    super(message);
  }
}
