package io.cinnabar.persistence;

/** Bytes that are no RDB, or none that can be read here. The message says what is wrong. */
public final class RdbException extends Exception {

  private static final long serialVersionUID = 1L;

  public RdbException(String message) {
    super(message, null, false, false);
  }
}
