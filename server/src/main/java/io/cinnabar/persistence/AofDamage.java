package io.cinnabar.persistence;

/** A place in an append-only file that is not as it should be. */
final class AofDamage extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is wrong there. */
  enum Kind {
    /** The file ends before what begins there does. */
    SHORT,

    /** It is no command. */
    FORMAT,

    /** It is not what was written. */
    CHECKSUM
  }

  private final Kind kind;
  private final long offset;

  AofDamage(Kind kind, long offset) {
    super(kind + " at " + offset, null, false, false);
    this.kind = kind;
    this.offset = offset;
  }

  /** What is wrong, for the log. */
  String describe() {
    return switch (kind) {
      case SHORT -> "the file ends before what begins there does";
      case FORMAT -> "no command begins there";
      case CHECKSUM -> "the checksum of the batch that begins there is wrong";
    };
  }

  Kind kind() {
    return kind;
  }

  /** Where it begins: all before it is whole. */
  long offset() {
    return offset;
  }
}
