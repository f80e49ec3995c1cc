package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * An element in a {@link HashedLeaf}: a member of a set, or a field of a hash with its value.
 * Static functions; {@code at} is where it begins in {@code array}.
 *
 * <pre>
 * element  0  1-5 its length, seven bits to a byte, the lowest first; the top bit: more follow
 *             ..  its bytes
 * value       1-5 twice the length of the value, plus 1 where it expires; only with values
 *             0/8 when it expires, in milliseconds since 1970
 *             ..  the value's bytes
 * </pre>
 */
final class HashedElement {
  static final long NO_EXPIRY = -1;

  private static final int EXPIRY_BYTES = 8;

  private HashedElement() {}

  // Reading.

  /** The element's bytes. */
  static void element(byte[] array, int at, Slice into) {
    long length = number(array, at);
    into.set(array, at + numberBytes(length), (int) length);
  }

  /** Whether these are the element's bytes. */
  static boolean matches(byte[] array, int at, Slice element) {
    int first = array[at];
    if (first >= 0) {
      return first == element.length
          && ElementKey.haveSameBytes(array, at + 1, element.array, element.offset, first);
    }
    long length = number(array, at);
    return length == element.length
        && ElementKey.haveSameBytes(
            array, at + numberBytes(length), element.array, element.offset, (int) length);
  }

  /** Whether two elements have the same bytes, whatever their values. */
  static boolean areSame(byte[] a, int aAt, byte[] b, int bAt) {
    if (a[aAt] != b[bAt]) {
      return false;
    }
    // The lengths first: where they differ, what is compared may not be there.
    long length = number(a, aAt);
    if (length > 0x7f && length != number(b, bAt)) {
      return false;
    }
    int text = numberBytes(length);
    return ElementKey.haveSameBytes(a, aAt + text, b, bAt + text, (int) length);
  }

  /** Where the value's part begins. */
  private static int valueAt(byte[] array, int at) {
    long length = number(array, at);
    return at + numberBytes(length) + (int) length;
  }

  /** The value's bytes. */
  static void value(byte[] array, int at, Slice into) {
    int valueAt = valueAt(array, at);
    long head = number(array, valueAt);
    into.set(array, valueAt + numberBytes(head) + expiryBytes(head), (int) (head >>> 1));
  }

  /** When the value expires, or {@link #NO_EXPIRY}. */
  static long expiryMillis(byte[] array, int at) {
    int valueAt = valueAt(array, at);
    long head = number(array, valueAt);
    return (head & 1) == 0 ? NO_EXPIRY : Bytes.getLong(array, valueAt + numberBytes(head));
  }

  /** What it takes, with its value if there are values. */
  static int sizeBytes(byte[] array, int at, boolean hasValues) {
    int end = valueAt(array, at);
    if (hasValues) {
      long head = number(array, end);
      end += numberBytes(head) + expiryBytes(head) + (int) (head >>> 1);
    }
    return end - at;
  }

  // Writing.

  /** What an element without a value takes. */
  static long sizeBytes(Slice element) {
    return numberBytes(element.length) + (long) element.length;
  }

  /** What an element with a value takes. */
  static long sizeBytes(Slice element, Slice value, long expiryMillis) {
    long head = head(value, expiryMillis);
    return sizeBytes(element) + numberBytes(head) + expiryBytes(head) + value.length;
  }

  /** Writes an element without a value; its end. */
  static int write(byte[] array, int at, Slice element) {
    int bytesAt = putNumber(array, at, element.length);
    System.arraycopy(element.array, element.offset, array, bytesAt, element.length);
    return bytesAt + element.length;
  }

  /** Writes an element with a value; its end. */
  static int write(byte[] array, int at, Slice element, Slice value, long expiryMillis) {
    long head = head(value, expiryMillis);
    int bytesAt = putNumber(array, write(array, at, element), head);
    if (expiryMillis != NO_EXPIRY) {
      Bytes.putLong(array, bytesAt, expiryMillis);
      bytesAt += EXPIRY_BYTES;
    }
    System.arraycopy(value.array, value.offset, array, bytesAt, value.length);
    return bytesAt + value.length;
  }

  private static long head(Slice value, long expiryMillis) {
    return (long) value.length << 1 | (expiryMillis == NO_EXPIRY ? 0 : 1);
  }

  private static int expiryBytes(long head) {
    return (head & 1) == 0 ? 0 : EXPIRY_BYTES;
  }

  // Numbers.

  private static long number(byte[] array, int at) {
    long number = array[at] & 0x7f;
    for (int i = 0; array[at + i] < 0; ) {
      i++;
      number |= (long) (array[at + i] & 0x7f) << (7 * i);
    }
    return number;
  }

  private static int numberBytes(long number) {
    int bytes = 1;
    for (long rest = number >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  private static int putNumber(byte[] array, int at, long number) {
    int end = at;
    long rest = number;
    for (; rest > 0x7f; rest >>>= 7) {
      array[end++] = (byte) (rest | 0x80);
    }
    array[end++] = (byte) rest;
    return end;
  }
}
