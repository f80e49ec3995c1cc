package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;

/**
 * A B+ tree (Bayer and McCreight, 1972; Comer, 1979) in blocks of the arena, whose inner nodes
 * count the elements below each child: it finds an element by its position and by its key in a time
 * of the logarithm of their number. What an element is, and where it begins in a leaf, is the
 * owner's business; to the tree a leaf is some bytes with a number of elements and the key of the
 * first.
 *
 * <p>Keys are 64-bit numbers, in the order of signed ones. Several elements may have the same key;
 * then {@link Order} looks into the leaves. Where there is only a position, all keys are 0.
 *
 * <pre>
 * root   0  4 reference of the topmost node, 0 in an empty tree
 *        4  4 height: the levels of inner nodes, 0 where the topmost node is a leaf
 *        8  8 number of elements
 * </pre>
 *
 * <p>This object is a cursor: {@link #attach} moves it over the root of one tree or another, and
 * the methods that find something over a leaf. Changes go through the leaf under the cursor:
 *
 * <ol>
 *   <li>{@link #leaf} with its {@code resize}, then writing its bytes, then {@link #leafChanged};
 *   <li>to split a leaf: {@link #reserve}, {@link #newLeaf}, fill it, {@link #insertAfter}; shorten
 *       the leaf under the cursor, {@link #leafChanged};
 *   <li>{@link #removeLeaf} when its last element goes, {@link #create} for the first one.
 * </ol>
 *
 * <p>What needs memory throws {@link ArenaFullException} and leaves a tree of the same elements;
 * {@link #insertAfter}, {@link #insertBefore}, {@link #leafChanged}, and making a leaf shorter that
 * is {@link #reserve reserved} need none. A block that a frozen view may see is copied before it is
 * changed, and so are those above it.
 *
 * <p>Invariants, checked by {@link #validate}:
 *
 * <ol>
 *   <li>All leaves are at the same depth, the root's height; no leaf is empty.
 *   <li>An inner node has 1 to 63 children.
 *   <li>Each count is that of the elements below; the root's is that of all.
 *   <li>Keys do not decrease from left to right; the key of a node is that of its first child.
 * </ol>
 */
public final class CountedTree {
  /** What a root takes. */
  public static final int ROOT_BYTES = 16;

  private static final int MAX_HEIGHT = 16;

  private final BlockSource blocks;
  private final boolean hasEvenKeys;
  private final Leaf leaf = new Leaf();

  private EditableBytes root = NoRoot.INSTANCE;
  private int rootAt;

  // The path to the leaf under the cursor, from the topmost node down.
  private final int[] nodes = new int[MAX_HEIGHT];
  private final int[] slots = new int[MAX_HEIGHT];
  private int height;
  private int leafReference;

  /** What is looked for by key. */
  public interface Order {
    /** Its key. */
    long key();

    /**
     * Compares it with the first element of a leaf that has the same key.
     *
     * @param offset where the leaf's bytes begin in {@code array}
     * @param length how many they are
     * @return negative when it comes before that, positive when it comes behind it
     */
    int compareToFirst(byte[] array, int offset, int length);
  }

  public CountedTree(BlockSource blocks) {
    this(blocks, false);
  }

  /**
   * @param hasEvenKeys whether keys are spread evenly, as hashes are; the searches begin where they
   *     should be then, see {@link EvenKeys}
   */
  CountedTree(BlockSource blocks, boolean hasEvenKeys) {
    this.blocks = blocks;
    this.hasEvenKeys = hasEvenKeys;
  }

  /**
   * Moves over the tree whose root stands {@code at} bytes behind the begin of {@code root}; the
   * cursor is over no leaf then.
   */
  public CountedTree attach(EditableBytes root, int at) {
    this.root = root;
    rootAt = at;
    leafReference = 0;
    return this;
  }

  /** Writes the root of an empty tree. */
  public static void format(byte[] array, int offset) {
    Bytes.putLong(array, offset, 0);
    Bytes.putLong(array, offset + 8, 0);
  }

  // The root.

  /** The number of elements. */
  public long count() {
    return Bytes.getLong(root.array(), root.offset() + rootAt + 8);
  }

  public boolean isEmpty() {
    return top() == 0;
  }

