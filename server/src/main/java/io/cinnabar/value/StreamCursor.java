package io.cinnabar.value;

import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.Varint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the entries of a stream, forwards or backwards, and tells what they are. It stays
 * valid while groups, consumers and pending entries change, but not when the entries do.
 */
public final class StreamCursor {
  static final byte[] NONE = {};
  private static final int POSITIONS_AT_FIRST = 16;

  private final TreeRoots roots;
  private final CountedTree tree;
  private final StreamId id = new StreamId();
  private final NodeOrder order = new NodeOrder();

  // The node.
  private byte[] array = NONE;
  private int node;
  private int end;
  private int firstMasterField;

  // The entry: where it begins, its fields and values, and what is behind it.
  private int at;
  private int next;
  private int flags;
  private int body;
  private int fieldCount;

  // The field that comes next.
  private int fieldsLeft;
  private int masterField;
  private int content;

  /** Where the entries of the node begin up to the present one, and their IDs; for walks back. */
  private int[] positions = new int[0];

  private long[] ids = new long[0];
  private int depth;

  StreamCursor(ValueBlock block) {
    roots = new TreeRoots(block);
    tree = new CountedTree(block);
  }

  /** Lets go of the array that it was over. */
  void release() {
    array = NONE;
  }

  // Moving. Each returns whether it is over an entry.

