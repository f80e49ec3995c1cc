package io.cinnabar.value;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;

/**
 * The ID of a stream's entry: milliseconds and a sequence number, both unsigned 64-bit numbers. An
 * object is moved from ID to ID.
 */
public final class StreamId implements Comparable<StreamId> {
  /** The longest text of an ID: two numbers of 20 digits and a minus. */
  public static final int MAX_TEXT_BYTES = 41;

  private static final int MAX_PARSED_BYTES = 127;
  private static final int MAX_UNSIGNED_DIGITS = 20;

  public long ms;
  public long seq;

  public StreamId set(long ms, long seq) {
    this.ms = ms;
    this.seq = seq;
    return this;
  }

  public StreamId set(StreamId other) {
    return set(other.ms, other.seq);
  }

  /** The least of all. */
  public StreamId setLeast() {
    return set(0, 0);
  }

  /** The greatest of all. */
  public StreamId setGreatest() {
    return set(-1, -1);
  }

  public boolean isZero() {
    return (ms | seq) == 0;
  }

  public boolean isGreatest() {
    return (ms & seq) == -1;
  }

  public boolean equalTo(StreamId other) {
    return ms == other.ms && seq == other.seq;
  }

  /** Negative, 0 or positive as this is less, equal or greater. */
  @Override
  public int compareTo(StreamId other) {
    return compare(ms, seq, other.ms, other.seq);
  }

  /** Negative, 0 or positive as the first ID is less, equal or greater. */
  public static int compare(long ms, long seq, long otherMs, long otherSeq) {
    return ms == otherMs ? Long.compareUnsigned(seq, otherSeq) : Long.compareUnsigned(ms, otherMs);
  }

  /** Moves to the next ID; false, and stays, where there is none. */
  public boolean increment() {
    if (isGreatest()) {
      return false;
    }
    if (++seq == 0) {
      ms++;
    }
    return true;
  }

  /** Moves to the ID before; false, and stays, where there is none. */
  public boolean decrement() {
    if (isZero()) {
      return false;
    }
    if (seq-- == 0) {
      ms--;
    }
    return true;
  }

  /** The ID for an entry that is added now to a stream whose last one is {@code last}. */
  public boolean setNext(StreamId last, long nowMillis) {
    if (Long.compareUnsigned(nowMillis, last.ms) > 0) {
      set(nowMillis, 0);
      return true;
    }
    return set(last).increment();
  }

  // Text.

  /** Writes {@code ms-seq}; the index after it. */
  public int write(byte[] bytes, int offset) {
    int at = writeUnsigned(ms, bytes, offset);
    bytes[at++] = '-';
    return writeUnsigned(seq, bytes, at);
  }

  private static int writeUnsigned(long number, byte[] bytes, int offset) {
    if (number >= 0) {
      return IntegerText.write(number, bytes, offset);
    }
    int at = IntegerText.write(Long.divideUnsigned(number, 10), bytes, offset);
    bytes[at] = (byte) ('0' + Long.remainderUnsigned(number, 10));
    return at + 1;
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(ms) + "-" + Long.toUnsignedString(seq);
  }

  /** How much of an ID a text tells. */
  public enum Parsed {
    /** It is none. */
    INVALID,
    /** All of it, or the milliseconds alone. */
    WHOLE,
    /** The milliseconds; the sequence number is to be made. */
    WITHOUT_SEQUENCE
  }

  /**
   * Reads {@code ms-seq}, {@code ms} or {@code ms-*}. As Redis does it reads up to a NUL, and
   * numbers as C's strtoull does.
   *
   * @param missingSeq the sequence number where there is none
   */
  public Parsed parse(Slice text, long missingSeq) {
    return parse(text.array, text.offset, text.length, missingSeq);
  }

  /** As {@link #parse(Slice, long)}. */
  public Parsed parse(byte[] array, int offset, int length, long missingSeq) {
    if (length > MAX_PARSED_BYTES) {
      return Parsed.INVALID;
    }
    int end = indexOf((byte) 0, array, offset, offset + length);
    int minus = indexOf((byte) '-', array, offset, end);
    if (!isNumber(array, offset, minus)) {
      return Parsed.INVALID;
    }
    long parsedMs = number(array, offset, minus);
    if (minus == end) {
      set(parsedMs, missingSeq);
      return Parsed.WHOLE;
    }
    if (minus + 2 == end && array[minus + 1] == '*') {
      set(parsedMs, 0);
      return Parsed.WITHOUT_SEQUENCE;
    }
    if (!isNumber(array, minus + 1, end)) {
      return Parsed.INVALID;
    }
    set(parsedMs, number(array, minus + 1, end));
    return Parsed.WHOLE;
  }

  /** The index of the first such byte, or {@code end}. */
  private static int indexOf(byte wanted, byte[] array, int from, int end) {
    int at = from;
    while (at < end && array[at] != wanted) {
      at++;
    }
    return at;
  }

  private static boolean isNumber(byte[] array, int from, int end) {
    if (IntegerText.isLong(array, from, end - from)) {
      return array[from] != '-';
    }
    int at = firstDigit(array, from, end);
    if (at == end) {
      return false;
    }
    while (at < end - 1 && array[at] == '0') {
      at++;
    }
    if (end - at > MAX_UNSIGNED_DIGITS) {
      return false;
    }
    long number = 0;
    for (int i = at; i < end; i++) {
      int digit = array[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      long next = number * 10 + digit;
      boolean overflows =
          Long.compareUnsigned(number, Long.divideUnsigned(-1, 10)) > 0
              || Long.compareUnsigned(next, number * 10) < 0;
      if (overflows) {
        return false;
      }
      number = next;
    }
    return true;
  }

  private static int firstDigit(byte[] array, int from, int end) {
    int at = from;
    while (at < end && (array[at] == ' ' || (array[at] >= '\t' && array[at] <= '\r'))) {
      at++;
    }
    return at < end && (array[at] == '-' || array[at] == '+') ? at + 1 : at;
  }

  private static long number(byte[] array, int from, int end) {
    int at = firstDigit(array, from, end);
    long number = 0;
    for (int i = at; i < end; i++) {
      number = number * 10 + (array[i] - '0');
    }
    return at > from && array[at - 1] == '-' ? -number : number;
  }
}