  /** Whether there is a leaf, and no other. */
  public boolean hasOneLeaf() {
    return rootHeight() == 0 && !isEmpty();
  }

  private int top() {
    return Bytes.getInt(root.array(), root.offset() + rootAt);
  }

  private int rootHeight() {
    return Bytes.getInt(root.array(), root.offset() + rootAt + 4);
  }

  private void top(int reference, int height) {
    Bytes.putInt(root.array(), root.offset() + rootAt, reference);
    Bytes.putInt(root.array(), root.offset() + rootAt + 4, height);
  }

  private void addToCount(long delta) {
    Bytes.putLong(root.array(), root.offset() + rootAt + 8, count() + delta);
  }

  // Finding. Each returns whether the cursor is over a leaf.

  /** Moves over the first leaf; false in an empty tree. */
  public boolean first() {
    height = rootHeight();
    return descendToEnd(top(), 0, false);
  }

  /** Moves over the last leaf; false in an empty tree. */
  public boolean last() {
    height = rootHeight();
    return descendToEnd(top(), 0, true);
  }

  /** From a node at this level down, along its first children or its last ones. */
  private boolean descendToEnd(int from, int fromLevel, boolean isLast) {
    int reference = from;
    for (int level = fromLevel; level < height; level++) {
      byte[] slab = blocks.slabOf(reference);
      int base = Arena.offset(reference);
      int slot = isLast ? TreeNode.children(slab, base) - 1 : 0;
      nodes[level] = reference;
      slots[level] = slot;
      reference = TreeNode.child(slab, base, slot);
    }
    leafReference = reference;
    return reference != 0;
  }

  /** Moves over the leaf with the element at this position; {@link #before} tells where in it. */
  public boolean seekIndex(long index) {
    return index >= 0 && index < count() && descend(index);
  }

  private boolean descend(long index) {
    int reference = top();
    height = rootHeight();
    long left = index;
    for (int level = 0; level < height; level++) {
      byte[] slab = blocks.slabOf(reference);
      int base = Arena.offset(reference);
      int slot = 0;
      for (long count = TreeNode.count(slab, base, 0); count <= left; ) {
        left -= count;
        count = TreeNode.count(slab, base, ++slot);
      }
      nodes[level] = reference;
      slots[level] = slot;
      reference = TreeNode.child(slab, base, slot);
    }
    leafReference = reference;
    return reference != 0;
  }

  /**
   * Moves over the only leaf that may hold what is looked for, and into which it would be inserted:
   * the last whose first element is not greater, or the first leaf.
   */
  public boolean seek(Order order) {
    int reference = top();
    height = rootHeight();
    long key = order.key();
    long lower = Long.MIN_VALUE;
    long upper = Long.MAX_VALUE;
    for (int level = 0; level < height; level++) {
      byte[] slab = blocks.slabOf(reference);
      int base = Arena.offset(reference);
      int slot;
      if (hasEvenKeys) {
        slot = TreeNode.lastNotAbove(slab, base, key, lower, upper);
        lower = TreeNode.key(slab, base, slot);
        upper = TreeNode.keyBehind(slab, base, slot, upper);
      } else {
        slot = TreeNode.lastNotAbove(slab, base, key);
      }
      if (TreeNode.key(slab, base, slot) == key) {
        slot = slotAmongSame(slab, base, slot, order, height - level);
      }
      nodes[level] = reference;
      slots[level] = slot;
      reference = TreeNode.child(slab, base, slot);
    }
    leafReference = reference;
    return reference != 0;
  }

  /** Notes an element with this key in {@code into}. The cursor stays. */
  void noteIn(TreeTouch into, long key, boolean isIndex) {
    assert hasEvenKeys;
    into.add(top(), rootHeight(), key, isIndex);
  }

  /**
   * The last child whose first element is not greater, or 0.
   *
   * @param last the last child that has the key that is looked for
   */
  private int slotAmongSame(byte[] slab, int base, int last, Order order, int levels) {
    long key = order.key();
    int high = last;
    int low = 0;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      long middleKey = TreeNode.key(slab, base, middle);
      boolean isBefore =
          key != middleKey
              ? key < middleKey
              : compareToFirst(order, TreeNode.child(slab, base, middle), levels - 1) < 0;
      if (isBefore) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }

