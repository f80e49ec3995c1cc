package io.cinnabar.acl;

import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;

/** A pattern of keys, and what may be done with those that match. */
final class KeyPattern {

  /** In sets of purposes: data are read, or changed. */
  static final int READ = 1;

  static final int WRITE = 2;

  private final String text;
  private final Slice pattern;
  private int purposes;

  KeyPattern(String text, int purposes) {
    this.text = text;
    this.pattern = new Slice(ByteText.bytes(text));
    this.purposes = purposes;
  }

  KeyPattern(KeyPattern other) {
    this(other.text, other.purposes);
  }

  /** The pattern alone, as byte text. */
  String text() {
    return text;
  }

  /** Allows more with the same keys. */
  void add(int more) {
    purposes |= more;
  }

  boolean allows(Slice key, int wanted) {
    return (purposes & wanted) == wanted && Glob.matches(pattern, key);
  }

  boolean allowsReadingAll() {
    return (purposes & READ) != 0 && text.equals("*");
  }

  /** As a rule. */
  @Override
  public String toString() {
    return switch (purposes) {
      case READ -> "%R~" + text;
      case WRITE -> "%W~" + text;
      default -> "~" + text;
    };
  }
}
