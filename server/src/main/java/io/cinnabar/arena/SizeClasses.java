package io.cinnabar.arena;

import java.util.Arrays;

/**
 * The sizes that blocks come in. All are multiples of 16 bytes, the grain of a reference.
 *
 * <pre>
 *   16 32 48 64 80 96 112 128           every grain
 *   160 192 224 256  320 384 448 512    four for each doubling ...
 *   ... 5120 6144 7168                  ... up to here
 *   8176 9360 10912 13104 16368 ...     a full slab divided by 128, 112, 96, 80, 64 ...
 *   ... 174752 209712 262128 349520     ... 6, 5, 4, 3
 * </pre>
 *
 * <p>Up to 128 bytes a block is at most 15 bytes larger than what was asked for, above at most a
 * quarter (an eighth on average). The large classes divide a slab, because powers of two would not:
 * three blocks of 256 KiB fit into a slab, and a quarter of it would lie idle.
 */
final class SizeClasses {

  /** Bytes of a full slab: with the header of its array it takes exactly 1 MiB of the heap. */
  static final int SLAB_BYTES = (1 << 20) - 16;

  static final int GRAIN_SHIFT = 4;

  private static final int EVERY_GRAIN_UP_TO = 128;
  private static final int FOUR_PER_DOUBLING_BELOW = 8192;

  private static final int[] SIZES = sizes();

  static final int COUNT = SIZES.length;

  /** The largest block that shares a slab with others. */
  static final int MAX_BYTES = SIZES[COUNT - 1];

  private static final byte[] CLASS_OF_GRAINS = classOfGrains();

  private SizeClasses() {}

  /** The smallest class for {@code sizeBytes}, which is at most {@link #MAX_BYTES}. */
  static int of(int sizeBytes) {
    return CLASS_OF_GRAINS[(sizeBytes + 15) >> GRAIN_SHIFT];
  }

  /** The size of the blocks of a class. */
  static int sizeBytes(int sizeClass) {
    return SIZES[sizeClass];
  }

  /** How many blocks of a class a full slab holds. */
  static int blocksPerSlab(int sizeClass) {
    return SLAB_BYTES / SIZES[sizeClass];
  }

  private static int[] sizes() {
    int[] sizes = new int[64];
    int count = 0;
    for (int size = 16; size <= EVERY_GRAIN_UP_TO; size += 16) {
      sizes[count++] = size;
    }
    for (int base = EVERY_GRAIN_UP_TO; base < FOUR_PER_DOUBLING_BELOW; base <<= 1) {
      for (int quarter = 5; quarter <= 8; quarter++) {
        sizes[count++] = (base >> 2) * quarter;
      }
    }
    // The last one was a power of two that is just too large to divide a slab.
    sizes[count - 1] = SLAB_BYTES / 128 & -16;
    for (int quarter = 16; quarter >= 1; quarter >>= 1) {
      for (int part = 7; part >= 4; part--) {
        sizes[count++] = SLAB_BYTES / (part * quarter) & -16;
      }
    }
    sizes[count++] = SLAB_BYTES / 3 & -16;
    return Arrays.copyOf(sizes, count);
  }

  private static byte[] classOfGrains() {
    byte[] classes = new byte[(MAX_BYTES >> GRAIN_SHIFT) + 1];
    int from = 0;
    for (int sizeClass = 0; sizeClass < COUNT; sizeClass++) {
      int to = (SIZES[sizeClass] >> GRAIN_SHIFT) + 1;
      Arrays.fill(classes, from, to, (byte) sizeClass);
      from = to;
    }
    return classes;
  }
}