  private int compareToFirst(Order order, int node, int levels) {
    int reference = node;
    for (int i = 0; i < levels; i++) {
      reference = TreeNode.child(blocks.slabOf(reference), Arena.offset(reference), 0);
    }
    byte[] slab = blocks.slabOf(reference);
    int base = Arena.offset(reference);
    return order.compareToFirst(slab, base + TreeNode.HEADER_BYTES, TreeNode.length(slab, base));
  }

  /** Moves over the leaf behind; false, and the cursor stays, when there is none. */
  public boolean next() {
    int level = height - 1;
    while (level >= 0 && slots[level] + 1 == children(nodes[level])) {
      level--;
    }
    if (level < 0) {
      return false;
    }
    slots[level]++;
    return descendToEnd(child(level), level + 1, false);
  }

  /** Moves over the leaf before; false, and the cursor stays, when there is none. */
  public boolean previous() {
    int level = height - 1;
    while (level >= 0 && slots[level] == 0) {
      level--;
    }
    if (level < 0) {
      return false;
    }
    slots[level]--;
    return descendToEnd(child(level), level + 1, true);
  }

  private int children(int node) {
    return TreeNode.children(blocks.slabOf(node), Arena.offset(node));
  }

  private int child(int level) {
    int node = nodes[level];
    return TreeNode.child(blocks.slabOf(node), Arena.offset(node), slots[level]);
  }

  // The leaf under the cursor.

  /** Its bytes; the object is the same for all leaves. */
  public EditableBytes leaf() {
    return leaf;
  }

  /** Whether another cursor is over the same one. */
  boolean isSameLeaf(CountedTree other) {
    return leafReference == other.leafReference;
  }

  /** Its elements. */
  public int leafCount() {
    if (height == 0) {
      return (int) count();
    }
    int node = nodes[height - 1];
    return (int) TreeNode.count(blocks.slabOf(node), Arena.offset(node), slots[height - 1]);
  }

  /** Its key; 0 where it is the only leaf. */
  public long leafKey() {
    if (height == 0) {
      return 0;
    }
    int node = nodes[height - 1];
    return TreeNode.key(blocks.slabOf(node), Arena.offset(node), slots[height - 1]);
  }

  /** The key of the leaf behind it, or the greatest of all numbers. */
  long nextKey() {
    for (int level = height - 1; level >= 0; level--) {
      byte[] slab = blocks.slabOf(nodes[level]);
      int base = Arena.offset(nodes[level]);
      if (slots[level] + 1 < TreeNode.children(slab, base)) {
        return TreeNode.key(slab, base, slots[level] + 1);
      }
    }
    return Long.MAX_VALUE;
  }

  /**
   * Where in it an element with this key is about, were the keys from it to the leaf behind spread
   * evenly.
   *
   * @param count its elements
   * @return from 0 to {@code count - 1}
   */
  int guess(long key, int count) {
    if (height == 0) {
      return EvenKeys.guess(key, Long.MIN_VALUE, Long.MAX_VALUE, count);
    }
    byte[] slab = blocks.slabOf(nodes[height - 1]);
    int base = Arena.offset(nodes[height - 1]);
    int slot = slots[height - 1];
    long lower = TreeNode.key(slab, base, slot);
    boolean isLast = slot + 1 == TreeNode.children(slab, base);
    return isLast
        ? count >>> 1
        : EvenKeys.guess(key, lower, TreeNode.key(slab, base, slot + 1), count);
  }

  /** The elements in the leaves before it. */
  public long before() {
    long before = 0;
    for (int level = 0; level < height; level++) {
      byte[] slab = blocks.slabOf(nodes[level]);
      int base = Arena.offset(nodes[level]);
      for (int slot = slots[level] - 1; slot >= 0; slot--) {
        before += TreeNode.count(slab, base, slot);
      }
    }
    return before;
  }

  /** Whether it is the first of all. */
  public boolean isFirst() {
    for (int level = 0; level < height; level++) {
      if (slots[level] != 0) {
        return false;
      }
    }
    return true;
  }

  // Changing.

