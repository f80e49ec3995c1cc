package io.cinnabar.structure;

import io.cinnabar.arena.ArenaFullException;
import java.util.Arrays;

/**
 * A large set or hash: a {@link CountedTree} whose leaves hold elements by their 64-bit hash, see
 * {@link HashedLeaf}. An element is found by its bytes and by its position; a scan is complete and
 * free of duplicates while the tree grows and shrinks, since its cursor is a hash.
 *
 * <p>This object is a cursor: {@link #attach} moves it over one tree or another; what finds
 * something moves it over an element, and whatever changes the tree ends that. It has no state of
 * the tree's. Slices handed in must not lie in this very tree.
 *
 * <p>The order of elements is that of their hashes, as unsigned numbers, then of their lengths,
 * then of their bytes: elements with the same hash make it slow, and nothing else.
 *
 * <p>Invariants, checked by {@link #validate}, beside those of the tree and of its leaves:
 *
 * <ol>
 *   <li>All elements of a leaf come behind those of the leaf before, and no element is there twice.
 *   <li>The element in slot 0 is the least of its leaf, and its hash is the leaf's key.
 *   <li>Tags are the lowest bytes of the hashes.
 * </ol>
 */
public final class HashedTree {
  /** The expiry of a value without one. */
  public static final long NO_EXPIRY = HashedElement.NO_EXPIRY;

  /** One that takes more than this gets a leaf of its own where it does not fit. */
  private static final int LARGE_BYTES = HashedLeaf.MAX_BYTES / 2;

  private static final int SMALL_LEAF_BYTES = HashedLeaf.MAX_BYTES / 4;
  private static final int MERGED_LEAF_BYTES = HashedLeaf.MAX_BYTES / 4 * 3;
  private static final byte[] NO_BYTES = {};
  private static final Slice NO_VALUE = new Slice();

  private final BlockSource blocks;
  private final CountedTree tree;
  private final EditableBytes leaf;
  private final Hasher hasher;
  private final boolean hasValues;
  private final HashedSought sought = new HashedSought();
  private final Slice text = new Slice();
  private final Slice otherText = new Slice();

  // The leaf under the cursor, and the slot of the element in it.
  private byte[] array = NO_BYTES;
  private int start;
  private int length;
  private int slot;

  // Scratch for what looks at a whole leaf, made when first needed.
  private long[] keys = {};
  private long[] sortedKeys = {};
  private byte[] copy = NO_BYTES;

  /** Where hashes of elements come from. */
  public interface Hasher {
    /** The seeded hash of an element. */
    long hashOf(Slice element);
  }

  /** Sees the elements of a scan. */
  public interface Visitor {
    /** The cursor of {@code at} is over an element; it may look, but not change the tree. */
    void element(HashedTree at);
  }

  /** A cursor over trees in these blocks, with values for all elements or for none. */
  public HashedTree(BlockSource blocks, Hasher hasher, boolean hasValues) {
    this.blocks = blocks;
    this.tree = new CountedTree(blocks, true);
    this.leaf = tree.leaf();
    this.hasher = hasher;
    this.hasValues = hasValues;
  }

  /** Moves over the tree whose root stands {@code at} bytes behind the begin of {@code root}. */
  public HashedTree attach(EditableBytes root, int at) {
    tree.attach(root, at);
    return this;
  }

  /** Lets go of the arrays that it has looked into. */
  public void release() {
    array = NO_BYTES;
    sought.element = NO_VALUE;
    text.set(NO_VALUE);
    otherText.set(NO_VALUE);
  }

  // Finding.

  /** The number of elements. */
  public long count() {
    return tree.count();
  }

  public boolean isEmpty() {
    return tree.isEmpty();
  }

  /** Moves over an element; false when it is not there. */
  public boolean find(Slice element, long hash) {
    sought.set(element, hash);
    return tree.seek(sought) && findInLeaf();
  }

