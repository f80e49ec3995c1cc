package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.Varint;

/**
 * Changes the entries of a stream: a tree of {@link StreamNode}s, whose boundaries fall where those
 * of Redis's listpacks do. For that each node counts the bytes of the listpack that Redis would
 * have:
 *
 * <pre>
 * header   total, count: 6
 * master   entries that are there, entries deleted, number of fields, each field, 0
 * entry    flags, milliseconds and sequence number since the master ID;
 *          with the master fields each value, else the number of fields, each field and its value;
 *          how many of these there were
 * end      1
 * </pre>
 */
final class StreamEntries {
  /** How long the fields and values of an entry, and a node, may be. */
  private static final long MAX_BYTES = 1 << 30;

  private static final int HEADER_AND_END = 7;

  /** What an integer below 128 takes in a listpack. */
  private static final int SMALL = 2;

  /** Flags, milliseconds, sequence number: what each entry has beside fields and values. */
  private static final int ALWAYS = 3;

  private final ValueBlock block;
  private final StreamCursor cursor;
  private final CountedTree tree;
  private final Slice field = new Slice();

  StreamEntries(ValueBlock block) {
    this.block = block;
    cursor = new StreamCursor(block);
    tree = cursor.tree();
  }

  /** Lets go of the arrays that they lay in. */
  void release() {
    cursor.release();
    field.set(StreamCursor.NONE, 0, 0);
  }

  // Ends.

  /** Tells the ID of the oldest entry; whether there is one. */
  boolean firstId(StreamId into) {
    if (!cursor.first()) {
      return false;
    }
    into.set(cursor.id());
    return true;
  }

  /** Tells the ID of the newest entry; whether there is one. */
  boolean lastId(StreamId into) {
    return cursor.lastId(into);
  }

  // Adding.

  /** The bytes of all fields and values. */
  private static long payloadBytes(StreamFields fields) {
    long bytes = 0;
    for (int i = 0; i < fields.count(); i++) {
      bytes += fields.field(i).length + (long) fields.value(i).length;
    }
    return bytes;
  }

  /**
   * Adds an entry whose ID is greater than all.
   *
   * @return false, and nothing has changed, when the entry is too large
   * @throws ArenaFullException and has changed nothing
   */
  boolean append(StreamId id, StreamFields fields, Thresholds thresholds) {
    long payloadBytes = payloadBytes(fields);
    if (payloadBytes > MAX_BYTES) {
      return false;
    }
    boolean hasNodes = cursor.attached().last();
    if (hasNodes && hasRoom(payloadBytes, thresholds)) {
      appendToNode(id, fields);
    } else {
      addNode(newNode(id, fields), id.ms, 1, hasNodes);
    }
    return true;
  }

  /**
   * Adds a node whose entries are behind all others.
   *
   * @param listpackBytes the length of the listpack that it was
   * @throws ArenaFullException and has changed nothing
   */
  void append(StreamNodeBuilder node, int listpackBytes) {
    boolean hasNodes = cursor.attached().last();
    byte[] bytes = node.finish(listpackBytes);
    int made = tree.newLeaf(node.length());
    System.arraycopy(bytes, 0, block.slabOf(made), CountedTree.leafOffset(made), node.length());
    addNode(made, StreamNode.ms(bytes, 0), node.live(), hasNodes);
  }

  /** Puts a new node behind the one under the cursor, where there is one. */
  private void addNode(int made, long ms, int live, boolean hasNodes) {
    try {
      if (hasNodes) {
        tree.reserve(nodeKey());
      } else {
        tree.create(made, live);
      }
    } catch (ArenaFullException full) {
      tree.discard(made);
      throw full;
    }
    if (hasNodes) {
      tree.insertAfter(made, StreamNode.keyOf(ms), live);
    }
  }

  private long nodeKey() {
    EditableBytes leaf = tree.leaf();
    return StreamNode.keyOf(StreamNode.ms(leaf.array(), leaf.offset()));
  }

  private boolean hasRoom(long payloadBytes, Thresholds thresholds) {
    EditableBytes leaf = tree.leaf();
    byte[] a = leaf.array();
    int node = leaf.offset();
    long limit = thresholds.streamNodeMaxBytes;
    if (limit == 0 || limit > MAX_BYTES) {
      limit = MAX_BYTES;
    }
    if (StreamNode.listpackBytes(a, node) + payloadBytes >= limit) {
      return false;
    }
    long most = thresholds.streamNodeMaxEntries;
    return most == 0 || StreamNode.live(a, node) + StreamNode.deleted(a, node) < most;
  }

