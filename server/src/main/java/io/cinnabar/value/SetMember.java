package io.cinnabar.value;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;

/**
 * A member of sets, given or found, which is asked for in one set after the other: a text, an
 * integer, or both. What it is besides is computed when it is asked for, and once. Used again and
 * again; what it was moved over must not change meanwhile.
 */
public final class SetMember {
  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private long integer;
  private long hash;
  private boolean hasText;
  private boolean hasHash;
  private boolean isInteger;
  private boolean isIntegerKnown;

  /** Moves over the bytes of a text, which may be that of an integer. */
  public SetMember of(Slice given) {
    textToFill().set(given);
    return this;
  }

  /** The slice for the bytes of the next text. */
  Slice textToFill() {
    hasText = true;
    hasHash = false;
    isIntegerKnown = false;
    return text;
  }

  /** Makes it an integer. */
  SetMember of(long value) {
    integer = value;
    isInteger = true;
    isIntegerKnown = true;
    hasText = false;
    hasHash = false;
    return this;
  }

  /** Whether it was found as an integer, so that there is no text of it yet. */
  public boolean isWithoutText() {
    return !hasText;
  }

  /** Whether it is an integer, in the only form of its text. */
  public boolean isInteger() {
    if (!isIntegerKnown) {
      isIntegerKnown = true;
      isInteger = IntegerText.isLong(text);
      if (isInteger) {
        integer = IntegerText.toLong(text);
      }
    }
    return isInteger;
  }

  /** The integer; only where it {@link #isInteger}. */
  public long integer() {
    return integer;
  }

  /** Its bytes; valid until this is moved over another. */
  public Slice text() {
    if (!hasText) {
      hasText = true;
      text.set(digits, 0, IntegerText.write(integer, digits, 0));
    }
    return text;
  }

  /** The length of its text in bytes. */
  int length() {
    return hasText ? text.length : IntegerText.length(integer);
  }

  /** Its hash, which is the same in all sets. */
  long hash(ValueBlock block) {
    if (!hasHash) {
      hasHash = true;
      hash = block.hashOf(text());
    }
    return hash;
  }

  /** Lets go of the array that its text lay in. */
  void release() {
    text.set(digits, 0, 0);
  }
}