  /** Notes an element that will be looked for; false where it is not worth it. */
  public boolean noteIn(TreeTouch into, long hash) {
    boolean isWorthIt = tree.count() >= TreeTouch.LEAST_ELEMENTS;
    if (isWorthIt) {
      tree.noteIn(into, hash ^ Long.MIN_VALUE, false);
    }
    return isWorthIt;
  }

  private boolean findInLeaf() {
    look();
    slot = HashedLeaf.find(array, start, sought.element, sought.hash);
    return slot >= 0;
  }

  /** Notes where the leaf under the tree's cursor is. */
  private void look() {
    array = leaf.array();
    start = leaf.offset();
    length = leaf.length();
  }

  private int leafCount() {
    return HashedLeaf.count(array, start);
  }

  private int elementAt(int slot) {
    return HashedLeaf.elementAt(array, start, slot);
  }

  /** Moves over the element at a position, from 0 on; false when there are not as many. */
  public boolean seekIndex(long index) {
    if (!tree.seekIndex(index)) {
      return false;
    }
    look();
    slot = (int) (index - tree.before());
    return true;
  }

  /** Moves over the first of all, in no order; false when there is none. */
  public boolean first() {
    if (!tree.first()) {
      return false;
    }
    look();
    slot = 0;
    return true;
  }

  // By leaves, for those who look at many elements at once.

  /** Moves over the leaf in which the first element with this key is, or would be. */
  boolean seekLeaf(long key) {
    sought.setFrom(key);
    return tree.seek(sought) && lookAtFirst();
  }

  /** Moves over the leaf behind, if it begins with a key up to this one. */
  boolean nextLeaf(long lastKey) {
    return tree.nextKey() <= lastKey && tree.next() && lookAtFirst();
  }

  private boolean lookAtFirst() {
    look();
    slot = 0;
    return true;
  }

  /** The least key of the leaf, or less. */
  long leafKey() {
    return tree.hasOneLeaf() ? Long.MIN_VALUE : tree.leafKey();
  }

  /** The least key of the leaf behind; elements with the same may be at the end of this leaf. */
  long nextLeafKey() {
    return tree.nextKey();
  }

  int leafElements() {
    return leafCount();
  }

  byte tagAt(int slot) {
    return HashedLeaf.tagAt(array, start, slot);
  }

  /** Moves over an element of the leaf. */
  void slot(int slot) {
    this.slot = slot;
  }

  /** Whether two elements, each of a leaf, have the same bytes. */
  static boolean areSame(HashedTree a, int aSlot, HashedTree b, int bSlot) {
    return HashedElement.areSame(a.array, a.elementAt(aSlot), b.array, b.elementAt(bSlot));
  }

  /** Moves over the one behind; false when there is none. Nothing may be changed in between. */
  public boolean next() {
    if (++slot < leafCount()) {
      return true;
    }
    if (!tree.next()) {
      return false;
    }
    look();
    slot = 0;
    return true;
  }

  /** The element under the cursor; valid until the tree is changed. */
  public void element(Slice into) {
    HashedElement.element(array, elementAt(slot), into);
  }

  /** Its value; valid until the tree is changed. */
  public void value(Slice into) {
    assert hasValues;
    HashedElement.value(array, elementAt(slot), into);
  }

  /** When its value expires, in milliseconds since 1970, or {@link #NO_EXPIRY}. */
  public long expiryMillis() {
    assert hasValues;
    return HashedElement.expiryMillis(array, elementAt(slot));
  }

  // Changing.

  /**
   * Adds an element to a set.
   *
   * @return false when it is there already
   * @throws ArenaFullException and has changed nothing
   */
  public boolean add(Slice element, long hash) {
    assert !hasValues;
    sought.set(element, hash);
    return put(NO_VALUE, NO_EXPIRY, (int) HashedElement.sizeBytes(element));
  }

  /**
   * Gives a field of a hash a value.
   *
   * @param expiryMillis when it expires, or {@link #NO_EXPIRY}
   * @return false when the field was there and has another value now
   * @throws ArenaFullException and has changed nothing
   */
  public boolean put(Slice field, long hash, Slice value, long expiryMillis) {
    assert hasValues;
    sought.set(field, hash);
    long sizeBytes = HashedElement.sizeBytes(field, value, expiryMillis);
    return put(value, expiryMillis, Math.toIntExact(sizeBytes));
  }