  private int newNode(StreamId id, StreamFields fields) {
    int count = fields.count();
    int bytes = StreamNode.FIELDS + Varint.bytes(count) + 2;
    int listpackBytes =
        HEADER_AND_END
            + 3 * SMALL
            + ListpackEntry.encodedBytes((long) count)
            + ALWAYS * SMALL
            + ListpackEntry.encodedBytes((long) count + ALWAYS);
    for (int i = 0; i < count; i++) {
      Slice name = fields.field(i);
      Slice value = fields.value(i);
      bytes += StreamNode.textBytes(name.length) + StreamNode.textBytes(value.length);
      listpackBytes += ListpackEntry.encodedBytes(name) + ListpackEntry.encodedBytes(value);
    }
    int made = tree.newLeaf(bytes);
    byte[] a = block.slabOf(made);
    int node = CountedTree.leafOffset(made);
    StreamNode.putMasterId(a, node, id.ms, id.seq);
    StreamNode.putLastId(a, node, id.ms, id.seq);
    StreamNode.putCounts(a, node, 1, 0, listpackBytes);
    int at = Varint.put(a, node + StreamNode.FIELDS, count);
    for (int i = 0; i < count; i++) {
      at = StreamNode.putText(a, at, fields.field(i));
    }
    a[at++] = StreamNode.SAME_MS | StreamNode.SAME_FIELDS;
    a[at++] = 0;
    for (int i = 0; i < count; i++) {
      at = StreamNode.putText(a, at, fields.value(i));
    }
    return made;
  }

  private void appendToNode(StreamId id, StreamFields fields) {
    EditableBytes leaf = tree.leaf();
    byte[] a = leaf.array();
    int node = leaf.offset();
    int length = leaf.length();
    int flags = hasMasterFields(a, node, fields) ? StreamNode.SAME_FIELDS : 0;
    long msDelta = id.ms - StreamNode.lastMs(a, node);
    long seqDelta = id.seq;
    if (msDelta == 0) {
      flags |= StreamNode.SAME_MS;
      seqDelta -= StreamNode.lastSeq(a, node);
    }
    if (seqDelta == (msDelta == 0 ? 1 : 0)) {
      flags |= StreamNode.NEXT_SEQ;
    }
    int live = StreamNode.live(a, node);
    int listpackBytes =
        StreamNode.listpackBytes(a, node)
            + listpackBytes(
                fields, flags, id.ms - StreamNode.ms(a, node), id.seq - StreamNode.seq(a, node))
            + ListpackEntry.encodedBytes(live + 1L)
            - ListpackEntry.encodedBytes((long) live);
    int entryBytes = entryBytes(fields, flags, msDelta, seqDelta);
    leaf.resize(Math.addExact(length, entryBytes));
    a = leaf.array();
    node = leaf.offset();
    put(a, node + length, fields, flags, msDelta, seqDelta);
    StreamNode.putLastId(a, node, id.ms, id.seq);
    StreamNode.putCounts(a, node, live + 1, StreamNode.deleted(a, node), listpackBytes);
    tree.leafChanged(StreamNode.keyOf(StreamNode.ms(a, node)), 1);
  }

  private boolean hasMasterFields(byte[] a, int node, StreamFields fields) {
    int count = fields.count();
    if (StreamNode.masterFields(a, node) != count) {
      return false;
    }
    int at = StreamNode.firstMasterField(a, node);
    for (int i = 0; i < count; i++) {
      at = StreamNode.text(a, at, field);
      if (!field.contentEquals(fields.field(i))) {
        return false;
      }
    }
    return true;
  }

  private static int listpackBytes(StreamFields fields, int flags, long msDelta, long seqDelta) {
    boolean sameFields = (flags & StreamNode.SAME_FIELDS) != 0;
    int count = fields.count();
    int bytes = SMALL + ListpackEntry.encodedBytes(msDelta) + ListpackEntry.encodedBytes(seqDelta);
    long parts = ALWAYS + (long) count;
    if (!sameFields) {
      parts += count + 1;
      bytes += ListpackEntry.encodedBytes((long) count);
    }
    bytes += ListpackEntry.encodedBytes(parts);
    for (int i = 0; i < count; i++) {
      bytes += ListpackEntry.encodedBytes(fields.value(i));
      if (!sameFields) {
        bytes += ListpackEntry.encodedBytes(fields.field(i));
      }
    }
    return bytes;
  }

  private static int entryBytes(StreamFields fields, int flags, long msDelta, long seqDelta) {
    boolean sameFields = (flags & StreamNode.SAME_FIELDS) != 0;
    int count = fields.count();
    int bytes = sameFields ? 1 : 1 + Varint.bytes(count);
    if ((flags & StreamNode.SAME_MS) == 0) {
      bytes += Varint.bytes(msDelta);
    }
    if ((flags & StreamNode.NEXT_SEQ) == 0) {
      bytes += Varint.bytes(seqDelta);
    }
    for (int i = 0; i < count; i++) {
      bytes += StreamNode.textBytes(fields.value(i).length);
      if (!sameFields) {
        bytes += StreamNode.textBytes(fields.field(i).length);
      }
    }
    return bytes;
  }

