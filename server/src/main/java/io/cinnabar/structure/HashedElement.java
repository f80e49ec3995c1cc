package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * An element in a {@link HashedLeaf}: a member of a set, or a field of a hash with its value.
 * Static functions; {@code at} is where it begins in {@code array}.
 *
 * <pre>
 * element  0  1-5 its length, a {@link Varint}
 *             ..  its bytes
 * value       1-5 twice the length of the value, plus 1 where it expires: a Varint; only with values
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
    long length = Varint.get(array, at);
    into.set(array, at + Varint.bytes(length), (int) length);
  }

  /** Whether these are the element's bytes. */
  static boolean matches(byte[] array, int at, Slice element) {
    int first = array[at];
    if (first >= 0) {
      return first == element.length
          && ElementKey.haveSameBytes(array, at + 1, element.array, element.offset, first);
    }
    long length = Varint.get(array, at);
    return length == element.length
        && ElementKey.haveSameBytes(
            array, at + Varint.bytes(length), element.array, element.offset, (int) length);
  }

  /** Whether two elements have the same bytes, whatever their values. */
  static boolean areSame(byte[] a, int aAt, byte[] b, int bAt) {
    if (a[aAt] != b[bAt]) {
      return false;
    }
    // The lengths first: where they differ, what is compared may not be there.
    long length = Varint.get(a, aAt);
    if (length > 0x7f && length != Varint.get(b, bAt)) {
      return false;
    }
    int text = Varint.bytes(length);
    return ElementKey.haveSameBytes(a, aAt + text, b, bAt + text, (int) length);
  }

  /** Where the value's part begins. */
  private static int valueAt(byte[] array, int at) {
    long length = Varint.get(array, at);
    return at + Varint.bytes(length) + (int) length;
  }

  /** The value's bytes. */
  static void value(byte[] array, int at, Slice into) {
    int valueAt = valueAt(array, at);
    long head = Varint.get(array, valueAt);
    into.set(array, valueAt + Varint.bytes(head) + expiryBytes(head), (int) (head >>> 1));
  }

  /** When the value expires, or {@link #NO_EXPIRY}. */
  static long expiryMillis(byte[] array, int at) {
    int valueAt = valueAt(array, at);
    long head = Varint.get(array, valueAt);
    return (head & 1) == 0 ? NO_EXPIRY : Bytes.getLong(array, valueAt + Varint.bytes(head));
  }

  /** What it takes, with its value if there are values. */
  static int sizeBytes(byte[] array, int at, boolean hasValues) {
    int end = valueAt(array, at);
    if (hasValues) {
      long head = Varint.get(array, end);
      end += Varint.bytes(head) + expiryBytes(head) + (int) (head >>> 1);
    }
    return end - at;
  }

  // Writing.

  /** What an element without a value takes. */
  static long sizeBytes(Slice element) {
    return Varint.bytes(element.length) + (long) element.length;
  }

  /** What an element with a value takes. */
  static long sizeBytes(Slice element, Slice value, long expiryMillis) {
    long head = head(value, expiryMillis);
    return sizeBytes(element) + Varint.bytes(head) + expiryBytes(head) + value.length;
  }

  /** Writes an element without a value; its end. */
  static int write(byte[] array, int at, Slice element) {
    int bytesAt = Varint.put(array, at, element.length);
    System.arraycopy(element.array, element.offset, array, bytesAt, element.length);
    return bytesAt + element.length;
  }

  /** Writes an element with a value; its end. */
  static int write(byte[] array, int at, Slice element, Slice value, long expiryMillis) {
    long head = head(value, expiryMillis);
    int bytesAt = Varint.put(array, write(array, at, element), head);
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
}
