package io.cinnabar.value;

import io.cinnabar.structure.Slice;
import io.cinnabar.structure.Varint;
import java.util.Arrays;

/**
 * Puts a node of a stream together, entry by entry, as another server had it: its deleted entries
 * are in it, too. See {@link StreamNode}. Used again and again.
 */
public final class StreamNodeBuilder {
  private static final int FIRST_BYTES = 1024;
  private static final int KEPT_BYTES = 64 << 10;
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private long lastMs;
  private long lastSeq;
  private int live;
  private int deleted;

  /** Begins a node; {@code masterFields} of {@link #text} follow, then its entries. */
  public void begin(long masterMs, long masterSeq, int masterFields) {
    length = StreamNode.FIELDS;
    ensure(MAX_VARINT_BYTES);
    StreamNode.putMasterId(bytes, 0, masterMs, masterSeq);
    lastMs = masterMs;
    lastSeq = masterSeq;
    live = 0;
    deleted = 0;
    varint(masterFields);
  }

  /**
   * Begins an entry, which is behind the one before. The texts of its values follow where it has
   * the master fields, of each field and its value else.
   *
   * @param fields how many it has
   */
  public void entry(long ms, long seq, boolean isDeleted, boolean hasMasterFields, int fields) {
    long msDelta = ms - lastMs;
    long seqDelta = msDelta == 0 ? seq - lastSeq : seq;
    int flags =
        (isDeleted ? StreamNode.DELETED : 0)
            | (hasMasterFields ? StreamNode.SAME_FIELDS : 0)
            | (msDelta == 0 ? StreamNode.SAME_MS : 0)
            | (seqDelta == (msDelta == 0 ? 1 : 0) ? StreamNode.NEXT_SEQ : 0);
    ensure(1 + 3 * MAX_VARINT_BYTES);
    bytes[length++] = (byte) flags;
    if (msDelta != 0) {
      varint(msDelta);
    }
    if ((flags & StreamNode.NEXT_SEQ) == 0) {
      varint(seqDelta);
    }
    if (!hasMasterFields) {
      varint(fields);
    }
    lastMs = ms;
    lastSeq = seq;
    if (isDeleted) {
      deleted++;
    } else {
      live++;
    }
  }

  /** A field or a value. */
  public void text(Slice text) {
    ensure(StreamNode.textBytes(text.length));
    length = StreamNode.putText(bytes, length, text);
  }

  private void varint(long value) {
    length = Varint.put(bytes, length, value);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
    }
  }

  /** How many entries are there that are not deleted; a node must have one. */
  public int live() {
    return live;
  }

  /** The bytes of the node, as long as {@link #length}. */
  byte[] finish(int listpackBytes) {
    StreamNode.putLastId(bytes, 0, lastMs, lastSeq);
    StreamNode.putCounts(bytes, 0, live, deleted, listpackBytes);
    return bytes;
  }

  int length() {
    return length;
  }

  /** Gives memory back if it was much. */
  public void release() {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
  }
}