  private boolean put(Slice value, long expiryMillis, int sizeBytes) {
    if (!tree.seek(sought)) {
      create(value, expiryMillis, sizeBytes);
      return true;
    }
    while (true) {
      boolean isNew = !findInLeaf();
      if (!isNew && !hasValues) {
        return false;
      }
      if (isNew
          ? insert(value, expiryMillis, sizeBytes)
          : replace(value, expiryMillis, sizeBytes)) {
        return isNew;
      }
      // Smaller leaves are there now.
      tree.seek(sought);
    }
  }

  private void write(int at, Slice value, long expiryMillis) {
    if (hasValues) {
      HashedElement.write(array, at, sought.element, value, expiryMillis);
    } else {
      HashedElement.write(array, at, sought.element);
    }
  }

  private void create(Slice value, long expiryMillis, int sizeBytes) {
    int made = lonelyLeaf(value, expiryMillis, sizeBytes);
    try {
      tree.create(made, 1);
    } catch (ArenaFullException full) {
      tree.discard(made);
      throw full;
    }
  }

  /** A leaf in no tree, with what is sought alone. */
  private int lonelyLeaf(Slice value, long expiryMillis, int sizeBytes) {
    int made = tree.newLeaf(lonelyBytes(sizeBytes));
    writeLonely(blocks.slabOf(made), CountedTree.leafOffset(made), value, expiryMillis, sizeBytes);
    return made;
  }

  private static int lonelyBytes(int sizeBytes) {
    return HashedLeaf.bytes(1, sizeBytes);
  }

  private void writeLonely(
      byte[] target, int offset, Slice value, long expiryMillis, int sizeBytes) {
    array = target;
    start = offset;
    length = lonelyBytes(sizeBytes);
    HashedLeaf.format(array, start, 1);
    byte tag = HashedLeaf.tag(sought.hash);
    write(HashedLeaf.append(array, start, lonelyBytes(0), tag), value, expiryMillis);
  }

  /** Whether the value could be replaced; if not, the leaf has been split. */
  private boolean replace(Slice value, long expiryMillis, int sizeBytes) {
    int before = HashedElement.sizeBytes(array, elementAt(slot), true);
    int newLength = Math.addExact(length, sizeBytes - before);
    int count = leafCount();
    if (newLength > HashedLeaf.MAX_BYTES && count > 1) {
      if (sizeBytes <= LARGE_BYTES) {
        splitInHalves();
      } else if (slot == 0) {
        splitBehind();
      } else {
        splitBefore();
      }
      return false;
    }
    leaf.resize(Math.max(length, newLength));
    array = leaf.array();
    start = leaf.offset();
    HashedLeaf.resize(array, start, length, slot, before, sizeBytes);
    length = newLength;
    write(elementAt(slot), value, expiryMillis);
    if (sizeBytes < before) {
      leaf.resize(newLength);
      mergeSmall();
    }
    return true;
  }

  /** Whether what is sought could be inserted; if not, the leaf has been split. */
  private boolean insert(Slice value, long expiryMillis, int sizeBytes) {
    if (lengthWith(sizeBytes) <= HashedLeaf.MAX_BYTES) {
      append(value, expiryMillis, sizeBytes, tree.isFirst() && compareToElement(0) < 0);
      return true;
    }
    int count = leafCount();
    if (count > 1 && sizeBytes <= LARGE_BYTES) {
      splitInHalves();
      return false;
    }
    int before = countBefore();
    if (before == 0) {
      insertLeafBefore(value, expiryMillis, sizeBytes);
      return true;
    }
    if (before < count) {
      splitBefore();
      return false;
    }
    if (count == 1 && tree.next()) {
      look();
      if (lengthWith(sizeBytes) <= HashedLeaf.MAX_BYTES) {
        append(value, expiryMillis, sizeBytes, true);
        return true;
      }
      tree.previous();
      look();
    }
    insertLeafBehind(value, expiryMillis, sizeBytes);
    return true;
  }

