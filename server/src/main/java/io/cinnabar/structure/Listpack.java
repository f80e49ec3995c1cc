package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * A list of strings and integers as consecutive bytes, in Redis's format: what a small list, set or
 * sorted set is made of, in memory as in files, and a small hash in files; see {@link
 * PackedSequence}. Static functions over the bytes.
 *
 * <pre>
 * 0   4  total: the bytes of all this, little-endian
 * 4   2  count of the entries, little-endian; 65,535: so many or more, they have to be counted
 * 6      the entries, see {@link ListpackEntry}
 *     1  0xFF, as which no entry begins
 * </pre>
 *
 * <p>A position is that of an entry, in bytes from the start of the listpack; {@link #NONE} stands
 * for none. It holds until the bytes before it are changed. Whoever reads says where the listpack
 * is: array and index of its first byte. Whoever changes it hands over the bytes it lies in, which
 * are exactly as long as it.
 *
 * <p>A string that is an integer in its only valid form is held as an integer. What is inserted
 * never lies in the bytes that are changed. All changes can throw {@link
 * io.cinnabar.arena.ArenaFullException} and have changed nothing then. Damaged bytes are undefined
 * to all but {@link #validate}.
 */
public final class Listpack {

  /** No position. */
  public static final int NONE = -1;

  /** The length of one without entries. */
  public static final int EMPTY_BYTES = 7;

  /** How long one may grow. */
  public static final int MAX_BYTES = 1 << 30;

  /** Where the number of entries is. */
  static final int COUNT = 4;

  /** Where the first entry is. */
  static final int HEADER_BYTES = 6;

  private static final int UNKNOWN = 0xFFFF;
  private static final byte END = (byte) 0xFF;

  private Listpack() {}

  /** Makes the bytes, whatever they were, one without entries. */
  public static void format(EditableBytes bytes) {
    bytes.resize(EMPTY_BYTES);
    byte[] a = bytes.array();
    int start = bytes.offset();
    Bytes.putInt(a, start, EMPTY_BYTES);
    Bytes.putShort(a, start + COUNT, 0);
    a[start + HEADER_BYTES] = END;
  }

  /**
   * Writes what stands around entries that come from elsewhere.
   *
   * @param entryBytes of all entries
   * @return the index in the array where they have to be put
   */
  public static int frame(byte[] a, int start, int entryBytes, int count) {
    Bytes.putInt(a, start, EMPTY_BYTES + entryBytes);
    Bytes.putShort(a, start + COUNT, Math.min(count, UNKNOWN));
    a[start + HEADER_BYTES + entryBytes] = END;
    return start + HEADER_BYTES;
  }

  // The header.

  /** The number of entries; from 65,535 on they are counted one by one. */
  public static int count(byte[] a, int start) {
    int count = Bytes.getUnsignedShort(a, start + COUNT);
    return count == UNKNOWN ? recount(a, start) : count;
  }

  private static int recount(byte[] a, int start) {
    int count = 0;
    for (int p = start + HEADER_BYTES; a[p] != END; p += ListpackEntry.entryBytes(a, p)) {
      count++;
    }
    return count;
  }

  public static int totalBytes(byte[] a, int start) {
    return Bytes.getInt(a, start);
  }

  /** Whether so many bytes more would still make one that others read. */
  public static boolean hasRoomFor(byte[] a, int start, long addedBytes) {
    return totalBytes(a, start) + addedBytes <= MAX_BYTES;
  }

  // Positions.

  public static int first(byte[] a, int start) {
    return orNone(a, start, HEADER_BYTES);
  }

  public static int last(byte[] a, int start) {
    return previous(a, start, end(a, start));
  }

  public static int next(byte[] a, int start, int p) {
    return orNone(a, start, p + ListpackEntry.entryBytes(a, start + p));
  }

  public static int previous(byte[] a, int start, int p) {
    return p == HEADER_BYTES ? NONE : p - ListpackEntry.entryBytesBefore(a, start + p);
  }

  /** The position behind the last entry, of which {@link #insert} makes the last but one. */
  public static int end(byte[] a, int start) {
    return totalBytes(a, start) - 1;
  }

  private static int orNone(byte[] a, int start, int p) {
    return a[start + p] == END ? NONE : p;
  }

  /** The entry with this index, from 0 on, or counted from the end, from -1 on. */
  public static int seek(byte[] a, int start, int index) {
    int count = Bytes.getUnsignedShort(a, start + COUNT);
    int wanted = index;
    if (count != UNKNOWN) {
      if (wanted >= count || wanted < -count) {
        return NONE;
      }
      // From the nearer end.
      if (wanted >= 0 && wanted > count / 2) {
        wanted -= count;
      } else if (wanted < 0 && wanted + count <= count / 2) {
        wanted += count;
      }
    }
    return wanted < 0 ? seekBackwards(a, start, wanted) : seekForwards(a, start, wanted);
  }

  private static int seekForwards(byte[] a, int start, int index) {
    int p = first(a, start);
    for (int left = index; left > 0 && p != NONE; left--) {
      p = next(a, start, p);
    }
    return p;
  }

  private static int seekBackwards(byte[] a, int start, int index) {
    int p = last(a, start);
    for (int left = index; left < -1 && p != NONE; left++) {
      p = previous(a, start, p);
    }
    return p;
  }

  // Elements.

  /** Whether the element is held as an integer. */
  public static boolean isInteger(byte[] a, int start, int p) {
    return PackedElement.isInteger(a, start + p);
  }

  /** The element; undefined unless {@link #isInteger}. */
  public static long integer(byte[] a, int start, int p) {
    return PackedElement.integer(a, start + p);
  }

  /** The element as a string, see {@link PackedElement#text}. */
  public static void text(byte[] a, int start, int p, Slice into, byte[] digits) {
    PackedElement.text(a, start + p, into, digits);
  }

  /** How many bytes the element has as a string. */
  public static int length(byte[] a, int start, int p) {
    return PackedElement.length(a, start + p);
  }

  /** Whether the element is this string. */
  public static boolean matches(byte[] a, int start, int p, Slice element) {
    return PackedElement.matches(a, start + p, element);
  }

  /**
   * The first entry from {@code p} on that is this string. Between two that are compared {@code
   * skip} are passed over: with 1 only fields are sought, no values.
   */
  public static int find(byte[] a, int start, int p, Slice element, int skip) {
    if (p == NONE) {
      return NONE;
    }
    int found = ListpackEntry.find(a, start + p, start + end(a, start), element, skip);
    return found == NONE ? NONE : found - start;
  }

  // Inserting.

  public static void append(EditableBytes bytes, Slice element) {
    insert(bytes, end(bytes.array(), bytes.offset()), element);
  }

  public static void append(EditableBytes bytes, long value) {
    insert(bytes, end(bytes.array(), bytes.offset()), value);
  }

  public static void prepend(EditableBytes bytes, Slice element) {
    insert(bytes, HEADER_BYTES, element);
  }

  public static void prepend(EditableBytes bytes, long value) {
    insert(bytes, HEADER_BYTES, value);
  }

  /** Inserts before the entry at {@code p}, or at the {@link #end}; the new one is there then. */
  public static void insert(EditableBytes bytes, int p, Slice element) {
    if (IntegerText.isLong(element)) {
      insert(bytes, p, IntegerText.toLong(element));
      return;
    }
    int at = splice(bytes, p, 0, ListpackEntry.stringBytes(element.length), 1);
    ListpackEntry.writeString(bytes.array(), at, element);
  }

  /** Inserts before the entry at {@code p}, or at the {@link #end}; the new one is there then. */
  public static void insert(EditableBytes bytes, int p, long value) {
    int at = splice(bytes, p, 0, ListpackEntry.encodedBytes(value), 1);
    ListpackEntry.writeEntry(bytes.array(), at, value);
  }

  /** Appends two entries, or none if there is no room for both. */
  public static void appendPair(EditableBytes bytes, Slice first, Slice second) {
    insertPair(bytes, end(bytes.array(), bytes.offset()), first, second);
  }

  /** Inserts two entries, or none if there is no room for both, as {@link #insert} does one. */
  public static void insertPair(EditableBytes bytes, int p, Slice first, Slice second) {
    int added = ListpackEntry.encodedBytes(first) + ListpackEntry.encodedBytes(second);
    int at = splice(bytes, p, 0, added, 2);
    at = ListpackEntry.writeEntry(bytes.array(), at, first);
    ListpackEntry.writeEntry(bytes.array(), at, second);
  }

  /**
   * Appends a run of entries from elsewhere as they are.
   *
   * @param from the index of the first in {@code source}
   * @param to the index behind the last
   * @param count how many they are
   */
  public static void appendAll(EditableBytes bytes, byte[] source, int from, int to, int count) {
    int at = splice(bytes, end(bytes.array(), bytes.offset()), 0, to - from, count);
    System.arraycopy(source, from, bytes.array(), at, to - from);
  }

  // Replacing and deleting.

  /** Puts another element in the place of the one at {@code p}. */
  public static void replace(EditableBytes bytes, int p, Slice element) {
    if (IntegerText.isLong(element)) {
      replace(bytes, p, IntegerText.toLong(element));
      return;
    }
    int removed = ListpackEntry.entryBytes(bytes.array(), bytes.offset() + p);
    int at = splice(bytes, p, removed, ListpackEntry.stringBytes(element.length), 0);
    ListpackEntry.writeString(bytes.array(), at, element);
  }

  /** Puts another element in the place of the one at {@code p}. */
  public static void replace(EditableBytes bytes, int p, long value) {
    int removed = ListpackEntry.entryBytes(bytes.array(), bytes.offset() + p);
    int at = splice(bytes, p, removed, ListpackEntry.encodedBytes(value), 0);
    ListpackEntry.writeEntry(bytes.array(), at, value);
  }

  /**
   * Deletes the entry at {@code p} and those behind it, {@code count} in all or as many as there
   * are.
   *
   * @return the position of what follows
   */
  public static int delete(EditableBytes bytes, int p, int count) {
    deleteAt(bytes, p, count);
    return orNone(bytes.array(), bytes.offset(), p);
  }

  /**
   * Deletes the entry with this index, see {@link #seek}, and those behind it, {@code count} in all
   * or as many as there are.
   *
   * @return how many were deleted
   */
  public static int deleteRange(EditableBytes bytes, int index, int count) {
    int p = seek(bytes.array(), bytes.offset(), index);
    return p == NONE ? 0 : deleteAt(bytes, p, count);
  }

  private static int deleteAt(EditableBytes bytes, int p, int count) {
    byte[] a = bytes.array();
    int from = bytes.offset() + p;
    int to = from;
    int deleted = 0;
    while (deleted < count && a[to] != END) {
      to += ListpackEntry.entryBytes(a, to);
      deleted++;
    }
    if (deleted > 0) {
      splice(bytes, p, to - from, 0, -deleted);
    }
    return deleted;
  }

  /**
   * Makes {@code added} bytes, yet to be written, of the {@code removed} ones at {@code p}.
   *
   * @param change of the number of entries
   * @return the index of {@code p} in the array
   */
  private static int splice(EditableBytes bytes, int p, int removed, int added, int change) {
    int total = totalBytes(bytes.array(), bytes.offset());
    int newTotal = total + added - removed;
    // Never shorter yet: what is behind has to be moved first.
    bytes.resize(Math.max(total, newTotal));
    byte[] a = bytes.array();
    int at = bytes.offset() + p;
    if (added != removed) {
      System.arraycopy(a, at + removed, a, at + added, total - p - removed);
      Bytes.putInt(a, bytes.offset(), newTotal);
    }
    if (change != 0) {
      changeCount(a, bytes.offset(), change);
    }
    if (newTotal < total) {
      bytes.resize(newTotal);
    }
    return bytes.offset() + p;
  }

  /** Those that were inserted are not written yet, those that were deleted are gone. */
  private static void changeCount(byte[] a, int start, int change) {
    int count = Bytes.getUnsignedShort(a, start + COUNT);
    if (count != UNKNOWN) {
      count += change;
    } else if (change < 0) {
      count = recount(a, start);
    }
    Bytes.putShort(a, start + COUNT, Math.min(count, UNKNOWN));
  }

  // Validation.

  /**
   * Whether these bytes are a listpack. Whatever they are, no other byte is read.
   *
   * @param deep each entry is looked at; otherwise only the header and the end
   */
  public static boolean validate(byte[] a, int start, int length, boolean deep) {
    if (length < EMPTY_BYTES || totalBytes(a, start) != length || a[start + length - 1] != END) {
      return false;
    }
    if (!deep) {
      return true;
    }
    int end = start + length - 1;
    int count = 0;
    int p = start + HEADER_BYTES;
    while (p < end) {
      p = ListpackEntry.validEnd(a, p, end);
      if (p == NONE) {
        return false;
      }
      count++;
    }
    int stated = Bytes.getUnsignedShort(a, start + COUNT);
    return stated == UNKNOWN || stated == count;
  }
}
