package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.arena.Frozen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The tree with pairs of numbers as elements, in order, against a sorted list. */
final class CountedTreeTest {

  private static final int PAIR_BYTES = 16;
  private static final int MAX_LEAF_PAIRS = 6;

  private final long seed = Seed.of(CountedTreeTest.class);
  private final Random random = new Random(seed);
  private Arena arena = new Arena();
  private Root root = new Root(new byte[CountedTree.ROOT_BYTES]);
  private CountedTree tree = treeOf(arena, root);
  private final List<Pair> model = new ArrayList<>();

  private record Pair(long key, long tie) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byKey = Long.compare(key, other.key);
      return byKey != 0 ? byKey : Long.compare(tie, other.tie);
    }
  }

  private static final class Root implements EditableBytes {
    private final byte[] array;

    Root(byte[] array) {
      this.array = array;
    }

    @Override
    public byte[] array() {
      return array;
    }

    @Override
    public int offset() {
      return 0;
    }

    @Override
    public int length() {
      return array.length;
    }

    @Override
    public void resize(int length) {}
  }

  private record Sought(Pair pair) implements CountedTree.Order {
    @Override
    public long key() {
      return pair.key;
    }

    @Override
    public int compareToFirst(byte[] array, int offset, int length) {
      return pair.compareTo(pairAt(array, offset, 0));
    }
  }

  private static CountedTree treeOf(Arena arena, Root root) {
    return new CountedTree(
            new BlockSource() {
              @Override
              public byte[] slabOf(int reference) {
                return arena.slab(reference);
              }

              @Override
              public Arena arena() {
                return arena;
              }
            })
        .attach(root, 0);
  }

  private static CountedTree viewOf(Frozen view, Root root) {
    return new CountedTree(
            new BlockSource() {
              @Override
              public byte[] slabOf(int reference) {
                return view.slab(reference);
              }

              @Override
              public Arena arena() {
                throw new IllegalStateException("a view");
              }
            })
        .attach(root, 0);
  }

  private static Pair pairAt(byte[] array, int offset, int index) {
    int at = offset + index * PAIR_BYTES;
    return new Pair(Bytes.getLong(array, at), Bytes.getLong(array, at + 8));
  }

  private static void put(byte[] array, int offset, int index, Pair pair) {
    Bytes.putLong(array, offset + index * PAIR_BYTES, pair.key);
    Bytes.putLong(array, offset + index * PAIR_BYTES + 8, pair.tie);
  }

  /** How many pairs of the leaf under the cursor come before this one. */
  private int indexInLeaf(Pair pair) {
    EditableBytes leaf = tree.leaf();
    int index = 0;
    while (index < tree.leafCount()
        && pairAt(leaf.array(), leaf.offset(), index).compareTo(pair) < 0) {
      index++;
    }
    return index;
  }

  private void insert(Pair pair) {
    if (!tree.seek(new Sought(pair))) {
      int made = tree.newLeaf(PAIR_BYTES);
      put(arena.slab(made), CountedTree.leafOffset(made), 0, pair);
      tree.create(made, 1);
      return;
    }
    if (tree.leafCount() == MAX_LEAF_PAIRS) {
      splitLeaf();
      tree.seek(new Sought(pair));
    }
    EditableBytes leaf = tree.leaf();
    int index = indexInLeaf(pair);
    int length = leaf.length();
    leaf.resize(length + PAIR_BYTES);
    int at = leaf.offset() + index * PAIR_BYTES;
    System.arraycopy(leaf.array(), at, leaf.array(), at + PAIR_BYTES, length - index * PAIR_BYTES);
    put(leaf.array(), leaf.offset(), index, pair);
    tree.leafChanged(pairAt(leaf.array(), leaf.offset(), 0).key, 1);
  }

  private void splitLeaf() {
    EditableBytes leaf = tree.leaf();
    long firstKey = pairAt(leaf.array(), leaf.offset(), 0).key;
    tree.reserve(firstKey);
    int half = MAX_LEAF_PAIRS / 2;
    int made = tree.newLeaf((MAX_LEAF_PAIRS - half) * PAIR_BYTES);
    System.arraycopy(
        leaf.array(),
        leaf.offset() + half * PAIR_BYTES,
        arena.slab(made),
        CountedTree.leafOffset(made),
        (MAX_LEAF_PAIRS - half) * PAIR_BYTES);
    long key = pairAt(arena.slab(made), CountedTree.leafOffset(made), 0).key;
    tree.insertAfter(made, key, MAX_LEAF_PAIRS - half);
    leaf.resize(half * PAIR_BYTES);
    tree.leafChanged(firstKey, half - MAX_LEAF_PAIRS);
  }

  private void remove(Pair pair) {
    assertThat(tree.seek(new Sought(pair))).isTrue();
    int index = indexInLeaf(pair);
    EditableBytes leaf = tree.leaf();
    assertThat(pairAt(leaf.array(), leaf.offset(), index)).isEqualTo(pair);
    if (tree.leafCount() == 1) {
      tree.removeLeaf();
      return;
    }
    leaf.resize(leaf.length());
    int at = leaf.offset() + index * PAIR_BYTES;
    System.arraycopy(
        leaf.array(), at + PAIR_BYTES, leaf.array(), at, leaf.length() - (index + 1) * PAIR_BYTES);
    leaf.resize(leaf.length() - PAIR_BYTES);
    tree.leafChanged(pairAt(leaf.array(), leaf.offset(), 0).key, -1);
  }

  private static void validate(CountedTree tree) {
    tree.validate(
        (array, offset, length, count, key) -> {
          assertThat(length).isEqualTo(count * PAIR_BYTES);
          Pair before = pairAt(array, offset, 0);
          assertThat(key == 0 || key == before.key).isTrue();
          for (int i = 1; i < count; i++) {
            Pair pair = pairAt(array, offset, i);
            assertThat(pair).isGreaterThan(before);
            before = pair;
          }
        });
  }

  private static List<Pair> contents(CountedTree tree) {
    List<Pair> pairs = new ArrayList<>();
    for (boolean more = tree.first(); more; more = tree.next()) {
      assertThat(tree.before()).isEqualTo(pairs.size());
      for (int i = 0; i < tree.leafCount(); i++) {
        pairs.add(pairAt(tree.leaf().array(), tree.leaf().offset(), i));
      }
    }
    return pairs;
  }

  private Pair anyPair(int keys) {
    return new Pair(1 + random.nextInt(keys), random.nextInt(2_000));
  }

  private void step(int keys, int percentInserts) {
    if (model.isEmpty() || random.nextInt(100) < percentInserts) {
      Pair pair = anyPair(keys);
      int at = Collections.binarySearch(model, pair);
      if (at < 0) {
        insert(pair);
        model.add(-at - 1, pair);
      }
    } else {
      remove(model.remove(random.nextInt(model.size())));
    }
  }

  private void checkAnyPosition() {
    assertThat(tree.count()).isEqualTo(model.size());
    if (model.isEmpty()) {
      assertThat(tree.first()).isFalse();
      assertThat(tree.last()).isFalse();
      return;
    }
    int index = random.nextInt(model.size());
    assertThat(tree.seekIndex(index)).isTrue();
    int inLeaf = (int) (index - tree.before());
    assertThat(pairAt(tree.leaf().array(), tree.leaf().offset(), inLeaf))
        .isEqualTo(model.get(index));
    assertThat(tree.seek(new Sought(model.get(index)))).isTrue();
    assertThat(tree.before() + indexInLeaf(model.get(index))).isEqualTo(index);
    assertThat(tree.last()).isTrue();
    assertThat(tree.before() + tree.leafCount()).isEqualTo(model.size());
    int leaves = 1;
    while (tree.previous()) {
      leaves++;
    }
    assertThat(tree.isFirst()).isTrue();
    assertThat(leaves).isLessThanOrEqualTo(model.size());
  }

  /** Few keys, so that many elements have the same; growth, then decline to nothing. */
  @RepeatedTest(4)
  void holdsWhatASortedListHolds() {
    int keys = random.nextBoolean() ? 3 : 5_000;
    for (int i = 0; i < 6_000; i++) {
      step(keys, i < 3_500 ? 90 : 20);
      if (i % 20 == 0) {
        checkAnyPosition();
        validate(tree);
      }
    }
    assertThat(contents(tree)).as("seed %d", seed).isEqualTo(model);
    while (!model.isEmpty()) {
      step(keys, 0);
    }
    validate(tree);
    assertThat(tree.isEmpty()).as("seed %d", seed).isTrue();
    assertThat(arena.liveBlocks()).as("seed %d", seed).isZero();
  }

  @RepeatedTest(4)
  void viewsSeeWhatWasThere() {
    List<Frozen> views = new ArrayList<>();
    List<Root> roots = new ArrayList<>();
    List<List<Pair>> seen = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      step(50, i < 2_500 ? 80 : 30);
      if (random.nextInt(300) == 0) {
        views.add(arena.freeze());
        roots.add(new Root(root.array.clone()));
        seen.add(List.copyOf(model));
      }
      if (!views.isEmpty() && random.nextInt(300) == 0) {
        int which = random.nextInt(views.size());
        CountedTree view = viewOf(views.get(which), roots.get(which));
        assertThat(contents(view)).as("seed %d", seed).isEqualTo(seen.get(which));
        views.remove(which).close();
        roots.remove(which);
        seen.remove(which);
      }
    }
    for (int i = 0; i < views.size(); i++) {
      assertThat(contents(viewOf(views.get(i), roots.get(i)))).isEqualTo(seen.get(i));
      views.get(i).close();
    }
    validate(tree);
    assertThat(contents(tree)).as("seed %d", seed).isEqualTo(model);
    tree.clear();
    while (arena.reclaim(1_000)) {
      assertThat(tree.isEmpty()).isTrue();
    }
    assertThat(arena.liveBlocks()).as("seed %d", seed).isZero();
    assertThat(arena.limboBytes()).as("seed %d", seed).isZero();
  }

  /** Whatever runs out of memory leaves what was there. */
  @Test
  void aFullArenaLeavesTheTreeAsItWas() {
    arena = new Arena(8);
    tree = treeOf(arena, root);
    int refused = 0;
    for (int i = 0; i < 60_000 && refused < 200; i++) {
      Pair pair = new Pair(random.nextInt(100_000), random.nextLong());
      long before = tree.count();
      try {
        insert(pair);
      } catch (ArenaFullException full) {
        refused++;
        assertThat(tree.count()).isEqualTo(before);
        validate(tree);
      }
    }
    assertThat(refused).as("seed %d", seed).isPositive();
  }

  /** Whether there was something to move. */
  private boolean move(Root moved) {
    int top = Bytes.getInt(moved.array, 0);
    int height = Bytes.getInt(moved.array, 4);
    boolean wasInTheWay = TreeBlocks.areEvacuating(arena, top, height);
    TreeMover mover = new TreeMover(arena);
    do {
      long before = arena.usedBytes();
      mover.allow(10);
      top = mover.move(top, height);
      assertThat(arena.usedBytes()).isEqualTo(before);
    } while (mover.isExhausted());
    Bytes.putInt(moved.array, 0, top);
    assertThat(TreeBlocks.areEvacuating(arena, top, height)).as("seed %d", seed).isFalse();
    return wasInTheWay;
  }

  @RepeatedTest(4)
  void aCopyIsATreeOfItsOwnAndCompactionMovesAll() {
    for (int i = 0; i < 20_000; i++) {
      step(5_000, 90);
    }
    int top = Bytes.getInt(root.array, 0);
    int height = Bytes.getInt(root.array, 4);
    long bytesBefore = tree.sizeBytes();
    assertThat(arena.usedBytes()).isEqualTo(bytesBefore);
    Root second = new Root(root.array.clone());
    Bytes.putInt(second.array, 0, TreeBlocks.copy(arena, top, height));
    CountedTree copy = treeOf(arena, second);
    List<Pair> copied = List.copyOf(model);
    for (int i = 0; i < 15_000; i++) {
      step(5_000, 10);
    }
    validate(copy);
    assertThat(contents(copy)).as("seed %d", seed).isEqualTo(copied);
    assertThat(arena.chooseSparse()).as("seed %d", seed).isPositive();
    boolean firstMoved = move(root);
    boolean secondMoved = move(second);
    assertThat(firstMoved || secondMoved).as("seed %d", seed).isTrue();
    arena.finishCompaction();
    validate(tree);
    assertThat(contents(tree)).as("seed %d", seed).isEqualTo(model);
    assertThat(contents(copy)).as("seed %d", seed).isEqualTo(copied);
    copy.clear();
    tree.clear();
    assertThat(arena.liveBlocks()).as("seed %d", seed).isZero();
  }

  @Test
  void treesAreFreedInSlices() {
    TreeReclaimer reclaimer = new TreeReclaimer(arena);
    for (int tree = 0; tree < 3; tree++) {
      for (int i = 0; i < 2_000; i++) {
        insert(new Pair(i, 0));
      }
      reclaimer.add(Bytes.getInt(root.array, 0), Bytes.getInt(root.array, 4));
      CountedTree.format(root.array, 0);
    }
    assertThat(reclaimer.pending()).isEqualTo(3);
    while (reclaimer.pending() > 0) {
      long before = arena.liveBlocks();
      int freed = reclaimer.slice(100);
      assertThat(freed).isBetween(1, 100);
      assertThat(arena.liveBlocks()).isEqualTo(before - freed);
    }
    assertThat(arena.liveBlocks()).isZero();
  }

  @Test
  void whatIsFilledInOrderIsFilledUp() {
    for (int i = 0; i < 63 * 62 * MAX_LEAF_PAIRS / 2; i++) {
      insert(new Pair(i, 0));
    }
    assertThat(Bytes.getInt(root.array, 4)).isEqualTo(2);
    validate(tree);
  }

  @Test
  void aWrongCountIsFound() {
    for (int i = 0; i < 100; i++) {
      insert(new Pair(i, 0));
    }
    Bytes.putLong(root.array, 8, 99);
    assertThatThrownBy(() -> validate(tree)).isInstanceOf(IllegalStateException.class);
  }

  /** A tree of positions, all keys 0, filled and emptied at its ends. */
  @RepeatedTest(2)
  void leavesComeBeforeTheFirstToo() {
    for (int i = 0; i < 10_000; i++) {
      Pair pair = new Pair(0, i);
      boolean atHead = random.nextBoolean();
      int made = tree.newLeaf(PAIR_BYTES);
      put(arena.slab(made), CountedTree.leafOffset(made), 0, pair);
      if (model.isEmpty()) {
        tree.create(made, 1);
      } else if (atHead) {
        assertThat(tree.first()).isTrue();
        tree.reserve(0);
        tree.insertBefore(made, 0, 1);
        assertThat(tree.before()).isEqualTo(1);
      } else {
        assertThat(tree.last()).isTrue();
        tree.reserve(0);
        tree.insertAfter(made, 0, 1);
        assertThat(tree.before()).isEqualTo(model.size() - 1);
      }
      model.add(atHead && !model.isEmpty() ? 0 : model.size(), pair);
    }
    tree.validate((array, offset, length, count, key) -> assertThat(key).isZero());
    assertThat(contents(tree)).as("seed %d", seed).isEqualTo(model);
    while (!model.isEmpty()) {
      boolean atHead = random.nextBoolean();
      assertThat(atHead ? tree.first() : tree.last()).isTrue();
      tree.removeLeaf();
      model.remove(atHead ? 0 : model.size() - 1);
    }
    assertThat(tree.isEmpty()).as("seed %d", seed).isTrue();
    assertThat(arena.liveBlocks()).as("seed %d", seed).isZero();
  }
}
