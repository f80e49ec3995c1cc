package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * The layout of one segment of a {@link SegmentedTable}: a block of the arena with a header and
 * {@code n} buckets, each a cache line. Static functions over the bytes; the table keeps the state.
 *
 * <pre>
 * segment   0     4 stamp: the epoch it was made in
 *           4     4 number of elements
 *           8     4 number of elements that carry {@link #EXPIRES}
 *          12     4 unused
 *          16     8 lower bound of the expiry times in it, milliseconds; Long.MAX_VALUE: none
 *          24    24 unused
 *          48  64*n buckets; the data of an array begin 16 bytes after the object, so that the
 *                   buckets are whole cache lines where the collector places the slab on one
 *
 * bucket    0    12 tags, one byte a slot: 0 = free, else the low bits of the hash
 *          12     1 overflow: elements whose probe began here or passed here and that lie further
 *                   on; at 255 it stays until the segment is laid out anew
 *          13     3 marks: 12 bits {@link #EXPIRES}, then 12 bits {@link #OWNS_BLOCKS}
 *          16    48 references, four bytes a slot
 * </pre>
 *
 * <p>A probe begins at the home bucket and goes on while the overflow of the bucket says that
 * somebody went on from there (F14 by Nathan Bronson and Xiao Shi counts so; a removal then leaves
 * no tombstone). Tags are compared eight at a time, as bytes of a long.
 */
final class Segment {
  static final int HEADER_BYTES = 48;
  static final int BUCKET_BYTES = 64;
  static final int SLOTS = 12;

  /** At most so many buckets: a segment is at most 4 KiB. */
  static final int MAX_BUCKETS = 63;

  static final int MAX_ELEMENTS = MAX_BUCKETS * SLOTS;

  /** The mark of an element that expires. */
  static final int EXPIRES = 1;

  /** The mark of an element whose block holds references to further blocks. */
  static final int OWNS_BLOCKS = 2;

  private static final int COUNT = 4;
  private static final int EXPIRING = 8;
  private static final int EARLIEST = 16;

  private static final int OVERFLOW = 12;
  private static final int REFERENCES = 16;
  private static final int SATURATED = 255;
  private static final int SLOT_MASK = (1 << SLOTS) - 1;

  private static final long GATHER = 0x0102040810204080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  private Segment() {}

  // Sizes: 64 bytes to each bucket and 64 more, which with 1, 3, 7, 15, 31 or 63 buckets is a power
  // of
  // two and a size class of the arena.

  static int sizeBytes(int buckets) {
    return (buckets + 1) * BUCKET_BYTES;
  }

  /** The number of buckets for {@code elements}, so that a third of the slots is free. */
  static int bucketsFor(int elements) {
    int slots = elements + (elements >>> 1);
    int buckets = 1;
    while (buckets * SLOTS < slots && buckets < MAX_BUCKETS) {
      buckets = 2 * buckets + 1;
    }
    return buckets;
  }

  /** With so many elements a segment takes no more and has to grow or be split. */
  static int limit(int buckets) {
    int slots = buckets * SLOTS;
    return buckets == 1 ? slots : slots - (slots >>> 3);
  }

  /** With fewer elements than this a segment of so many buckets is worth laying out smaller. */
  static int shrinkLimit(int buckets) {
    return buckets * SLOTS / 4;
  }

  // Where a hash belongs: its top bits choose the segment, the 32 bits after those the home bucket,
  // in
  // the order of the hashes, and its low 8 bits are the tag.

  static int home(long hash, int depth, int buckets) {
    return (int) (((hash << depth >>> 32) * buckets) >>> 32);
  }

  /** The lowest hash of a segment, less its directory bits, whose home is {@code bucket}. */
  static long lowestOfHome(int bucket, int depth, int buckets) {
    long position = (((long) bucket << 32) + buckets - 1) / buckets;
    return position << 32 >>> depth;
  }

  static int tag(long hash) {
    int tag = (int) hash & 0xff;
    return tag == 0 ? 1 : tag;
  }

  // The header.

  static void format(byte[] slab, int base, int buckets, int stamp, long earliestMillis) {
    Arrays.fill(slab, base, base + sizeBytes(buckets), (byte) 0);
    Bytes.putInt(slab, base, stamp);
    earliestExpiry(slab, base, earliestMillis);
  }

  static int stamp(byte[] slab, int base) {
    return Bytes.getInt(slab, base);
  }

  static void stamp(byte[] slab, int base, int stamp) {
    Bytes.putInt(slab, base, stamp);
  }

  static int count(byte[] slab, int base) {
    return Bytes.getInt(slab, base + COUNT);
  }

  static int expiring(byte[] slab, int base) {
    return Bytes.getInt(slab, base + EXPIRING);
  }

  static long earliestExpiry(byte[] slab, int base) {
    return Bytes.getLong(slab, base + EARLIEST);
  }

  static void earliestExpiry(byte[] slab, int base, long millis) {
    Bytes.putLong(slab, base + EARLIEST, millis);
  }

  // Buckets and slots. A slot is addressed by the offset of its bucket in the slab and its index.

  static int bucket(int base, int index) {
    return base + HEADER_BYTES + index * BUCKET_BYTES;
  }

  /**
   * The slots of a bucket with {@code tag}, 0 being the free ones: a bit each, to be taken from the
   * lowest up with {@link #slotOf}. All twelve are in one word, since a branch between the first
   * eight and the others would be mispredicted every third time.
   */
  static long matches(byte[] slab, int bucket, int tag) {
    long low = zeroBytes(Bytes.getLong(slab, bucket) ^ tag * ONES);
    long high = zeroBytes(Bytes.getInt(slab, bucket + 8) ^ tag * ONES) & 0xFFFFFFFFL;
    return low >>> 7 | high >>> 3;
  }

  /** Exact for each byte: a borrow-free sum, since a free slot must never look like a match. */
  private static long zeroBytes(long x) {
    return ~(((x & LOW_BITS) + LOW_BITS) | x | LOW_BITS);
  }

  /** The slot of the lowest bit: of bit 8i it is i, of bit 8i + 4 it is 8 + i. */
  static int slotOf(long matches) {
    int bit = Long.numberOfTrailingZeros(matches);
    return (bit >>> 3) + ((bit & 4) << 1);
  }

  /** The slot of {@code reference} in a bucket, or -1. */
  static int slotWith(byte[] slab, int bucket, int tag, int reference) {
    for (long m = matches(slab, bucket, tag); m != 0; m &= m - 1) {
      if (reference(slab, bucket, slotOf(m)) == reference) {
        return slotOf(m);
      }
    }
    return -1;
  }

  static boolean isFree(byte[] slab, int bucket, int slot) {
    return slab[bucket + slot] == 0;
  }

  static int reference(byte[] slab, int bucket, int slot) {
    return Bytes.getInt(slab, bucket + REFERENCES + slot * 4);
  }

  static void reference(byte[] slab, int bucket, int slot, int reference) {
    Bytes.putInt(slab, bucket + REFERENCES + slot * 4, reference);
  }

  static boolean overflows(byte[] slab, int bucket) {
    return slab[bucket + OVERFLOW] != 0;
  }

  static int overflow(byte[] slab, int bucket) {
    return slab[bucket + OVERFLOW] & 0xff;
  }

  static int marks(byte[] slab, int bucket, int slot) {
    int marks = Bytes.getInt(slab, bucket + OVERFLOW) >>> (8 + slot);
    return (marks & 1) | (marks >>> (SLOTS - 1) & 2);
  }

  /** The slots of a bucket that hold an element, a bit each. */
  static int taken(byte[] slab, int bucket) {
    // The product moves the lowest bit of each byte to the top byte, side by side.
    long low = zeroBytes(Bytes.getLong(slab, bucket)) >>> 7;
    long high = (zeroBytes(Bytes.getInt(slab, bucket + 8)) & 0xFFFFFFFFL) >>> 7;
    int first = (int) ((low * GATHER) >>> 56);
    int last = (int) ((high * GATHER) >>> 56) & 0xF;
    return ~(first | (last << 8)) & SLOT_MASK;
  }

  /** The slots of a bucket that carry {@code mark}, a bit each; with 0 all that are taken. */
  static int marked(byte[] slab, int bucket, int mark) {
    if (mark == 0) {
      int taken = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        taken |= isFree(slab, bucket, slot) ? 0 : 1 << slot;
      }
      return taken;
    }
    int marks = Bytes.getInt(slab, bucket + OVERFLOW) >>> 8;
    return (mark == EXPIRES ? marks : marks >>> SLOTS) & SLOT_MASK;
  }

  /** Sets the marks of a slot, and the header's count of those that expire. */
  static void marks(byte[] slab, int base, int bucket, int slot, int marks) {
    int word = Bytes.getInt(slab, bucket + OVERFLOW);
    int expiresBit = 1 << (8 + slot);
    int change = (marks & EXPIRES) - ((word & expiresBit) == 0 ? 0 : 1);
    word &= ~(expiresBit | expiresBit << SLOTS);
    word |= (marks & EXPIRES) << (8 + slot) | (marks >>> 1) << (8 + SLOTS + slot);
    Bytes.putInt(slab, bucket + OVERFLOW, word);
    if (change != 0) {
      Bytes.putInt(slab, base + EXPIRING, expiring(slab, base) + change);
    }
  }

  /** Puts an element into the first free slot of its probe path; there must be one. */
  static void place(
      byte[] slab, int base, int buckets, int home, int tag, int reference, int marks) {
    int index = home;
    for (; ; ) {
      int bucket = bucket(base, index);
      long free = matches(slab, bucket, 0);
      if (free != 0) {
        int slot = slotOf(free);
        slab[bucket + slot] = (byte) tag;
        reference(slab, bucket, slot, reference);
        marks(slab, base, bucket, slot, marks);
        Bytes.putInt(slab, base + COUNT, count(slab, base) + 1);
        return;
      }
      if (overflow(slab, bucket) < SATURATED) {
        slab[bucket + OVERFLOW]++;
      }
      index = index + 1 == buckets ? 0 : index + 1;
      assert index != home : "a segment without a free slot";
    }
  }

  /** Empties a slot and takes its element off the overflow counts from its home on. */
  static void clear(byte[] slab, int base, int buckets, int home, int index, int slot) {
    int bucket = bucket(base, index);
    marks(slab, base, bucket, slot, 0);
    slab[bucket + slot] = 0;
    reference(slab, bucket, slot, 0);
    Bytes.putInt(slab, base + COUNT, count(slab, base) - 1);
    for (int i = home; i != index; i = i + 1 == buckets ? 0 : i + 1) {
      int passed = bucket(base, i);
      if (overflow(slab, passed) < SATURATED) {
        slab[passed + OVERFLOW]--;
      }
    }
  }
}
