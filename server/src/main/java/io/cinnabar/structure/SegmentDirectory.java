package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Frozen;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a {@link SegmentedTable} and the directory that leads to them by the first bits
 * of a hash: which segment a hash belongs to, and how segments and directory grow, shrink and are
 * copied. The table, which adds the elements, extends it instead of holding it, so that a look-up
 * has one load less.
 *
 * <pre>
 * directory  a word for each prefix of 'directoryDepth' bits; a segment of less depth has several
 *            words, one beside the other, and all the same:
 *            bits 0-31 reference of the segment, 32-39 its buckets, 40-47 its depth
 * segment    see {@link Segment}
 * </pre>
 *
 * <p>A segment that is full is laid out larger, and one of full size is split in two; the directory
 * doubles when a segment is to have more depth than it. A segment with few elements is laid out
 * smaller or merged with the one that it was split from (its buddy).
 *
 * <p>The array of words is shared with frozen views, and copied before it is changed while one may
 * have it. A segment with a stamp that some view may see is copied before it is changed, too,
 * unless the view's reader has been there already.
 */
abstract sealed class SegmentDirectory permits SegmentedTable {
  /** Two segments with so many elements together become one; that one is then 40% full. */
  private static final int MERGE_LIMIT = Segment.MAX_ELEMENTS * 2 / 5;

  private static final int MAX_DEPTH = 28;

  final Arena arena;

  /** Where in an element's block its {@link ElementKey} begins. */
  final int keyOffset;

  private final KeyHash keyHash;
  private final int[] segmentsOfDepth = new int[MAX_DEPTH + 2];

  private long[] words;
  private int directoryDepth;
  private boolean shared;
  private @Nullable FrozenTable newestView;
  private long segmentBytes;
  private @Nullable SegmentBuilder builder;

  /** One segment, of one bucket. */
  SegmentDirectory(Arena arena, KeyHash keyHash, int keyOffset) {
    this.arena = arena;
    this.keyHash = keyHash;
    this.keyOffset = keyOffset;
    words = new long[] {newSegment(1, 0, Long.MAX_VALUE)};
    segmentsOfDepth[0] = 1;
  }

  // Looking up. The word of a segment is valid until the segment is changed.

  static int buckets(long word) {
    return (int) (word >>> 32) & 0xff;
  }

  static int depth(long word) {
    return (int) (word >>> 40) & 0xff;
  }

  /** The word of the segment to which {@code hash} belongs. */
  final long word(long hash) {
    return words[index(hash)];
  }

  private int index(long hash) {
    return index(hash, directoryDepth);
  }

  /** Where in a directory of some depth the word of a hash stands. */
  static int index(long hash, int depth) {
    // Two shifts, since one of 64 bits would be none.
    return (int) (hash >>> 1 >>> (63 - depth));
  }

  /** The number of elements in a segment. */
  final int count(long word) {
    return Segment.count(arena.slab((int) word), Arena.offset((int) word));
  }

  private long earliestMillis(long word) {
    return Segment.earliestExpiry(arena.slab((int) word), Arena.offset((int) word));
  }

  /** The hash of an element's key, read from its block. */
  final long hashOf(int reference) {
    return ElementKey.hash(arena.slab(reference), Arena.offset(reference) + keyOffset, keyHash);
  }

  /** What the segments take in the arena. */
  public final long segmentBytes() {
    return segmentBytes;
  }

  /** All words, not to be changed. */
  final long[] words() {
    return words;
  }

  final int directoryDepth() {
    return directoryDepth;
  }

  final int segmentsOfDepth(int depth) {
    return segmentsOfDepth[depth];
  }

  // Frozen views.

  /** What a view has: from now on the words are copied before they are changed. */
  final FrozenTable freeze(Frozen view, long size, long expiring) {
    shared = true;
    FrozenTable frozen = new FrozenTable(view, words, size, expiring);
    newestView = frozen;
    return frozen;
  }

