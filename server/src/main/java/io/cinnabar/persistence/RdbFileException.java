package io.cinnabar.persistence;

/** What is wrong with a file of RDB, and where. */
final class RdbFileException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long offset;
  private final boolean isEmptyValue;

  RdbFileException(String message, long offset, boolean isEmptyValue) {
    super(message, null, false, false);
    this.offset = offset;
    this.isEmptyValue = isEmptyValue;
  }

  /** A sentence without its end: what is wrong, and at which byte of the file it was seen. */
  String reason() {
    return getMessage() + ", at offset " + offset;
  }

  /** Up to where the file was read. */
  long offset() {
    return offset;
  }

  /** Whether a value has no elements, and nothing else is wrong: the next key can follow. */
  boolean isEmptyValue() {
    return isEmptyValue;
  }
}