  /** Moves to the first entry whose ID is not less. */
  public boolean seek(StreamId from) {
    if (!seekNode(from)) {
      return false;
    }
    openNode();
    while (next()) {
      if (id.compareTo(from) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Moves to the last entry whose ID is not greater. */
  public boolean seekBack(StreamId from) {
    if (!seekNode(from)) {
      return false;
    }
    openNode();
    collect(from);
    return previous();
  }

  /** Moves to the entry with this ID. */
  public boolean find(StreamId wanted) {
    return seek(wanted) && id.equalTo(wanted);
  }

  /** Moves to the first entry. */
  public boolean first() {
    if (!attached().first()) {
      return false;
    }
    openNode();
    return next();
  }

  /** Moves to the last entry. */
  public boolean last() {
    if (!attached().last()) {
      return false;
    }
    openNode();
    collect(null);
    return previous();
  }

  /** Tells the ID of the last entry; whether there is one. May not be over any entry then. */
  public boolean lastId(StreamId into) {
    if (!attached().last()) {
      return false;
    }
    openNode();
    if (nodeDeleted() == 0) {
      into.set(StreamNode.lastMs(array, node), StreamNode.lastSeq(array, node));
      return true;
    }
    if (!last()) {
      return false;
    }
    into.set(id);
    return true;
  }

  /** Moves to the next entry. */
  public boolean next() {
    do {
      while (nextRaw()) {
        if ((flags & StreamNode.DELETED) == 0) {
          return true;
        }
      }
    } while (nextNode());
    return false;
  }

  /** Moves to the entry before, after {@link #seekBack} or {@link #last}. */
  public boolean previous() {
    while (depth == 0) {
      if (!tree.previous()) {
        return false;
      }
      openNode();
      collect(null);
    }
    depth--;
    id.set(ids[2 * depth], ids[2 * depth + 1]);
    at = positions[depth];
    flags = array[at];
    int from = at + 1;
    if ((flags & StreamNode.SAME_MS) == 0) {
      from = Varint.behind(array, from);
    }
    if ((flags & StreamNode.NEXT_SEQ) == 0) {
      from = Varint.behind(array, from);
    }
    body = from;
    rewindFields();
    return true;
  }

  /** The tree, over no node. */
  CountedTree attached() {
    return tree.attach(roots, TreeRoots.rootAt(StreamValue.ENTRIES));
  }

  private boolean seekNode(StreamId wanted) {
    order.id = wanted;
    return attached().seek(order);
  }

  // Nodes, and all entries of one, for whoever wants to see what is deleted, too.

  /** Moves before the first entry of the first node; false in an empty stream. */
  public boolean firstNode() {
    if (!attached().first()) {
      return false;
    }
    openNode();
    return true;
  }

  /** Moves before the first entry of the node behind; false, and stays, when there is none. */
  public boolean nextNode() {
    if (!tree.next()) {
      return false;
    }
    openNode();
    return true;
  }

  /** Moves before the first entry of the node that the tree is over. */
  void openNode() {
    EditableBytes leaf = tree.leaf();
    array = leaf.array();
    node = leaf.offset();
    end = node + leaf.length();
    firstMasterField = StreamNode.firstMasterField(array, node);
    id.set(StreamNode.ms(array, node), StreamNode.seq(array, node));
    next = StreamNode.firstEntry(array, node);
    depth = 0;
  }

  /** Milliseconds of the node's master ID. */
  public long masterMs() {
    return StreamNode.ms(array, node);
  }

  /** Sequence number of the node's master ID. */
  public long masterSeq() {
    return StreamNode.seq(array, node);
  }

  /** How many entries of the node are there. */
  public int nodeLive() {
    return StreamNode.live(array, node);
  }

  /** How many entries of the node are deleted. */
  public int nodeDeleted() {
    return StreamNode.deleted(array, node);
  }

  /** How many master fields the node has. */
  public int masterFields() {
    return StreamNode.masterFields(array, node);
  }

  /**
   * Moves the slice over the first master field, or over the one behind that of the last call.
   *
   * @param position 0 for the first one, else what the last call returned
   */
  public int masterField(int position, Slice field) {
    int from = position == 0 ? firstMasterField : node + position;
    return StreamNode.text(array, from, field) - node;
  }

  /** Moves to the next entry of the node, deleted or not; false at its end. */
  public boolean nextRaw() {
    if (next >= end) {
      return false;
    }
    at = next;
    flags = array[at];
    int from = at + 1;
    boolean sameMs = (flags & StreamNode.SAME_MS) != 0;
    long ms = id.ms;
    long seq = 0;
    if (!sameMs) {
      ms += Varint.get(array, from);
      from = Varint.behind(array, from);
    }
    if ((flags & StreamNode.NEXT_SEQ) == 0) {
      seq = (sameMs ? id.seq : 0) + Varint.get(array, from);
      from = Varint.behind(array, from);
    } else if (sameMs) {
      seq = id.seq + 1;
    }
    id.set(ms, seq);
    body = from;
    rewindFields();
    skipBody();
    return true;
  }

  private void skipBody() {
    int from = content;
    int texts = hasMasterFields() ? fieldCount : 2 * fieldCount;
    for (; texts > 0; texts--) {
      from = StreamNode.behindText(array, from);
    }
    next = from;
  }

  /** Notes where the entries of the node are that are there and not greater than {@code limit}. */
  private void collect(@Nullable StreamId limit) {
    depth = 0;
    while (nextRaw() && (limit == null || id.compareTo(limit) <= 0)) {
      if (!isDeleted()) {
        push();
      }
    }
  }

  private void push() {
    if (depth == positions.length) {
      int length = Math.max(POSITIONS_AT_FIRST, 2 * depth);
      positions = Arrays.copyOf(positions, length);
      ids = Arrays.copyOf(ids, 2 * length);
    }
    positions[depth] = at;
    ids[2 * depth] = id.ms;
    ids[2 * depth + 1] = id.seq;
    depth++;
  }

  // The entry.

  /** Its ID; the object is the same for all entries. */
  public StreamId id() {
    return id;
  }

  /** Whether it is deleted; only {@link #nextRaw} moves to such entries. */
  public boolean isDeleted() {
    return (flags & StreamNode.DELETED) != 0;
  }

  /** Whether its fields are the node's master fields. */
  public boolean hasMasterFields() {
    return (flags & StreamNode.SAME_FIELDS) != 0;
  }

  /** How many fields it has. */
  public int fieldCount() {
    return fieldCount;
  }

  /** Lets {@link #nextField} begin with the first field again. */
  public void rewindFields() {
    if (hasMasterFields()) {
      fieldCount = masterFields();
      content = body;
      masterField = firstMasterField;
    } else {
      fieldCount = (int) Varint.get(array, body);
      content = Varint.behind(array, body);
    }
    fieldsLeft = fieldCount;
  }

  /** Moves the slices over the next field and its value; false when there is no other. */
  public boolean nextField(Slice field, Slice value) {
    if (fieldsLeft == 0) {
      return false;
    }
    fieldsLeft--;
    if (hasMasterFields()) {
      masterField = StreamNode.text(array, masterField, field);
    } else {
      content = StreamNode.text(array, content, field);
    }
    content = StreamNode.text(array, content, value);
    return true;
  }

  // For changes and tests, within the package.

  /** Whether the last entry of the node, be it deleted, has this ID. */
  boolean endsWith(StreamId last) {
    return last.ms == StreamNode.lastMs(array, node) && last.seq == StreamNode.lastSeq(array, node);
  }

  /** The tree, over the node of the entry. */
  CountedTree tree() {
    return tree;
  }

  /** Where the entry begins in its node. */
  int entryAt() {
    return at - node;
  }

  /** Orders nodes by their master IDs. */
  private static final class NodeOrder implements CountedTree.Order {
    private StreamId id = new StreamId();

    @Override
    public long key() {
      return StreamNode.keyOf(id.ms);
    }

    @Override
    public int compareToFirst(byte[] array, int offset, int length) {
      return Long.compareUnsigned(id.seq, StreamNode.seq(array, offset));
    }
  }
}
