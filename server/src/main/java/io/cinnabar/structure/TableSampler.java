package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import java.util.random.RandomGenerator;

/**
 * Takes elements out of a {@link SegmentedTable} that lie one beside the other, from a random slot
 * on: less random than {@link SegmentedTable#random}, and cheap for several. On the loop's thread;
 * one for all tables of an arena.
 */
public final class TableSampler {
  /** Segments that are looked into at most; some microseconds. */
  private static final int MAX_SEGMENTS = 64;

  private final Arena arena;
  private final RandomGenerator random;

  public TableSampler(Arena arena, RandomGenerator random) {
    this.arena = arena;
    this.random = random;
  }

  /**
   * Some elements. Where few carry the mark it may find none, though there are some; another
   * attempt looks elsewhere.
   *
   * @param mark what the elements have to carry: {@link SegmentedTable#EXPIRES}, or 0 for nothing
   * @param into takes their references, each at most once
   * @param most how many are wanted
   * @return how many there are in {@code into}
   */
  public int sample(SegmentedTable table, int mark, int[] into, int most) {
    long position = random.nextLong();
    long first = table.word(position);
    int found = 0;
    int start = random.nextInt(SegmentedTable.buckets(first) * Segment.SLOTS);
    long word = first;
    for (int segments = 0; segments < MAX_SEGMENTS && found < most; segments++) {
      found = sampleSegment(word, start, mark, into, found, most);
      position = table.nextSegment(position);
      word = table.word(position);
      start = 0;
      if (word == first) {
        break;
      }
    }
    return found;
  }

  /** All slots of a segment in a circle from {@code start} on, until there are enough. */
  private int sampleSegment(long word, int start, int mark, int[] into, int found, int most) {
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    if (mark == SegmentedTable.EXPIRES && Segment.expiring(slab, base) == 0) {
      return found;
    }
    int buckets = SegmentedTable.buckets(word);
    int first = start / Segment.SLOTS;
    int split = start % Segment.SLOTS;
    // The first bucket comes twice: its upper slots at the beginning, the lower ones at the end.
    for (int i = 0; i <= buckets && found < most; i++) {
      int index = first + i;
      int bucket = Segment.bucket(base, index < buckets ? index : index - buckets);
      int wanted = mark == 0 ? Segment.taken(slab, bucket) : Segment.marked(slab, bucket, mark);
      if (i == 0) {
        wanted = wanted >>> split << split;
      } else if (i == buckets) {
        wanted &= (1 << split) - 1;
      }
      for (; wanted != 0 && found < most; wanted &= wanted - 1) {
        int slot = Integer.numberOfTrailingZeros(wanted);
        into[found++] = Segment.reference(slab, bucket, slot);
      }
    }
    return found;
  }
}
