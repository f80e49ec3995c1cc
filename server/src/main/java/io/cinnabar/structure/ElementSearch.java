package io.cinnabar.structure;

import java.util.Arrays;

/**
 * The search for a string in a run of {@link PackedElement}s, with or without what a {@link
 * ListpackEntry} has behind each.
 */
final class ElementSearch {

  private ElementSearch() {}

  /**
   * The first element from {@code from} to {@code to} that is this string, -1 without one. Between
   * two that are compared {@code skip} are passed over.
   *
   * @param hasSizes whether they are entries of a listpack
   */
  static int find(byte[] a, int from, int to, Slice element, int skip, boolean hasSizes) {
    return IntegerText.isLong(element)
        ? findInteger(a, from, to, element, skip, hasSizes)
        : findString(a, from, to, element, skip, hasSizes);
  }

  private static int findInteger(
      byte[] a, int from, int to, Slice element, int skip, boolean hasSizes) {
    long value = IntegerText.toLong(element);
    int at = from;
    while (at < to) {
      if (PackedElement.isInteger(a, at)
          ? PackedElement.integer(a, at) == value
          : PackedElement.matchesString(a, at, element)) {
        return at;
      }
      at = skip(a, at, to, skip, hasSizes);
    }
    return Listpack.NONE;
  }

  private static int findString(
      byte[] a, int from, int to, Slice element, int skip, boolean hasSizes) {
    byte[] bytes = element.array;
    int offset = element.offset;
    int length = element.length;
    // Names often begin alike, so their ends are compared first. With no bytes that is the tag.
    byte last = length == 0 ? (byte) PackedElement.SHORT_STRING : bytes[offset + length - 1];
    int at = from;
    while (at < to) {
      int first = a[at];
      if (PackedElement.isShortString(first)) {
        if ((first & PackedElement.MAX_SHORT_STRING) == length
            && a[at + length] == last
            && Arrays.equals(a, at + 1, at + 1 + length, bytes, offset, offset + length)) {
          return at;
        }
      } else if (!PackedElement.isInteger(a, at) && PackedElement.matchesString(a, at, element)) {
        return at;
      }
      at = skip(a, at, to, skip, hasSizes);
    }
    return Listpack.NONE;
  }

  private static int skip(byte[] a, int p, int to, int skip, boolean hasSizes) {
    int at = p + bytes(a, p, hasSizes);
    for (int left = skip; left > 0 && at < to; left--) {
      at += bytes(a, at, hasSizes);
    }
    return at;
  }

  private static int bytes(byte[] a, int p, boolean hasSizes) {
    int first = a[p];
    // The size behind what is so short is a byte.
    int sizeBytes = hasSizes ? 1 : 0;
    if (first >= 0) {
      return 1 + sizeBytes;
    }
    if (PackedElement.isShortString(first)) {
      return 1 + (first & PackedElement.MAX_SHORT_STRING) + sizeBytes;
    }
    return hasSizes ? ListpackEntry.entryBytes(a, p) : PackedElement.bytes(a, p);
  }
}
