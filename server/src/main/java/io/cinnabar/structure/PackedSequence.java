package io.cinnabar.structure;

/**
 * A list of strings and integers as consecutive bytes that is read forwards only: what a small hash
 * is made of in memory, where a {@link Listpack} is what it is in files. It has neither the
 * listpack's frame nor a size behind each element, and what needs no way back saves a byte an
 * element and six more. Static functions over the bytes.
 *
 * <pre>
 * 0  1-5 how many elements there are, a {@link Varint}
 *         the elements, see {@link PackedElement}
 * </pre>
 *
 * <p>A position is that of an element, in bytes from the first one on, so that the number in front
 * may grow; {@link #NONE} stands for none. It holds until the elements before it are changed.
 * Whoever reads hands over a slice of exactly the sequence; whoever changes it the bytes it lies
 * in, which are exactly as long as it.
 *
 * <p>A string that is an integer in its only valid form is held as an integer. What is inserted
 * never lies in the bytes that are changed. All changes can throw {@link
 * io.cinnabar.arena.ArenaFullException} and have changed nothing then. Damaged bytes are undefined
 * to all but {@link #validate}.
 */
public final class PackedSequence {

  /** No position. */
  public static final int NONE = Listpack.NONE;

  /** The length of one without elements, which is a byte of 0. */
  public static final int EMPTY_BYTES = 1;

  private static final int MAX_COUNT_BYTES = 5;

  private PackedSequence() {}

  /** Makes the bytes, whatever they were, one without elements. */
  public static void format(EditableBytes bytes) {
    bytes.resize(EMPTY_BYTES);
    Varint.put(bytes.array(), bytes.offset(), 0);
  }

  // Reading.

  /** The number of elements. */
  public static int count(Slice sequence) {
    return (int) Varint.get(sequence.array, sequence.offset);
  }

  /** The index in the array of position 0. */
  public static int start(Slice sequence) {
    return Varint.behind(sequence.array, sequence.offset);
  }

  /** The position behind the last element, of which {@link #insert} makes the last but one. */
  public static int end(Slice sequence) {
    return sequence.end() - start(sequence);
  }

  /** The position of the first element. */
  public static int first(Slice sequence) {
    return end(sequence) == 0 ? NONE : 0;
  }

  /** The position of what comes so many elements behind {@code p}, if only the {@link #end}. */
  public static int skip(Slice sequence, int p, int elements) {
    int start = start(sequence);
    return PackedElement.skip(sequence.array, start + p, elements) - start;
  }

  /**
   * The first element that is this string. Between two that are compared {@code skip} are passed
   * over: with 1 only fields are sought, no values.
   */
  public static int find(Slice sequence, Slice element, int skip) {
    int start = start(sequence);
    int found = ElementSearch.find(sequence.array, start, sequence.end(), element, skip, false);
    return found == NONE ? NONE : found - start;
  }

  // Changing.

  /** Inserts before the element at {@code p}, or at the {@link #end}; the new one is there then. */
  public static void insert(EditableBytes bytes, int p, long value) {
    int at = splice(bytes, p, 0, PackedElement.encodedBytes(value), 1);
    PackedElement.write(bytes.array(), at, value);
  }

  /** Inserts two elements, or none if there is no room for both, as {@link #insert} does one. */
  public static void insertPair(EditableBytes bytes, int p, Slice first, Slice second) {
    int added = PackedElement.encodedBytes(first) + PackedElement.encodedBytes(second);
    int at = splice(bytes, p, 0, added, 2);
    at = PackedElement.write(bytes.array(), at, first);
    PackedElement.write(bytes.array(), at, second);
  }

  /** Puts another element in the place of the one at {@code p}. */
  public static void replace(EditableBytes bytes, int p, Slice element) {
    int at = indexOf(bytes, p);
    int removed = PackedElement.bytes(bytes.array(), at);
    if (IntegerText.isLong(element)) {
      long value = IntegerText.toLong(element);
      at = splice(bytes, p, removed, PackedElement.encodedBytes(value), 0);
      PackedElement.write(bytes.array(), at, value);
    } else {
      at = splice(bytes, p, removed, PackedElement.stringBytes(element.length), 0);
      PackedElement.writeString(bytes.array(), at, element);
    }
  }

  /** Deletes the element at {@code p} and those behind it, {@code count} in all. */
  public static void delete(EditableBytes bytes, int p, int count) {
    int from = indexOf(bytes, p);
    int to = PackedElement.skip(bytes.array(), from, count);
    splice(bytes, p, to - from, 0, -count);
  }

