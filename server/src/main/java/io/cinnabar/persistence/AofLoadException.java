package io.cinnabar.persistence;

/** An append-only file that can't be loaded. The log has said why. */
public final class AofLoadException extends Exception {

  private static final long serialVersionUID = 1L;

  AofLoadException(String message) {
    super(message, null, false, false);
  }
}
