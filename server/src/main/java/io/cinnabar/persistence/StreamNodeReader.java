package io.cinnabar.persistence;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamNodeBuilder;

/**
 * Reads a node of a stream out of its listpack.
 *
 * <pre>
 * master   entries that are there, entries deleted, number of fields, each field, 0
 * entry    flags, milliseconds and sequence number since the master ID;
 *          with {@link #SAME_FIELDS} each value, else the number of fields, each with its value;
 *          how many of these there were
 * </pre>
 */
final class StreamNodeReader {

  static final int DELETED = 1;
  static final int SAME_FIELDS = 2;

  /** Flags and the two parts of the ID, which each entry begins with. */
  static final int ALWAYS = 3;

  private final StreamNodeBuilder node = new StreamNodeBuilder();
  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private byte[] array = digits;
  private int start;
  private int position;
  private int left;

  /** The node that was read last. */
  StreamNodeBuilder node() {
    return node;
  }

  /**
   * Reads a node.
   *
   * @param listpack a valid one
   * @param master the ID that those of the entries are given relative to
   * @param last the ID that all of them are behind, unless {@code isFirst}; that of the last entry
   *     then
   */
  void read(Slice listpack, StreamId master, StreamId last, boolean isFirst) throws RdbException {
    array = listpack.array;
    start = listpack.offset;
    left = Listpack.count(array, start);
    position = Listpack.first(array, start);
    require(isFirst || master.compareTo(last) > 0);
    long entries = (long) count() + count();
    int fields = count();
    node.begin(master.ms, master.seq, fields);
    texts(fields);
    require(integer() == 0 && entries <= left);
    boolean isFirstEntry = true;
    for (; entries > 0; entries--) {
      readEntry(master, last, isFirstEntry, fields);
      isFirstEntry = false;
    }
    require(left == 0 && node.live() > 0);
  }

  private void readEntry(StreamId master, StreamId last, boolean isFirst, int masterFields)
      throws RdbException {
    long flags = integer();
    long ms = master.ms + integer();
    long seq = master.seq + integer();
    int compared =
        isFirst
            ? StreamId.compare(ms, seq, master.ms, master.seq) + 1
            : StreamId.compare(ms, seq, last.ms, last.seq);
    require(compared > 0);
    last.set(ms, seq);
    boolean sameFields = (flags & SAME_FIELDS) != 0;
    int fields = sameFields ? masterFields : count();
    node.entry(ms, seq, (flags & DELETED) != 0, sameFields, fields);
    long parts = sameFields ? ALWAYS + (long) fields : ALWAYS + 1 + 2L * fields;
    texts(sameFields ? fields : 2L * fields);
    require(integer() == parts);
  }

  private static void require(boolean condition) throws RdbException {
    if (!condition) {
      throw new RdbException("has a damaged node of a stream");
    }
  }

  /** A number of parts that follow. */
  private int count() throws RdbException {
    long count = integer();
    require(count >= 0 && count <= left);
    return (int) count;
  }

  private long integer() throws RdbException {
    require(left > 0 && Listpack.isInteger(array, start, position));
    long value = Listpack.integer(array, start, position);
    advance();
    return value;
  }

  private void texts(long count) throws RdbException {
    require(count <= left);
    for (long i = count; i > 0; i--) {
      Listpack.text(array, start, position, text, digits);
      node.text(text);
      advance();
    }
  }

  private void advance() {
    left--;
    position = Listpack.next(array, start, position);
  }

  void release() {
    array = digits;
    text.set(digits, 0, 0);
    node.release();
  }
}