  /** The length that the leaf would have with another element. */
  private int lengthWith(int sizeBytes) {
    return HashedLeaf.lengthWith(array, start, length, 1, sizeBytes);
  }

  /** Adds what is sought to the leaf under the cursor, which has room for it. */
  private void append(Slice value, long expiryMillis, int sizeBytes, boolean isLeast) {
    resizeWith(1, sizeBytes);
    write(appended(HashedLeaf.tag(sought.hash), sizeBytes), value, expiryMillis);
    if (isLeast) {
      HashedLeaf.swap(array, start, 0, leafCount() - 1);
    }
    tree.leafChanged(isLeast ? sought.key : tree.leafKey(), 1);
  }

  /** Makes room in the leaf under the cursor, which is {@link #length} long as before. */
  private void resizeWith(int count, int elementBytes) {
    int newLength = HashedLeaf.lengthWith(array, start, length, count, elementBytes);
    leaf.resize(newLength);
    array = leaf.array();
    start = leaf.offset();
    HashedLeaf.makeSlots(array, start, length, count);
    length = newLength - elementBytes;
  }

  /** Takes a slot and the bytes behind all elements, for which there is room; where they begin. */
  private int appended(byte tag, int sizeBytes) {
    int at = HashedLeaf.append(array, start, length, tag);
    length += sizeBytes;
    return at;
  }

  private void insertLeafBehind(Slice value, long expiryMillis, int sizeBytes) {
    tree.reserve(keyOf(0));
    int made = lonelyLeaf(value, expiryMillis, sizeBytes);
    tree.insertAfter(made, sought.key, 1);
  }

  /** What is there moves into a leaf of its own, since a leaf can be made behind another only. */
  private void insertLeafBefore(Slice value, long expiryMillis, int sizeBytes) {
    long key = keyOf(0);
    int count = leafCount();
    tree.reserve(key);
    look();
    int moved = tree.newLeaf(length);
    System.arraycopy(array, start, blocks.slabOf(moved), CountedTree.leafOffset(moved), length);
    try {
      leaf.resize(lonelyBytes(sizeBytes));
    } catch (ArenaFullException full) {
      tree.discard(moved);
      throw full;
    }
    writeLonely(leaf.array(), leaf.offset(), value, expiryMillis, sizeBytes);
    tree.leafChanged(sought.key, 1 - count);
    tree.insertAfter(moved, key, count);
  }

  /**
   * Removes an element.
   *
   * @return false when it was not there
   * @throws ArenaFullException and has changed nothing
   */
  public boolean remove(Slice element, long hash) {
    if (!find(element, hash)) {
      return false;
    }
    removeFound();
    return true;
  }

  /**
   * Removes the element under the cursor.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void removeFound() {
    if (leafCount() == 1) {
      tree.removeLeaf();
      return;
    }
    leaf.resize(length);
    array = leaf.array();
    start = leaf.offset();
    int sizeBytes = HashedElement.sizeBytes(array, elementAt(slot), hasValues);
    length = HashedLeaf.remove(array, start, length, slot, sizeBytes);
    long firstKey = slot == 0 ? leastToFront() : tree.leafKey();
    leaf.resize(length);
    tree.leafChanged(firstKey, -1);
    mergeSmall();
  }

  /** Removes all elements, in a time of their number. */
  public void clear() {
    tree.clear();
  }

  // The order of elements.

  private long keyOf(int slot) {
    HashedElement.element(array, elementAt(slot), text);
    return hasher.hashOf(text) ^ Long.MIN_VALUE;
  }

  /** Compares what is sought with an element of the leaf. */
  private int compareToElement(int slot) {
    long key = keyOf(slot);
    return sought.key != key
        ? Long.compare(sought.key, key)
        : HashedSought.compareText(sought.element, text);
  }