  /** Makes a leaf of {@code length} undefined bytes that is in no tree yet. */
  public int newLeaf(int length) {
    Arena arena = blocks.arena();
    int reference = arena.allocate(Math.addExact(TreeNode.HEADER_BYTES, length));
    byte[] slab = arena.slab(reference);
    int base = Arena.offset(reference);
    TreeNode.stamp(slab, base, arena.epoch());
    TreeNode.length(slab, base, length);
    return reference;
  }

  /** Where the bytes of a leaf begin in the array that its reference leads to. */
  public static int leafOffset(int reference) {
    return Arena.offset(reference) + TreeNode.HEADER_BYTES;
  }

  /** Gives a leaf back that has not come into a tree. */
  public void discard(int newLeaf) {
    TreeNode.free(blocks.arena(), newLeaf);
  }

  /** Makes this leaf the first of an empty tree, and moves over it. */
  public void create(int newLeaf, int count) {
    assert isEmpty();
    ownRoot();
    top(newLeaf, 0);
    addToCount(count);
    height = 0;
    leafReference = newLeaf;
  }

  /** Says how many elements the leaf under the cursor has gained, and the key of its first. */
  public void leafChanged(long firstKey, int delta) {
    boolean isFirst = true;
    for (int level = height - 1; level >= 0; level--) {
      byte[] slab = blocks.slabOf(nodes[level]);
      int base = Arena.offset(nodes[level]);
      assert !blocks.arena().isFrozen(TreeNode.stamp(slab, base)) : "written without a copy";
      int slot = slots[level];
      TreeNode.count(slab, base, slot, TreeNode.count(slab, base, slot) + delta);
      if (isFirst) {
        TreeNode.key(slab, base, slot, firstKey);
        isFirst = slot == 0;
      }
    }
    addToCount(delta);
  }

  /**
   * Makes the leaf under the cursor and all above it free to be written, with room for one leaf
   * more beside it.
   *
   * @param firstKey the key of its first element
   */
  public void reserve(long firstKey) {
    ownPath();
    leaf.own(leaf.length());
    try {
      if (height == 0) {
        raise(firstKey);
      }
      makeRoom(height - 1);
    } catch (ArenaFullException full) {
      // It may have been raised for the room that there is not.
      lower();
      throw full;
    }
  }

  /** Puts a leaf behind the one under the cursor, which was reserved; the cursor stays. */
  public void insertAfter(int newLeaf, long firstKey, int count) {
    insertChild(nodes[height - 1], slots[height - 1] + 1, newLeaf, count, firstKey);
    addAboveParent(count);
  }

  /** Puts a leaf before the one under the cursor, which was reserved; the cursor stays. */
  public void insertBefore(int newLeaf, long firstKey, int count) {
    int slot = slots[height - 1]++;
    insertChild(nodes[height - 1], slot, newLeaf, count, firstKey);
    if (slot == 0) {
      firstChildChanged(height - 1, firstKey);
    }
    addAboveParent(count);
  }

  /** Counts the elements of a leaf that has come to the node above the one under the cursor. */
  private void addAboveParent(int count) {
    for (int level = height - 2; level >= 0; level--) {
      byte[] slab = blocks.slabOf(nodes[level]);
      int base = Arena.offset(nodes[level]);
      TreeNode.count(slab, base, slots[level], TreeNode.count(slab, base, slots[level]) + count);
    }
    addToCount(count);
  }

  /** Removes the leaf under the cursor with all its elements; the cursor is over none then. */
  public void removeLeaf() {
    ownPath();
    int count = leafCount();
    TreeNode.free(blocks.arena(), leafReference);
    leafReference = 0;
    addToCount(-count);
    for (int level = 0; level < height; level++) {
      byte[] slab = blocks.slabOf(nodes[level]);
      int base = Arena.offset(nodes[level]);
      TreeNode.count(slab, base, slots[level], TreeNode.count(slab, base, slots[level]) - count);
    }
    int level = height - 1;
    while (level >= 0 && children(nodes[level]) == 1) {
      TreeNode.free(blocks.arena(), nodes[level--]);
    }
    if (level < 0) {
      top(0, 0);
      return;
    }
    byte[] slab = blocks.slabOf(nodes[level]);
    int base = Arena.offset(nodes[level]);
    TreeNode.close(slab, base, slots[level]);
    if (slots[level] == 0) {
      firstChildChanged(level, TreeNode.key(slab, base, 0));
    }
    if (level > 0) {
      merge(level);
    }
    lower();
  }

