package io.cinnabar.persistence;

/**
 * Bytes that are no RDB, or none that can be read here. The message says what is wrong with what
 * was read: it {@code ends too early}.
 */
public class RdbException extends Exception {

  private static final long serialVersionUID = 1L;

  public RdbException(String message) {
    super(message, null, false, false);
  }

  /** What is wrong. */
  public final String reason() {
    return String.valueOf(getMessage());
  }

  /**
   * A value without elements, which no server makes. It was read to its end, so that the next can
   * follow.
   */
  static final class EmptyValue extends RdbException {

    private static final long serialVersionUID = 1L;

    EmptyValue(String message) {
      super(message);
    }
  }
}