  /** Which elements of the leaf come before what is sought. */
  private int countBefore() {
    int before = 0;
    for (int i = leafCount() - 1; i >= 0; i--) {
      if (compareToElement(i) > 0) {
        before++;
      }
    }
    return before;
  }

  /** Puts the least element into slot 0; its key. */
  private long leastToFront() {
    int least = 0;
    long leastKey = keyOf(0);
    for (int i = leafCount() - 1; i > 0; i--) {
      long key = keyOf(i);
      if (key < leastKey || (key == leastKey && isTextBefore(i, least))) {
        least = i;
        leastKey = key;
      }
    }
    HashedLeaf.swap(array, start, 0, least);
    return leastKey;
  }

  private boolean isTextBefore(int a, int b) {
    HashedElement.element(array, elementAt(a), text);
    HashedElement.element(array, elementAt(b), otherText);
    return HashedSought.compareText(text, otherText) < 0;
  }

  /** Takes the keys of all elements of the leaf, by slot; how many they are. */
  private int takeKeys() {
    int count = leafCount();
    if (keys.length < count) {
      keys = new long[HashedLeaf.MAX_ELEMENTS];
      sortedKeys = new long[HashedLeaf.MAX_ELEMENTS];
    }
    for (int i = 0; i < count; i++) {
      keys[i] = keyOf(i);
    }
    return count;
  }

  // Splitting and merging. None of this changes which elements there are.

  private void splitInHalves() {
    int count = takeKeys();
    System.arraycopy(keys, 0, sortedKeys, 0, count);
    Arrays.sort(sortedKeys, 0, count);
    int middle = count / 2;
    while (middle < count && sortedKeys[middle] == sortedKeys[0]) {
      middle++;
    }
    if (middle == count) {
      splitEqualKeys(count);
      return;
    }
    long from = sortedKeys[middle];
    for (int i = 0; i < count; i++) {
      keys[i] = keys[i] >= from ? 1 : 0;
    }
    split(count);
  }

  /** All elements have the same hash. */
  private void splitEqualKeys(int count) {
    for (int i = 0; i < count; i++) {
      int before = 0;
      for (int j = 0; j < count; j++) {
        if (isTextBefore(j, i)) {
          before++;
        }
      }
      keys[i] = before >= count / 2 ? 1 : 0;
    }
    split(count);
  }

  /** What is sought, or would be, comes first in the second leaf. */
  private void splitBefore() {
    int count = takeKeys();
    for (int i = 0; i < count; i++) {
      keys[i] = compareToElement(i) <= 0 ? 1 : 0;
    }
    split(count);
  }

  /** What is sought is alone in the first leaf. */
  private void splitBehind() {
    int count = takeKeys();
    for (int i = 0; i < count; i++) {
      keys[i] = i == slot ? 0 : 1;
    }
    split(count);
  }

  /** Moves the elements whose {@link #keys} are 1 into a leaf behind. */
  private void split(int count) {
    long firstKey = keyOf(0);
    tree.reserve(firstKey);
    look();
    int movedCount = 0;
    int movedBytes = 0;
    for (int i = 0; i < count; i++) {
      if (keys[i] == 1) {
        movedCount++;
        movedBytes += HashedElement.sizeBytes(array, elementAt(i), hasValues);
      }
    }
    assert movedCount > 0 && movedCount < count && keys[0] == 0;
    int made = tree.newLeaf(HashedLeaf.bytes(movedCount, movedBytes));
    int keptCount = count - movedCount;
    int keptBytes = HashedLeaf.elementBytes(array, start, length) - movedBytes;
    takeCopy();
    fill(blocks.slabOf(made), CountedTree.leafOffset(made), count, movedCount, 1);
    long movedKey = leastToFront();
    leaf.resize(HashedLeaf.bytes(keptCount, keptBytes));
    fill(leaf.array(), leaf.offset(), count, keptCount, 0);
    tree.leafChanged(firstKey, -movedCount);
    tree.insertAfter(made, movedKey, movedCount);
  }

  /** Copies the leaf into {@link #copy}. */
  private void takeCopy() {
    if (copy.length < length) {
      copy = new byte[HashedLeaf.MAX_BYTES];
    }
    System.arraycopy(array, start, copy, 0, length);
  }