  private void firstChildChanged(int changed, long key) {
    for (int level = changed - 1; level >= 0; level--) {
      TreeNode.key(blocks.slabOf(nodes[level]), Arena.offset(nodes[level]), slots[level], key);
      if (slots[level] != 0) {
        break;
      }
    }
  }

  /** Takes away topmost nodes with one child; the cursor is over no leaf. */
  private void lower() {
    int top = top();
    int levels = rootHeight();
    while (levels > 0 && children(top) == 1) {
      int only = TreeNode.child(blocks.slabOf(top), Arena.offset(top), 0);
      TreeNode.free(blocks.arena(), top);
      top = only;
      levels--;
    }
    top(top, levels);
  }

  /** Makes the node of a level one with its neighbour where both have few children. */
  private void merge(int level) {
    int parent = nodes[level - 1];
    byte[] parentSlab = blocks.slabOf(parent);
    int parentBase = Arena.offset(parent);
    int siblings = TreeNode.children(parentSlab, parentBase);
    int left = slots[level - 1] > 0 ? slots[level - 1] - 1 : 0;
    if (siblings < 2) {
      return;
    }
    TreeNode.join(blocks.arena(), parentSlab, parentBase, left);
  }

  // Making writable, making room.

  private void ownRoot() {
    root.resize(root.length());
  }

  /**
   * Makes all above the leaf under the cursor free to be written: {@link #removeLeaf} needs no
   * memory then.
   */
  public void ownPath() {
    Arena arena = blocks.arena();
    if (!arena.hasViews()) {
      return;
    }
    ownRoot();
    for (int level = 0; level < height; level++) {
      if (TreeNode.isFrozen(arena, nodes[level])) {
        replace(level, children(nodes[level]));
      }
    }
  }

  /** Puts a copy of a node, with room for {@code children}, in its place. */
  private void replace(int level, int children) {
    Arena arena = blocks.arena();
    int old = nodes[level];
    int usedBytes = TreeNode.usedBytes(arena.slab(old), Arena.offset(old));
    int copy = TreeNode.copyOf(arena, old, usedBytes, TreeNode.sizeBytes(children));
    install(level, copy);
    nodes[level] = copy;
    TreeNode.free(arena, old);
  }

  /** Notes a node's reference in the one above, or in the root. */
  private void install(int level, int reference) {
    if (level == 0) {
      top(reference, height);
    } else {
      int parent = nodes[level - 1];
      TreeNode.child(blocks.slabOf(parent), Arena.offset(parent), slots[level - 1], reference);
    }
  }

  private void insertChild(int node, int slot, int reference, long count, long key) {
    byte[] slab = blocks.slabOf(node);
    int base = Arena.offset(node);
    TreeNode.open(slab, base, slot);
    TreeNode.put(slab, base, slot, reference, count, key);
  }

  /** Puts a node with one child above the topmost. */
  private void raise(long firstKey) {
    if (height == MAX_HEIGHT) {
      throw new IllegalStateException("the tree is too high");
    }
    int top = top();
    int raised = TreeNode.allocate(blocks.arena(), 1);
    TreeNode.put(blocks.slabOf(raised), Arena.offset(raised), 0, top, count(), firstKey);
    System.arraycopy(nodes, 0, nodes, 1, height);
    System.arraycopy(slots, 0, slots, 1, height);
    nodes[0] = raised;
    slots[0] = 0;
    height++;
    top(raised, height);
  }

  /** Makes room for another child in the node of a level; the path is writable. */
  private void makeRoom(int level) {
    Arena arena = blocks.arena();
    int node = nodes[level];
    int children = children(node);
    if (children == TreeNode.MAX_CHILDREN) {
      split(level);
    } else if (children == TreeNode.capacity(arena.capacity(node))) {
      replace(level, children + 1);
    }
  }

