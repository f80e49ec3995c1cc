package io.cinnabar.persistence;

/** What is wrong with a file of RDB, and where: the message is a sentence without its end. */
public final class RdbFileException extends RdbException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final long offset;
  private final boolean isEmptyValue;

  RdbFileException(String what, long offset, boolean isEmptyValue) {
    super(what + ", at offset " + offset);
    this.what = what;
    this.offset = offset;
    this.isEmptyValue = isEmptyValue;
  }

  /** What is wrong, without where. */
  String what() {
    return what;
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
