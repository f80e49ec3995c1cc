package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Frozen;
import java.util.random.RandomGenerator;

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
 * <p>The directory of segments and their growth are {@link SegmentDirectory}'s, the layout of a
 * segment {@link Segment}'s.
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
public final class SegmentedTable extends SegmentDirectory {
  /** The mark of an element that expires. */
  public static final int EXPIRES = Segment.EXPIRES;

  /** The mark of an element whose block holds references to further blocks. */
  public static final int OWNS_BLOCKS = Segment.OWNS_BLOCKS;

  /** How many elements a segment holds at most. */
  public static final int MAX_SEGMENT_ELEMENTS = Segment.MAX_ELEMENTS;

  private static final int RANDOM_ATTEMPTS = 64;

  private long size;
  private long expiring;
  private boolean expiresWithin;

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
    super(arena, keyHash, keyOffset);
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
    return 16 + 8L * words().length;
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
    return ElementKey.matches(arena.slab(reference), Arena.offset(reference) + keyOffset, key);
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

  /**
   * As {@link #noteExpiry}, for an element of which something expires though it has no mark that
   * says so.
   */
  public void noteExpiryWithin(long hash, long atMillis) {
    expiresWithin = true;
    noteExpiry(hash, atMillis);
  }

  /** Whether {@link #noteExpiryWithin} was ever called. */
  public boolean expiresWithin() {
    return expiresWithin;
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
    long first = depth == 0 ? 0 : cursor >>> (64 - depth) << (64 - depth);
    return first | Segment.lowestOfHome(home + 1, depth, buckets);
  }

  /** The number of segments. */
  public int segmentCount() {
    int count = 0;
    for (int depth = 0; depth <= directoryDepth(); depth++) {
      count += segmentsOfDepth(depth);
    }
    return count;
  }

  /** How many elements the segments have room for as they are. */
  public long slotCount() {
    long slots = 0;
    long position = 0;
    do {
      slots += (long) buckets(word(position)) * Segment.SLOTS;
      position = nextSegment(position);
    } while (position != 0);
    return slots;
  }

  /** The first hash beyond the segment of {@code position}, 0 at the end. */
  public long nextSegment(long position) {
    int depth = depth(word(position));
    return depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
  }

  /** The number of elements in the segment of {@code position}. */
  public int countAt(long position) {
    return count(word(position));
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
   * The elements of the segment of {@code position} that carry {@code mark}, all with 0, into
   * {@code references} ({@link #MAX_SEGMENT_ELEMENTS} long); how many.
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
    long[] words = words();
    for (int attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
      int index = random.nextInt(words.length);
      long word = words[index];
      int buckets = words.length == 1 ? buckets(word) : Segment.MAX_BUCKETS;
      int slot = random.nextInt(buckets * Segment.SLOTS);
      boolean first = (index & (words.length >>> depth(word)) - 1) == 0;
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
        return gather(word).reference(random.nextInt(count));
      }
    }
  }

  /** Whether this very reference is an element with this hash; it may be one of the past. */
  public boolean contains(long hash, int reference) {
    long word = word(hash);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int buckets = buckets(word);
    int index = Segment.home(hash, depth(word), buckets);
    int tag = Segment.tag(hash);
    for (int probes = buckets; probes > 0; probes--) {
      int bucket = Segment.bucket(base, index);
      if (Segment.slotWith(slab, bucket, tag, reference) >= 0) {
        // The block may hold another key by now.
        return hashOf(reference) == hash;
      }
      if (!Segment.overflows(slab, bucket)) {
        return false;
      }
      index = index + 1 == buckets ? 0 : index + 1;
    }
    return false;
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
    return freeze(view, size, expiring);
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
    freeSegment(position, word);
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
}