  private void split(int splitLevel) {
    int level = splitLevel;
    if (level == 0) {
      raise(TreeNode.key(blocks.slabOf(nodes[0]), Arena.offset(nodes[0]), 0));
      level = 1;
    } else {
      int heightBefore = height;
      makeRoom(level - 1);
      level += height - heightBefore;
    }
    int node = nodes[level];
    int children = children(node);
    // At the end of the tree most goes to the left: what is filled in order is filled up.
    int left = slots[level] == children - 1 ? children - 1 : children / 2;
    int sibling = TreeNode.allocate(blocks.arena(), children - left);
    byte[] slab = blocks.slabOf(node);
    int base = Arena.offset(node);
    byte[] siblingSlab = blocks.slabOf(sibling);
    int siblingBase = Arena.offset(sibling);
    TreeNode.copy(slab, base, left, siblingSlab, siblingBase, 0, children - left);
    TreeNode.children(slab, base, left);
    long moved = TreeNode.total(siblingSlab, siblingBase);
    int parent = nodes[level - 1];
    int slot = slots[level - 1];
    byte[] parentSlab = blocks.slabOf(parent);
    int parentBase = Arena.offset(parent);
    TreeNode.count(
        parentSlab, parentBase, slot, TreeNode.count(parentSlab, parentBase, slot) - moved);
    insertChild(parent, slot + 1, sibling, moved, TreeNode.key(siblingSlab, siblingBase, 0));
    if (slots[level] >= left) {
      slots[level] -= left;
      slots[level - 1]++;
      nodes[level] = sibling;
    }
  }

  // The whole.

  /** What all nodes and leaves take in the arena. */
  public long sizeBytes() {
    return isEmpty() ? 0 : TreeBlocks.sizeBytes(blocks.arena(), top(), rootHeight());
  }

  /**
   * Frees all nodes and leaves and leaves an empty tree. Takes a time of their number; {@link
   * TreeBlocks} frees in slices.
   */
  public void clear() {
    ownRoot();
    int top = top();
    int levels = rootHeight();
    format(root.array(), root.offset() + rootAt);
    leafReference = 0;
    if (top != 0) {
      TreeBlocks.free(blocks.arena(), top, levels);
    }
  }

  /**
   * Checks the invariants, and has {@code check} look at each leaf; for tests.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate(LeafCheck check) {
    new TreeValidation(blocks, check).check(top(), rootHeight(), count());
  }

  /** Looks at a leaf for {@link #validate}. */
  public interface LeafCheck {
    /**
     * Throws an IllegalStateException unless the bytes hold so many elements.
     *
     * @param key what the tree has noted as its first element's, 0 where it is the only leaf
     */
    void check(byte[] array, int offset, int length, int count, long key);
  }

  /** The leaf under the cursor. */
  private final class Leaf implements EditableBytes {

    @Override
    public byte[] array() {
      return blocks.slabOf(leafReference);
    }

    @Override
    public int offset() {
      return Arena.offset(leafReference) + TreeNode.HEADER_BYTES;
    }

    @Override
    public int length() {
      return TreeNode.length(blocks.slabOf(leafReference), Arena.offset(leafReference));
    }

    @Override
    public void resize(int length) {
      ownPath();
      own(length);
    }

    /** The path is writable. */
    private void own(int length) {
      Arena arena = blocks.arena();
      int old = leafReference;
      byte[] slab = arena.slab(old);
      int base = Arena.offset(old);
      int sizeBytes = Math.addExact(TreeNode.HEADER_BYTES, length);
      boolean isFrozen = arena.isFrozen(TreeNode.stamp(slab, base));
      int oldLength = TreeNode.length(slab, base);
      if (length == oldLength && !isFrozen) {
        return;
      }
      if (isFrozen || !fits(arena, old, sizeBytes)) {
        int used = TreeNode.HEADER_BYTES + Math.min(length, oldLength);
        try {
          int copy = TreeNode.copyOf(arena, old, used, sizeBytes);
          install(height, copy);
          leafReference = copy;
          TreeNode.free(arena, old);
        } catch (ArenaFullException full) {
          if (isFrozen || length > oldLength) {
            throw full;
          }
          // What becomes less has its place where it is.
        }
      }
      TreeNode.length(arena.slab(leafReference), Arena.offset(leafReference), length);
    }

    private static boolean fits(Arena arena, int reference, int sizeBytes) {
      int capacity = arena.capacity(reference);
      return sizeBytes <= capacity && Arena.capacityFor(sizeBytes) >= capacity - (capacity >> 2);
    }
  }
}
