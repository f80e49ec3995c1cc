package io.cinnabar.value;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.Varint;

/**
 * The layout of a node of a stream: entries one after the other, and what they have in common.
 * Static functions; {@code node} is where it begins in {@code a}.
 *
 * <pre>
 * node   0  8 milliseconds of the master ID, that of the first entry ever
 *        8  8 sequence number of it
 *        16 8 milliseconds of the last entry's ID, be it deleted
 *        24 8 sequence number of it
 *        32 4 number of entries that are there
 *        36 4 number of entries that are deleted
 *        40 4 length in bytes of the listpack that Redis would have instead
 *        44 . number of master fields, those of the first entry ever, and each of them
 *             the entries, from the oldest
 * entry  0  1 0x01 deleted | 0x02 has the master fields | 0x04 has the milliseconds of the entry
 *             before | 0x08 its sequence number is that of the one before plus one, or, where the
 *             milliseconds are others, 0
 *        .  . without 0x04: milliseconds since the entry before
 *        .  . without 0x08: with 0x04 what the sequence number has grown by, else itself
 *        .  . with 0x02: the values; else the number of fields, and each with its value
 * </pre>
 *
 * <p>What is before the first entry is the master ID. Numbers of no given length are varints: seven
 * bits to a byte, the lowest first, the top bit set in all but the last. A field or value is the
 * varint of its length and its bytes.
 */
final class StreamNode {
  static final int DELETED = 0x01;
  static final int SAME_FIELDS = 0x02;
  static final int SAME_MS = 0x04;
  static final int NEXT_SEQ = 0x08;

  /** Where the master fields begin. */
  static final int FIELDS = 44;

  private static final int LAST = 16;
  private static final int LIVE = 32;
  private static final int GONE = 36;
  private static final int LISTPACK_BYTES = 40;

  private StreamNode() {}

  static long ms(byte[] a, int node) {
    return Bytes.getLong(a, node);
  }

  static long seq(byte[] a, int node) {
    return Bytes.getLong(a, node + 8);
  }

  static long lastMs(byte[] a, int node) {
    return Bytes.getLong(a, node + LAST);
  }

  static long lastSeq(byte[] a, int node) {
    return Bytes.getLong(a, node + LAST + 8);
  }

  static int live(byte[] a, int node) {
    return Bytes.getInt(a, node + LIVE);
  }

  static int deleted(byte[] a, int node) {
    return Bytes.getInt(a, node + GONE);
  }

  static int listpackBytes(byte[] a, int node) {
    return Bytes.getInt(a, node + LISTPACK_BYTES);
  }

  static void putMasterId(byte[] a, int node, long ms, long seq) {
    Bytes.putLong(a, node, ms);
    Bytes.putLong(a, node + 8, seq);
  }

  static void putLastId(byte[] a, int node, long ms, long seq) {
    Bytes.putLong(a, node + LAST, ms);
    Bytes.putLong(a, node + LAST + 8, seq);
  }

  static void putCounts(byte[] a, int node, int live, int deleted, int listpackBytes) {
    Bytes.putInt(a, node + LIVE, live);
    Bytes.putInt(a, node + GONE, deleted);
    Bytes.putInt(a, node + LISTPACK_BYTES, listpackBytes);
  }

  /** What the tree of nodes is ordered by: the milliseconds, so that signed numbers compare. */
  static long keyOf(long ms) {
    return ms ^ Long.MIN_VALUE;
  }

  // Fields and values.

  static int textBytes(int length) {
    return Varint.bytes(length) + length;
  }

  /** Writes a field or value; the index after it. */
  static int putText(byte[] a, int at, Slice text) {
    int from = Varint.put(a, at, text.length);
    System.arraycopy(text.array, text.offset, a, from, text.length);
    return from + text.length;
  }

  /** Moves the slice over the field or value at {@code at}; the index after it. */
  static int text(byte[] a, int at, Slice into) {
    int length = a[at];
    int from = at + 1;
    if (length < 0) {
      length = (int) Varint.get(a, at);
      from = Varint.behind(a, at);
    }
    into.set(a, from, length);
    return from + length;
  }

  /** The index after the field or value at {@code at}. */
  static int behindText(byte[] a, int at) {
    int length = a[at];
    return length >= 0 ? at + 1 + length : Varint.behind(a, at) + (int) Varint.get(a, at);
  }

  /** How many master fields there are. */
  static int masterFields(byte[] a, int node) {
    return (int) Varint.get(a, node + FIELDS);
  }

  /** Where the first of them begins. */
  static int firstMasterField(byte[] a, int node) {
    return Varint.behind(a, node + FIELDS);
  }

  /** Where the first entry begins. */
  static int firstEntry(byte[] a, int node) {
    int at = firstMasterField(a, node);
    for (int left = masterFields(a, node); left > 0; left--) {
      at = behindText(a, at);
    }
    return at;
  }
}
