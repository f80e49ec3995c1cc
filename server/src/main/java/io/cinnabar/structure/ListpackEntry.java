package io.cinnabar.structure;

/**
 * One entry of a {@link Listpack}: a {@link PackedElement}, and behind it how many bytes that was,
 * as a {@link BackwardNumber}, so that entries can be read backwards. Static functions over the
 * bytes; they need no listpack around them, so runs of such entries can lie anywhere. Offsets are
 * indexes into the array, and that of an entry is that of its element.
 *
 * <p>Nothing here checks entries against damage but {@link #validEnd}.
 */
public final class ListpackEntry {

  private ListpackEntry() {}

  // Sizes.

  /** How many bytes the entry at {@code p} takes with all that belongs to it. */
  public static int entryBytes(byte[] a, int p) {
    return withSize(PackedElement.bytes(a, p));
  }

  /** How many bytes the entry takes that ends before {@code p}, an entry or the end of a run. */
  public static int entryBytesBefore(byte[] a, int p) {
    return withSize(BackwardNumber.before(a, p));
  }

  /** How many bytes the entry of a string takes with all that belongs to it. */
  public static int encodedBytes(Slice element) {
    return withSize(PackedElement.encodedBytes(element));
  }

  /** How many bytes the entry of an integer takes with all that belongs to it. */
  public static int encodedBytes(long value) {
    return PackedElement.encodedBytes(value) + 1;
  }

  /** How many bytes the entry of a string takes that is no integer. */
  static int stringBytes(int length) {
    return withSize(PackedElement.stringBytes(length));
  }

  /** How many bytes the entry of a short string takes. */
  public static int shortStringBytes(int length) {
    return length + 2;
  }

  /** How many bytes an entry takes whose element takes so many. */
  static int withSize(int elementBytes) {
    return elementBytes + BackwardNumber.bytes(elementBytes);
  }

  /**
   * The first entry from {@code from} to {@code to} that is this string, -1 without one. Between
   * two that are compared {@code skip} are passed over: with 1 only fields are sought, no values.
   */
  public static int find(byte[] a, int from, int to, Slice element, int skip) {
    return ElementSearch.find(a, from, to, element, skip, true);
  }

  // Writing.

  /** Writes an element, as an integer where it is one, at {@code p}; where its entry ends. */
  public static int writeEntry(byte[] a, int p, Slice element) {
    return close(a, p, PackedElement.write(a, p, element));
  }

  /** Writes an integer at {@code p}; where its entry ends. */
  public static int writeEntry(byte[] a, int p, long value) {
    return close(a, p, PackedElement.write(a, p, value));
  }

  /** Writes a string that is no integer at {@code p}; where its entry ends. */
  static int writeString(byte[] a, int p, Slice element) {
    return close(a, p, PackedElement.writeString(a, p, element));
  }

  /** Writes what stands behind the element from {@code p} to {@code end}; where the entry ends. */
  static int close(byte[] a, int p, int end) {
    return BackwardNumber.write(a, end, end - p);
  }

  // Validation.

  /**
   * Where the entry at {@code p} ends if it is one and ends by {@code end}, else -1. Whatever the
   * bytes are, none from {@code end} on is read.
   */
  public static int validEnd(byte[] a, int p, int end) {
    int elementEnd = PackedElement.validEnd(a, p, end);
    if (elementEnd == Listpack.NONE) {
      return Listpack.NONE;
    }
    int size = elementEnd - p;
    int entryEnd = elementEnd + BackwardNumber.bytes(size);
    return entryEnd <= end && BackwardNumber.isAt(a, elementEnd, size) ? entryEnd : Listpack.NONE;
  }
}