  private static void put(
      byte[] a, int from, StreamFields fields, int flags, long msDelta, long seqDelta) {
    int at = from;
    a[at++] = (byte) flags;
    if ((flags & StreamNode.SAME_MS) == 0) {
      at = Varint.put(a, at, msDelta);
    }
    if ((flags & StreamNode.NEXT_SEQ) == 0) {
      at = Varint.put(a, at, seqDelta);
    }
    boolean sameFields = (flags & StreamNode.SAME_FIELDS) != 0;
    int count = fields.count();
    if (!sameFields) {
      at = Varint.put(a, at, count);
    }
    for (int i = 0; i < count; i++) {
      if (!sameFields) {
        at = StreamNode.putText(a, at, fields.field(i));
      }
      at = StreamNode.putText(a, at, fields.value(i));
    }
  }

  // Deleting.

  /**
   * Deletes the entry with this ID.
   *
   * @return whether there was one
   * @throws ArenaFullException and has changed nothing
   */
  boolean delete(StreamId id) {
    if (!cursor.find(id)) {
      return false;
    }
    EditableBytes leaf = tree.leaf();
    if (StreamNode.live(leaf.array(), leaf.offset()) == 1) {
      tree.removeLeaf();
      return true;
    }
    leaf.resize(leaf.length());
    leaf.array()[leaf.offset() + cursor.entryAt()] |= StreamNode.DELETED;
    countDeleted(1);
    return true;
  }

  /** Notes in the node, which is free to be written, that so many of its entries are deleted. */
  private void countDeleted(int count) {
    EditableBytes leaf = tree.leaf();
    byte[] a = leaf.array();
    int node = leaf.offset();
    long live = StreamNode.live(a, node);
    long deleted = StreamNode.deleted(a, node);
    int listpackBytes =
        StreamNode.listpackBytes(a, node)
            + ListpackEntry.encodedBytes(live - count)
            + ListpackEntry.encodedBytes(deleted + count)
            - ListpackEntry.encodedBytes(live)
            - ListpackEntry.encodedBytes(deleted);
    StreamNode.putCounts(a, node, (int) live - count, (int) deleted + count, listpackBytes);
    tree.leafChanged(StreamNode.keyOf(StreamNode.ms(a, node)), -count);
  }

  /**
   * Deletes the oldest entries, as far as {@code trim} says; how many they were. Where memory runs
   * short, some of them may be left.
   */
  long trim(StreamTrim trim) {
    long removed = 0;
    while (cursor.attached().first() && !trim.isShortEnough(tree.count())) {
      EditableBytes leaf = tree.leaf();
      byte[] a = leaf.array();
      int node = leaf.offset();
      int live = StreamNode.live(a, node);
      if (trim.limit != 0 && removed + live > trim.limit) {
        break;
      }
      boolean isWhole =
          trim.isWhole(
              tree.count() - live, StreamNode.lastMs(a, node), StreamNode.lastSeq(a, node));
      if (!isWhole) {
        return trim.isApproximate ? removed : removed + trimNode(trim);
      }
      tree.removeLeaf();
      block.arena().insist();
      removed += live;
    }
    return removed;
  }

  private int trimNode(StreamTrim trim) {
    EditableBytes leaf = tree.leaf();
    leaf.resize(leaf.length());
    cursor.openNode();
    long count = tree.count();
    int deleted = 0;
    while (cursor.nextRaw() && !trim.isDone(count - deleted, cursor.id())) {
      if (!cursor.isDeleted()) {
        leaf.array()[leaf.offset() + cursor.entryAt()] |= StreamNode.DELETED;
        deleted++;
      }
    }
    if (deleted == StreamNode.live(leaf.array(), leaf.offset())) {
      // The last one of the node, which is not old enough to go with it, is deleted already.
      tree.removeLeaf();
    } else if (deleted > 0) {
      countDeleted(deleted);
    }
    return deleted;
  }

  /** Checks the tree, and what the nodes say of themselves. */
  void validate() {
    cursor.attached().validate((a, node, length, count, key) -> checkNode(a, node, count, key));
    StreamId before = new StreamId();
    boolean isFirst = true;
    for (boolean found = cursor.firstNode(); found; found = cursor.nextNode()) {
      int live = 0;
      int deleted = 0;
      while (cursor.nextRaw()) {
        require(isFirst || before.compareTo(cursor.id()) < 0, "IDs in disorder");
        isFirst = false;
        before.set(cursor.id());
        live += cursor.isDeleted() ? 0 : 1;
        deleted += cursor.isDeleted() ? 1 : 0;
      }
      require(live == cursor.nodeLive() && deleted == cursor.nodeDeleted(), "a wrong count");
      require(cursor.endsWith(before), "a wrong last ID");
    }
  }

  private static void checkNode(byte[] a, int node, int count, long key) {
    require(StreamNode.live(a, node) == count, "a count other than the node's");
    require(key == 0 || key == StreamNode.keyOf(StreamNode.ms(a, node)), "a wrong key");
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }
}
