package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.arena.Frozen;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of elements that live in blocks of the arena: extendible hashing (Fagin, Nievergelt,
 * Pippenger and Strong, 1979) over small segments. It grows by laying out one segment larger or by
 * splitting it in two, and never as a whole; a position in the order of the hashes (a SCAN cursor)
 * keeps its meaning meanwhile.
 *
 * <p>An element is a reference to a block of the owner's, in which at {@code keyOffset} stands the
 * key: one byte of length, or 255 and then the length in four bytes, and the bytes. Beside the
 * reference the table keeps a tag of the hash and two marks ({@link #EXPIRES}, {@link
 * #OWNS_BLOCKS}), so that whoever looks for elements of that kind need not read the blocks of the
 * others.
 *
 * <pre>
 * directory  a word for each prefix of 'directoryDepth' bits; a segment of less depth has several
 *            words, one beside the other, and all the same:
 *            bits 0-31 reference of the segment, 32-39 its buckets, 40-47 its depth
 * segment    see {@link Segment}
 * </pre>
 *
 * <p>Invariants, checked by {@link #validate}:
 *
 * <ol>
 *   <li>A segment of depth {@code d} occupies the {@code 2^(directoryDepth - d)} words of its
 *       prefix.
 *   <li>Each element lies in the segment of its hash's prefix, on the probe path from its home
 *       bucket, and the overflow of a bucket is the number of elements that passed it (or 255,
 *       which is not exact).
 *   <li>A slot's tag is 0 exactly where its reference is 0, and else the tag of the element's hash.
 *   <li>The header's counts are the numbers of elements and of those marked {@link #EXPIRES}; the
 *       table's counts are the sums.
 *   <li>No key stands twice in the table.
 *   <li>The number of segments of each depth is what the table counts.
 * </ol>
 *
 * <p>For the loop's thread alone. {@link #freeze} gives a view for another: from then on a segment
 * with a stamp that some view may see is copied before it is changed, and so is the directory.
 */
public final class SegmentedTable {
  /** The mark of an element that expires. */
  public static final int EXPIRES = Segment.EXPIRES;

  /** The mark of an element whose block holds references to further blocks. */
  public static final int OWNS_BLOCKS = Segment.OWNS_BLOCKS;

  /** How many elements a segment holds at most. */
  public static final int MAX_SEGMENT_ELEMENTS = Segment.MAX_ELEMENTS;

  /** Two segments with so many elements together become one; that one is then 40% full. */
  private static final int MERGE_LIMIT = Segment.MAX_ELEMENTS * 2 / 5;

  private static final int MAX_DEPTH = 28;
  private static final int RANDOM_ATTEMPTS = 64;

  private final Arena arena;
  private final KeyHash keyHash;
  private final int keyOffset;
  private final int[] segmentsOfDepth = new int[MAX_DEPTH + 2];

  private long[] directory;
  private int directoryDepth;
  private boolean directoryFrozen;
  private long size;
  private long expiring;
  private @Nullable SegmentBuilder builder;

  /** What {@link #scan} and others hand elements to. It must not change the table. */
  public interface ElementVisitor {
    void element(int reference, long hash);
  }

  /** Moves blocks for compaction. */
  public interface BlockMover {
    /**
     * Moves the element's blocks where they are in the way, and never fails; its reference then.
     */
    int move(int reference, int marks);
  }

  /** What is done to every element by {@link #dismantle} and {@link #restamp}. */
  public interface ElementAction {
    void apply(int reference, int marks);
  }

  /** An empty table: one segment of 128 bytes. */
  public SegmentedTable(Arena arena, KeyHash keyHash, int keyOffset) {
    this.arena = arena;
    this.keyHash = keyHash;
    this.keyOffset = keyOffset;
    directory = new long[] {newSegment(1, 0, Long.MAX_VALUE)};
    segmentsOfDepth[0] = 1;
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /** The number of elements marked {@link #EXPIRES}. */
  public long expiring() {
    return expiring;
  }

  /** What the directory takes on the heap, outside the arena. */
  public long directoryBytes() {
    return 16 + 8L * directory.length;
  }

  // Looking up.

  /** The element with {@code key}, or 0. */
  public int find(Slice key, long hash) {
    long word = word(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int buckets = buckets(word);
    int index = Segment.home(hash, depth(word), buckets);
    int tag = Segment.tag(hash);
    for (int probes = buckets; probes > 0; probes--) {
      int bucket = Segment.bucket(base, index);
      for (long m = Segment.matches(slab, bucket, tag); m != 0; m &= m - 1) {
        int reference = Segment.reference(slab, bucket, Segment.slotOf(m));
        if (hasKey(reference, key)) {
          return reference;
        }
      }
      if (!Segment.overflows(slab, bucket)) {
        return 0;
      }
      index = index + 1 == buckets ? 0 : index + 1;
    }
    return 0;
  }

  /**
   * Reads the home bucket of a hash, so that it is in the cache when {@link #find} comes. The
   * result means nothing; the caller must use it, or the compiler drops the read.
   */
  public int touchBucket(long hash) {
    long word = word(hash);
    int home = Segment.home(hash, depth(word), buckets(word));
    byte[] slab = arena.slab((int) word);
    int bucket = Segment.bucket(Arena.offset((int) word), home);
    // Both ends: where the collector did not place the slab on a cache line, they are two lines.
    return slab[bucket] + slab[bucket + Segment.BUCKET_BYTES - 1];
  }

  /**
   * The element that {@link #find} will look at first, as far as its home bucket tells, or 0. For a
   * second pass over a batch: what it yields goes to {@link #touchElement} in a third one, whose
   * loop is so short that the processor has many of its reads under way at once.
   */
  public int candidate(long hash) {
    long word = word(hash);
    byte[] slab = arena.slab((int) word);
    int home = Segment.home(hash, depth(word), buckets(word));
    int bucket = Segment.bucket(Arena.offset((int) word), home);
    long m = Segment.matches(slab, bucket, Segment.tag(hash));
    return m == 0 ? 0 : Segment.reference(slab, bucket, Segment.slotOf(m));
  }

  /**
   * Reads the block of an element that {@link #candidate} yielded, where it begins and {@code
   * length} bytes further on; of 0 nothing. The result means nothing, as with {@link #touchBucket}.
   */
  public int touchElement(int reference, int length) {
    if (reference == 0) {
      return 0;
    }
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference);
    return slab[at] + slab[Math.min(at + length, slab.length - 1)];
  }

  private boolean hasKey(int reference, Slice key) {
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference) + keyOffset;
    int length = slab[at++] & 0xff;
    if (length == 255) {
      length = Bytes.getInt(slab, at);
      at += 4;
    }
    return length == key.length && haveSameBytes(slab, at, key.array, key.offset, length);
  }

  /** Word by word, the last one overlapping: for keys that is faster than the JDK's stub. */
  private static boolean haveSameBytes(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    int last = length - 8;
    if (last < 0) {
      return Arrays.equals(a, aOffset, aOffset + length, b, bOffset, bOffset + length);
    }
    for (int i = 0; i < last; i += 8) {
      if (Bytes.getLong(a, aOffset + i) != Bytes.getLong(b, bOffset + i)) {
        return false;
      }
    }
    return Bytes.getLong(a, aOffset + last) == Bytes.getLong(b, bOffset + last);
  }

  /** The hash of an element's key, read from its block. */
  long hashOf(int reference) {
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference) + keyOffset;
    int length = slab[at++] & 0xff;
    if (length == 255) {
      length = Bytes.getInt(slab, at);
      at += 4;
    }
    return keyHash.of(slab, at, length);
  }

  // Changing.

  /**
   * Adds an element whose key is not in the table.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void insert(long hash, int reference, int marks) {
    long word = writable(hash);
    while (count(word) >= Segment.limit(buckets(word))) {
      enlarge(hash, word);
      word = word(hash);
    }
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int home = Segment.home(hash, depth(word), buckets(word));
    assert !arena.isFrozen(Segment.stamp(slab, base));
    Segment.place(slab, base, buckets(word), home, Segment.tag(hash), reference, marks);
    size++;
    expiring += marks & EXPIRES;
  }

  /**
   * Copies the segment of a hash if a view may see it, so that a {@link #replace} in it cannot
   * fail.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void makeWritable(long hash) {
    writable(hash);
  }

  /** Gives an element another block or other marks; the key stays the same. */
  public void replace(long hash, int oldReference, int newReference, int marks) {
    long word = writable(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    assert !arena.isFrozen(Segment.stamp(slab, base));
    int index = indexOf(slab, base, word, hash, oldReference);
    int bucket = Segment.bucket(base, index);
    int slot = Segment.slotWith(slab, bucket, Segment.tag(hash), oldReference);
    int expiringBefore = Segment.expiring(slab, base);
    Segment.reference(slab, bucket, slot, newReference);
    Segment.marks(slab, base, bucket, slot, marks);
    expiring += Segment.expiring(slab, base) - expiringBefore;
  }

  /** Takes an element out; its block is the caller's to free. May lay out its segment smaller. */
  public void remove(long hash, int reference) {
    long word = writable(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    assert !arena.isFrozen(Segment.stamp(slab, base));
    int index = indexOf(slab, base, word, hash, reference);
    int bucket = Segment.bucket(base, index);
    int slot = Segment.slotWith(slab, bucket, Segment.tag(hash), reference);
    expiring -= Segment.marks(slab, bucket, slot) & EXPIRES;
    size--;
    int home = Segment.home(hash, depth(word), buckets(word));
    Segment.clear(slab, base, buckets(word), home, index, slot);
    shrink(hash, word);
  }

  /** Notes that an element of this hash expires at {@code atMillis}. */
  public void noteExpiry(long hash, long atMillis) {
    if (atMillis < earliestExpiry(hash)) {
      earliestExpiry(hash, atMillis);
    }
  }

  /** The index of the bucket in which a reference of this hash stands; it must be there. */
  private int indexOf(byte[] slab, int base, long word, long hash, int reference) {
    int buckets = buckets(word);
    int index = Segment.home(hash, depth(word), buckets);
    int tag = Segment.tag(hash);
    for (int probes = buckets; probes > 0; probes--) {
      if (Segment.slotWith(slab, Segment.bucket(base, index), tag, reference) >= 0) {
        return index;
      }
      index = index + 1 == buckets ? 0 : index + 1;
    }
    throw new IllegalStateException("reference " + reference + " is not in the table");
  }

  // Segments.

  static int buckets(long word) {
    return (int) (word >>> 32) & 0xff;
  }

  static int depth(long word) {
    return (int) (word >>> 40) & 0xff;
  }

  private int count(long word) {
    return Segment.count(arena.slab((int) word), Arena.offset((int) word));
  }

  private int index(long hash) {
    // Two shifts, since one of 64 bits would be none.
    return (int) (hash >>> 1 >>> (63 - directoryDepth));
  }

  private long word(long hash) {
    return directory[index(hash)];
  }

  private long newSegment(int buckets, int depth, long earliestMillis) {
    int reference = arena.allocate(Segment.sizeBytes(buckets));
    Segment.format(
        arena.slab(reference), Arena.offset(reference), buckets, arena.epoch(), earliestMillis);
    return (reference & 0xFFFFFFFFL) | (long) buckets << 32 | (long) depth << 40;
  }

  private void freeSegment(long word) {
    int reference = (int) word;
    arena.free(reference, Segment.stamp(arena.slab(reference), Arena.offset(reference)));
  }

  /** The segment of a hash, copied first when a frozen view may see it. */
  private long writable(long hash) {
    long word = word(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    if (!arena.isFrozen(Segment.stamp(slab, base))) {
      return word;
    }
    return copySegment(hash, word);
  }

  private long copySegment(long hash, long word) {
    int sizeBytes = Segment.sizeBytes(buckets(word));
    int copy = arena.allocate(sizeBytes);
    byte[] slab = arena.slab(copy);
    int base = Arena.offset(copy);
    System.arraycopy(arena.slab((int) word), Arena.offset((int) word), slab, base, sizeBytes);
    Segment.stamp(slab, base, arena.epoch());
    long newWord = word >>> 32 << 32 | (copy & 0xFFFFFFFFL);
    install(hash, newWord);
    freeSegment(word);
    return newWord;
  }

  /** Sets the words of the segment to which {@code hash} belongs. */
  private void install(long hash, long word) {
    ownDirectory();
    int width = 1 << (directoryDepth - depth(word));
    int from = index(hash) & -width;
    Arrays.fill(directory, from, from + width, word);
  }

  private void ownDirectory() {
    if (directoryFrozen) {
      directory = directory.clone();
      directoryFrozen = false;
    }
  }

  private SegmentBuilder builder() {
    SegmentBuilder made = builder;
    if (made == null) {
      made = new SegmentBuilder(arena, this);
      builder = made;
    }
    return made;
  }

  private void enlarge(long hash, long word) {
    SegmentBuilder elements = builder();
    elements.clear();
    elements.gather((int) word, buckets(word));
    int depth = depth(word);
    long earliest = earliestExpiry(hash);
    if (buckets(word) < Segment.MAX_BUCKETS) {
      long larger = newSegment(Segment.bucketsFor(elements.count()), depth, earliest);
      elements.placeAll((int) larger, buckets(larger), depth);
      install(hash, larger);
    } else {
      split(hash, depth, earliest, elements);
    }
    freeSegment(word);
  }

  private void split(long hash, int depth, long earliestMillis, SegmentBuilder elements) {
    if (depth == MAX_DEPTH) {
      throw new IllegalStateException("too many hashes begin with the same bits");
    }
    int ones = elements.countWithBit(63 - depth);
    long zero = newSegment(Segment.bucketsFor(elements.count() - ones), depth + 1, earliestMillis);
    long one;
    try {
      one = newSegment(Segment.bucketsFor(ones), depth + 1, earliestMillis);
    } catch (RuntimeException e) {
      freeSegment(zero);
      throw e;
    }
    if (depth == directoryDepth) {
      doubleDirectory();
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
    long[] doubled = new long[directory.length * 2];
    for (int i = 0; i < directory.length; i++) {
      doubled[2 * i] = directory[i];
      doubled[2 * i + 1] = directory[i];
    }
    directory = doubled;
    directoryDepth++;
    directoryFrozen = false;
  }

  /** After a removal: at most one segment laid out smaller, or merged with its buddy. */
  private void shrink(long hash, long word) {
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
      SegmentBuilder elements = builder();
      elements.clear();
      elements.gather((int) word, buckets);
      long smaller = tryNewSegment(Segment.bucketsFor(count), depth, earliestExpiry(hash));
      if (smaller != 0) {
        elements.placeAll((int) smaller, buckets(smaller), depth);
        install(hash, smaller);
        freeSegment(word);
      }
    }
  }

  private void merge(long hash, long word, long buddy) {
    SegmentBuilder elements = builder();
    elements.clear();
    elements.gather((int) word, buckets(word));
    elements.gather((int) buddy, buckets(buddy));
    int depth = depth(word) - 1;
    long earliest = Math.min(earliestExpiry(hash), earliestExpiry(hash ^ 1L << (63 - depth)));
    long merged = tryNewSegment(Segment.bucketsFor(elements.count()), depth, earliest);
    if (merged == 0) {
      return;
    }
    elements.placeAll((int) merged, buckets(merged), depth);
    install(hash, merged);
    freeSegment(word);
    freeSegment(buddy);
    segmentsOfDepth[depth + 1] -= 2;
    segmentsOfDepth[depth]++;
    // Two depths without a segment, so that a segment that comes and goes does not double and halve
    // it.
    if (directoryDepth > 1
        && segmentsOfDepth[directoryDepth] == 0
        && segmentsOfDepth[directoryDepth - 1] == 0) {
      halveDirectory();
    }
  }

  private void halveDirectory() {
    long[] halved = new long[directory.length / 2];
    for (int i = 0; i < halved.length; i++) {
      halved[i] = directory[2 * i];
    }
    directory = halved;
    directoryDepth--;
    directoryFrozen = false;
  }

  /** A removal must not fail for want of memory: then the segment stays as it is. */
  private long tryNewSegment(int buckets, int depth, long earliestMillis) {
    try {
      return newSegment(buckets, depth, earliestMillis);
    } catch (ArenaFullException e) {
      return 0;
    }
  }

  // Walking in the order of the hashes.

  /**
   * Visits the elements whose home is the bucket of {@code cursor} and whose hash is not below it.
   * From 0 to 0, a sequence of calls visits every element that was there throughout exactly once,
   * whatever else was added and removed and however the table grew or shrank between the calls.
   *
   * @return the cursor of the next call, 0 at the end
   */
  public long scan(long cursor, ElementVisitor visitor) {
    long word = word(cursor);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int buckets = buckets(word);
    int depth = depth(word);
    int home = Segment.home(cursor, depth, buckets);
    int index = home;
    for (int probes = buckets; probes > 0; probes--) {
      int bucket = Segment.bucket(base, index);
      for (int slot = 0; slot < Segment.SLOTS; slot++) {
        if (!Segment.isFree(slab, bucket, slot)) {
          int reference = Segment.reference(slab, bucket, slot);
          long hash = hashOf(reference);
          if (Segment.home(hash, depth, buckets) == home
              && Long.compareUnsigned(hash, cursor) >= 0) {
            visitor.element(reference, hash);
          }
        }
      }
      if (!Segment.overflows(slab, bucket)) {
        break;
      }
      index = index + 1 == buckets ? 0 : index + 1;
    }
    if (home + 1 == buckets) {
      return nextSegment(cursor);
    }
    return firstOfSegment(cursor, depth) | Segment.lowestOfHome(home + 1, depth, buckets);
  }

  private static long firstOfSegment(long hash, int depth) {
    return depth == 0 ? 0 : hash >>> (64 - depth) << (64 - depth);
  }

  /** The first hash beyond the segment of {@code position}, 0 at the end. */
  public long nextSegment(long position) {
    int depth = depth(word(position));
    return depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
  }

  /** A lower bound of the expiry times in the segment of {@code position}, in milliseconds. */
  public long earliestExpiry(long position) {
    long word = word(position);
    return Segment.earliestExpiry(arena.slab((int) word), Arena.offset((int) word));
  }

  /**
   * Sets the bound. It is the loop's own note, which no frozen view reads, and so the one part of a
   * segment that is written without copying it first.
   */
  public void earliestExpiry(long position, long millis) {
    long word = word(position);
    Segment.earliestExpiry(arena.slab((int) word), Arena.offset((int) word), millis);
  }

  /**
   * The elements of the segment of {@code position} that carry {@code mark}, into {@code
   * references} ({@link #MAX_SEGMENT_ELEMENTS} long); how many.
   */
  public int collect(long position, int mark, int[] references) {
    long word = word(position);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int found = 0;
    for (int i = 0; i < buckets(word); i++) {
      int bucket = Segment.bucket(base, i);
      for (int marked = Segment.marked(slab, bucket, mark); marked != 0; marked &= marked - 1) {
        int slot = Integer.numberOfTrailingZeros(marked);
        references[found++] = Segment.reference(slab, bucket, slot);
      }
    }
    return found;
  }

  /**
   * An element, each as likely as any other, or 0 in an empty table: a random slot among as many as
   * if every segment were of the directory's depth and of full size, until one is taken. A table
   * that is nearly empty gets the first element after a random hash in the end.
   */
  public int random(RandomGenerator random) {
    if (size == 0) {
      return 0;
    }
    for (int attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
      int index = random.nextInt(directory.length);
      long word = directory[index];
      int buckets = directory.length == 1 ? buckets(word) : Segment.MAX_BUCKETS;
      int slot = random.nextInt(buckets * Segment.SLOTS);
      boolean first = (index & (1 << (directoryDepth - depth(word))) - 1) == 0;
      if (first && slot < buckets(word) * Segment.SLOTS) {
        int bucket = Segment.bucket(Arena.offset((int) word), slot / Segment.SLOTS);
        int reference = Segment.reference(arena.slab((int) word), bucket, slot % Segment.SLOTS);
        if (reference != 0) {
          return reference;
        }
      }
    }
    return anyFrom(random.nextLong(), random);
  }

  private int anyFrom(long start, RandomGenerator random) {
    for (long position = start; ; position = nextSegment(position)) {
      long word = word(position);
      int count = count(word);
      if (count > 0) {
        SegmentBuilder elements = builder();
        elements.clear();
        elements.gather((int) word, buckets(word));
        return elements.reference(random.nextInt(count));
      }
    }
  }

  // Compaction, views, the end.

  /**
   * Has what lies in the way moved: the segment of {@code position} and its elements' blocks.
   *
   * @throws ArenaFullException where there is no room to move to; the table is whole
   */
  public void evacuate(long position, BlockMover mover) {
    long word = word(position);
    if (arena.isEvacuating((int) word)) {
      word = copySegment(position, word);
    }
    int buckets = buckets(word);
    for (int i = 0; i < buckets; i++) {
      for (int slot = 0; slot < Segment.SLOTS; slot++) {
        byte[] slab = arena.slab((int) word);
        int bucket = Segment.bucket(Arena.offset((int) word), i);
        int reference = Segment.reference(slab, bucket, slot);
        int marks = Segment.marks(slab, bucket, slot);
        if (reference == 0 || (marks < OWNS_BLOCKS && !arena.isEvacuating(reference))) {
          continue;
        }
        // First, so that nothing can fail between the move and the note of it.
        word = writable(position);
        int moved = mover.move(reference, marks);
        bucket = Segment.bucket(Arena.offset((int) word), i);
        Segment.reference(arena.slab((int) word), bucket, slot, moved);
      }
    }
  }

  /** The table as it is now, for another thread, until {@code view}, just opened, is closed. */
  public FrozenTable freeze(Frozen view) {
    directoryFrozen = true;
    return new FrozenTable(view, directory, size, expiring);
  }

  /**
   * For a table that nobody uses any more: hands the elements of the segment of {@code position} to
   * {@code reclaimer}, which frees them, and then frees the segment.
   *
   * @return the position of the next segment, 0 when all is given back
   */
  public long dismantle(long position, ElementAction reclaimer) {
    long word = word(position);
    forEach(word, reclaimer);
    freeSegment(word);
    return nextSegment(position);
  }

  /** Stamps all segments anew, and has {@code stamper} do so with the elements; no view is open. */
  public void restamp(ElementAction stamper) {
    long position = 0;
    do {
      long word = word(position);
      Segment.stamp(arena.slab((int) word), Arena.offset((int) word), arena.epoch());
      forEach(word, stamper);
      position = nextSegment(position);
    } while (position != 0);
  }

  private void forEach(long word, ElementAction action) {
    byte[] slab = arena.slab((int) word);
    for (int i = 0; i < buckets(word); i++) {
      int bucket = Segment.bucket(Arena.offset((int) word), i);
      for (int slot = 0; slot < Segment.SLOTS; slot++) {
        int reference = Segment.reference(slab, bucket, slot);
        if (reference != 0) {
          action.apply(reference, Segment.marks(slab, bucket, slot));
        }
      }
    }
  }

  /**
   * Checks the invariants; takes time and garbage in proportion to the elements.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    new TableValidation(this, arena).check();
  }

  long[] directory() {
    return directory;
  }

  int directoryDepth() {
    return directoryDepth;
  }

  int segmentsOfDepth(int depth) {
    return segmentsOfDepth[depth];
  }

  boolean holds(int reference, long hash) {
    return find(keyOf(reference), hash) == reference;
  }

  private Slice keyOf(int reference) {
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference) + keyOffset;
    int length = slab[at++] & 0xff;
    if (length == 255) {
      length = Bytes.getInt(slab, at);
      at += 4;
    }
    return new Slice().set(slab, at, length);
  }
}