  private static int indexOf(EditableBytes bytes, int p) {
    return Varint.behind(bytes.array(), bytes.offset()) + p;
  }

  /**
   * Makes {@code added} bytes, yet to be written, of the {@code removed} ones at {@code p}.
   *
   * @param change of the number of elements
   * @return the index of {@code p} in the array
   */
  private static int splice(EditableBytes bytes, int p, int removed, int added, int change) {
    int length = bytes.length();
    int count = (int) Varint.get(bytes.array(), bytes.offset());
    int head = Varint.bytes(count);
    int newHead = Varint.bytes(count + change);
    int newLength = length + newHead - head + added - removed;
    // Never shorter yet: what is behind has to be moved first.
    bytes.resize(Math.max(length, newLength));
    byte[] a = bytes.array();
    int start = bytes.offset();
    int from = start + head + p + removed;
    int at = start + newHead + p;
    // Whatever moves must not lie on what has yet to move.
    if (newHead < head) {
      System.arraycopy(a, start + head, a, start + newHead, p);
    }
    if (from != at + added) {
      System.arraycopy(a, from, a, at + added, start + length - from);
    }
    if (newHead > head) {
      System.arraycopy(a, start + head, a, start + newHead, p);
    }
    Varint.put(a, start, count + change);
    if (newLength < length) {
      bytes.resize(newLength);
    }
    return indexOf(bytes, p);
  }

  // Listpacks.

  /** How long the listpack of the same elements is. */
  public static long listpackBytes(Slice sequence) {
    byte[] a = sequence.array;
    int end = sequence.end();
    long total = Listpack.EMPTY_BYTES;
    for (int p = start(sequence); p < end; ) {
      int bytes = PackedElement.bytes(a, p);
      total += ListpackEntry.withSize(bytes);
      p += bytes;
    }
    return total;
  }

  /** Whether so many bytes more would still make a listpack that others read. */
  public static boolean hasListpackRoomFor(Slice sequence, long addedBytes) {
    // A size is never longer than what it is of, so most sequences need no walk.
    return Listpack.EMPTY_BYTES + 2L * sequence.length + addedBytes <= Listpack.MAX_BYTES
        || listpackBytes(sequence) + addedBytes <= Listpack.MAX_BYTES;
  }

  /** Makes {@code bytes} the listpack of the same elements. */
  public static void toListpack(Slice sequence, EditableBytes bytes) {
    int length = Math.toIntExact(listpackBytes(sequence));
    bytes.resize(length);
    byte[] a = sequence.array;
    byte[] to = bytes.array();
    int entryBytes = length - Listpack.EMPTY_BYTES;
    int at = Listpack.frame(to, bytes.offset(), entryBytes, count(sequence));
    int end = sequence.end();
    for (int p = start(sequence); p < end; ) {
      int size = PackedElement.bytes(a, p);
      System.arraycopy(a, p, to, at, size);
      at = ListpackEntry.close(to, at, at + size);
      p += size;
    }
  }

  /** Makes {@code bytes} the sequence of what a valid listpack holds. */
  public static void ofListpack(Slice listpack, EditableBytes bytes) {
    // Which is the shorter of the two.
    bytes.resize(listpack.length);
    byte[] a = listpack.array;
    byte[] to = bytes.array();
    int end = listpack.offset + Listpack.end(a, listpack.offset);
    int at = Varint.put(to, bytes.offset(), Listpack.count(a, listpack.offset));
    for (int p = listpack.offset + Listpack.HEADER_BYTES; p < end; ) {
      int size = PackedElement.bytes(a, p);
      System.arraycopy(a, p, to, at, size);
      at += size;
      p += ListpackEntry.withSize(size);
    }
    bytes.resize(at - bytes.offset());
  }

  // Validation.

  /** Whether these bytes are a sequence. Whatever they are, no other byte is read. */
  public static boolean validate(Slice sequence) {
    if (!beginsWithNumber(sequence)) {
      return false;
    }
    byte[] a = sequence.array;
    int end = sequence.end();
    int p = start(sequence);
    int headBytes = p - sequence.offset;
    int count = 0;
    while (p < end) {
      p = PackedElement.validEnd(a, p, end);
      if (p == NONE) {
        return false;
      }
      count++;
    }
    return Varint.get(a, sequence.offset) == count && Varint.bytes(count) == headBytes;
  }

  private static boolean beginsWithNumber(Slice sequence) {
    for (int i = 0; i < Math.min(MAX_COUNT_BYTES, sequence.length); i++) {
      if (sequence.at(i) >= 0) {
        return true;
      }
    }
    return false;
  }
}