  /**
   * Fills a leaf with those elements of {@link #copy} whose {@link #keys} are {@code side}.
   *
   * @param count of the elements of the copy
   * @param taken how many of them are on this side
   */
  private void fill(byte[] target, int offset, int count, int taken, int side) {
    array = target;
    start = offset;
    length = HashedLeaf.bytes(taken, 0);
    HashedLeaf.format(array, start, taken);
    for (int i = 0; i < count; i++) {
      if (keys[i] == side) {
        appendCopy(i);
      }
    }
  }

  /** Appends an element of {@link #copy}. */
  private void appendCopy(int slot) {
    int at = HashedLeaf.elementAt(copy, 0, slot);
    int sizeBytes = HashedElement.sizeBytes(copy, at, hasValues);
    int to = appended(HashedLeaf.tagAt(copy, 0, slot), sizeBytes);
    System.arraycopy(copy, at, array, to, sizeBytes);
  }

  /** Makes one of a leaf that has become small and a neighbour, where that is not large. */
  private void mergeSmall() {
    if (length >= SMALL_LEAF_BYTES) {
      return;
    }
    int room = MERGED_LEAF_BYTES - length;
    try {
      if (tree.next()) {
        if (leaf.length() <= room) {
          merge();
          return;
        }
        tree.previous();
      }
      if (tree.previous() && leaf.length() <= room) {
        tree.next();
        merge();
      }
    } catch (ArenaFullException full) {
      // It stays small.
      return;
    }
  }

  /** Moves the elements of the leaf under the cursor into the one before. */
  private void merge() {
    // Free to be written first, so that nothing can fail between the copy and the removal.
    leaf.resize(leaf.length());
    look();
    int count = leafCount();
    takeCopy();
    int elementBytes = HashedLeaf.elementBytes(array, start, length);
    tree.previous();
    look();
    resizeWith(count, elementBytes);
    for (int i = 0; i < count; i++) {
      appendCopy(i);
    }
    tree.leafChanged(tree.leafKey(), count);
    tree.next();
    tree.removeLeaf();
  }

  // Scanning.

  /**
   * Visits the elements from a cursor on. From 0 to 0, a sequence of calls visits every element
   * that was there throughout exactly once, whatever else was added and removed between the calls.
   *
   * @param count how many to visit, if there are as many left; more only with equal hashes
   * @return the cursor of the next call, 0 at the end
   */
  public long scan(long cursor, long count, Visitor visitor) {
    long from = cursor ^ Long.MIN_VALUE;
    sought.setFrom(from);
    if (!tree.seek(sought)) {
      return 0;
    }
    long left = count;
    long last = from;
    do {
      if (left <= 0 && tree.leafKey() > last) {
        return tree.leafKey() ^ Long.MIN_VALUE;
      }
      look();
      int taken = takeKeys();
      long to = left <= 0 ? last : lastOf(from, left, taken);
      boolean isOver = true;
      for (slot = 0; slot < taken; slot++) {
        long key = keys[slot];
        if (key > to) {
          isOver = false;
        } else if (key >= from) {
          visitor.element(this);
          left--;
          last = Math.max(last, key);
        }
      }
      if (!isOver) {
        return to + 1 ^ Long.MIN_VALUE;
      }
    } while (tree.next());
    return 0;
  }

  /** The key of the last among {@code count} elements of the leaf from {@code from} on. */
  private long lastOf(long from, long count, int taken) {
    int candidates = 0;
    for (int i = 0; i < taken; i++) {
      if (keys[i] >= from) {
        sortedKeys[candidates++] = keys[i];
      }
    }
    if (candidates <= count) {
      return Long.MAX_VALUE;
    }
    Arrays.sort(sortedKeys, 0, candidates);
    return sortedKeys[(int) count - 1];
  }

  // Checking.

  /**
   * Checks the invariants; takes garbage.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    tree.validate(new HashedTreeValidation(hasher, hasValues));
  }
}