  /**
   * Whether no view needs the blocks any more that it has of elements with this hash. With several
   * views nobody looks so closely.
   */
  public final boolean isTaken(long hash) {
    FrozenTable view = newestView;
    return view != null && view.isOnlyView(arena) && view.hasTaken(hash);
  }

  /**
   * Frees a block that belongs to an element with this hash: at once, unless a view needs it.
   *
   * @param stamp the epoch it was written in
   * @throws ArenaFullException as {@link Arena#free(int, int)} does
   */
  public final void free(int reference, int stamp, long hash) {
    FrozenTable view = newestView;
    if (view != null && view.isOnlyView(arena)) {
      view.free(reference, stamp, hash);
    } else {
      arena.free(reference, stamp);
    }
  }

  /** Makes room where the reader of a view has passed; a part of housekeeping. */
  public final void releaseTaken() {
    if (newestView != null) {
      newestView.releaseTaken();
    }
  }

  /** Comes before a change takes blocks, so that none is lost where the heap is exhausted. */
  private void ownWords() {
    if (shared) {
      words = words.clone();
      shared = false;
    }
  }

  /**
   * The segment of a hash, copied first when a frozen view may still read it.
   *
   * @throws ArenaFullException and has changed nothing
   */
  final long writable(long hash) {
    long word = word(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    if (!arena.isFrozen(Segment.stamp(slab, base))) {
      return word;
    }
    if (isTaken(hash)) {
      Segment.stamp(slab, base, arena.epoch());
      return word;
    }
    return copySegment(hash, word);
  }

  /** Puts a copy in the place of the segment of a hash; the word of the copy. */
  final long copySegment(long hash, long word) {
    ownWords();
    int sizeBytes = Segment.sizeBytes(buckets(word));
    int copy = arena.allocate(sizeBytes);
    segmentBytes += sizeBytes;
    byte[] slab = arena.slab(copy);
    int base = Arena.offset(copy);
    System.arraycopy(arena.slab((int) word), Arena.offset((int) word), slab, base, sizeBytes);
    Segment.stamp(slab, base, arena.epoch());
    long newWord = word >>> 32 << 32 | (copy & 0xFFFFFFFFL);
    install(hash, newWord);
    freeSegment(hash, word);
    return newWord;
  }

  // Segments.

  private long newSegment(int buckets, int depth, long earliestMillis) {
    int reference = arena.allocate(Segment.sizeBytes(buckets));
    segmentBytes += Segment.sizeBytes(buckets);
    Segment.format(
        arena.slab(reference), Arena.offset(reference), buckets, arena.epoch(), earliestMillis);
    return (reference & 0xFFFFFFFFL) | (long) buckets << 32 | (long) depth << 40;
  }

  /** A removal must not fail for want of memory: then there is no segment, 0. */
  private long tryNewSegment(int buckets, int depth, long earliestMillis) {
    try {
      ownWords();
      return newSegment(buckets, depth, earliestMillis);
    } catch (ArenaFullException | OutOfMemoryError e) {
      return 0;
    }
  }

  final void freeSegment(long hash, long word) {
    int reference = (int) word;
    free(reference, Segment.stamp(arena.slab(reference), Arena.offset(reference)), hash);
    segmentBytes -= Segment.sizeBytes(buckets(word));
  }

  /** Sets the words of the segment to which {@code hash} belongs; {@link #ownWords} came before. */
  private void install(long hash, long word) {
    int width = 1 << (directoryDepth - depth(word));
    int from = index(hash) & -width;
    Arrays.fill(words, from, from + width, word);
  }

  /** The builder, with the elements of the segment. */
  final SegmentBuilder gather(long word) {
    SegmentBuilder elements = builder;
    if (elements == null) {
      elements = new SegmentBuilder(arena, this);
      builder = elements;
    }
    elements.clear();
    elements.gather((int) word, buckets(word));
    return elements;
  }

  // Growing.

  /**
   * Makes room in the segment of {@code hash}, if need be in several calls.
   *
   * @throws ArenaFullException and has changed nothing
   */
  final void enlarge(long hash, long word) {
    SegmentBuilder elements = gather(word);
    int depth = depth(word);
    long earliestMillis = earliestMillis(word);
    if (buckets(word) < Segment.MAX_BUCKETS) {
      ownWords();
      long larger = newSegment(Segment.bucketsFor(elements.count()), depth, earliestMillis);
      elements.placeAll((int) larger, buckets(larger), depth);
      install(hash, larger);
    } else {
      split(hash, depth, earliestMillis, elements);
    }
    freeSegment(hash, word);
  }

  private void split(long hash, int depth, long earliestMillis, SegmentBuilder elements) {
    if (depth == MAX_DEPTH) {
      throw new IllegalStateException("too many hashes begin with the same bits");
    }
    if (depth == directoryDepth) {
      doubleDirectory();
    } else {
      ownWords();
    }
    int ones = elements.countWithBit(63 - depth);
    long zero = newSegment(Segment.bucketsFor(elements.count() - ones), depth + 1, earliestMillis);
    long one;
    try {
      one = newSegment(Segment.bucketsFor(ones), depth + 1, earliestMillis);
    } catch (RuntimeException e) {
      freeSegment(hash, zero);
      throw e;
    }
    elements.placeWithBit(63 - depth, 0, (int) zero, buckets(zero), depth + 1);
    elements.placeWithBit(63 - depth, 1, (int) one, buckets(one), depth + 1);
    long bit = 1L << (63 - depth);
    install(hash & ~bit, zero);
    install(hash | bit, one);
    segmentsOfDepth[depth]--;
    segmentsOfDepth[depth + 1] += 2;
  }

  private void doubleDirectory() {
    long[] doubled = new long[words.length * 2];
    for (int i = 0; i < words.length; i++) {
      doubled[2 * i] = words[i];
      doubled[2 * i + 1] = words[i];
    }
    words = doubled;
    directoryDepth++;
    shared = false;
  }

  // Shrinking.

  /** After a removal: at most one segment laid out smaller, or merged with its buddy. */
  final void shrink(long hash, long word) {
    int count = count(word);
    int depth = depth(word);
    int buckets = buckets(word);
    if (depth > 0 && count <= MERGE_LIMIT / 2) {
      long buddy = word(hash ^ 1L << (64 - depth));
      if (depth(buddy) == depth && count + count(buddy) <= MERGE_LIMIT) {
        merge(hash, word, buddy);
        return;
      }
    }
    if (buckets > 1 && count < Segment.shrinkLimit(buckets)) {
      SegmentBuilder elements = gather(word);
      long smaller = tryNewSegment(Segment.bucketsFor(count), depth, earliestMillis(word));
      if (smaller != 0) {
        elements.placeAll((int) smaller, buckets(smaller), depth);
        install(hash, smaller);
        freeSegment(hash, word);
      }
    }
  }

  private void merge(long hash, long word, long buddy) {
    SegmentBuilder elements = gather(word);
    elements.gather((int) buddy, buckets(buddy));
    int depth = depth(word) - 1;
    long earliestMillis = Math.min(earliestMillis(word), earliestMillis(buddy));
    long merged = tryNewSegment(Segment.bucketsFor(elements.count()), depth, earliestMillis);
    if (merged == 0) {
      return;
    }
    elements.placeAll((int) merged, buckets(merged), depth);
    install(hash, merged);
    segmentsOfDepth[depth + 1] -= 2;
    segmentsOfDepth[depth]++;
    freeSegment(hash, word);
    freeSegment(hash ^ 1L << (63 - depth), buddy);
    // Two depths without a segment, so that a segment that comes and goes does not double and halve
    // it.
    if (directoryDepth > 1
        && segmentsOfDepth[directoryDepth] == 0
        && segmentsOfDepth[directoryDepth - 1] == 0) {
      halveDirectory();
    }
  }

  private void halveDirectory() {
    long[] halved = new long[words.length / 2];
    for (int i = 0; i < halved.length; i++) {
      halved[i] = words[2 * i];
    }
    words = halved;
    directoryDepth--;
    shared = false;
  }
}
