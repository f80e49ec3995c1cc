package io.cinnabar.virtual;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is in a file, whatever its name is: what everybody reads, and what of it a crash leaves.
 *
 * <pre>
 *   |   forced: outlives a crash   | appended since: some of it, none, torn |
 *   0                          forcedBytes                              sizeBytes
 * </pre>
 */
final class FileContents {

  /** What stands for a directory among the names. */
  static final FileContents DIRECTORY = new FileContents(new byte[0]);

  private static final int[] SECTOR_BYTES = {16, 64, 512, 4096};

  private byte[] bytes;
  private int sizeBytes;
  private int forcedBytes;

  /** What was forced, if a part of that was cut off since and the cut is not forced. */
  private byte @Nullable [] uncut;

  /** The bytes that a failed force may have taken for written. */
  private final BitSet doubtful = new BitSet();

  /** Contents that outlive a crash. */
  FileContents(byte[] bytes) {
    this.bytes = bytes;
    sizeBytes = bytes.length;
    forcedBytes = bytes.length;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, sizeBytes);
  }

  /** Returns how many bytes were read, or -1 at the end. */
  int read(long position, byte[] into, int offset, int length) {
    if (position >= sizeBytes) {
      return -1;
    }
    int count = (int) Math.min(length, sizeBytes - position);
    System.arraycopy(bytes, (int) position, into, offset, count);
    return count;
  }

  void append(byte[] from, int offset, int length) {
    if (bytes.length - sizeBytes < length) {
      bytes = Arrays.copyOf(bytes, 2 * (sizeBytes + length));
    }
    System.arraycopy(from, offset, bytes, sizeBytes, length);
    sizeBytes += length;
  }

  void truncate(int size) {
    if (size < forcedBytes) {
      uncut = uncut == null ? Arrays.copyOf(bytes, forcedBytes) : uncut;
      forcedBytes = size;
    }
    sizeBytes = Math.min(sizeBytes, size);
    doubtful.clear(size, Integer.MAX_VALUE);
  }

  void force() {
    forcedBytes = sizeBytes;
    uncut = null;
  }

  /**
   * A force that fails: the machine may forget which bytes it has not written, so that they are
   * lost even if another force seems to do well. Only to write them again helps.
   */
  void failToForce() {
    doubtful.set(forcedBytes, sizeBytes);
  }

  /** Turns into what is there after a crash. */
  void crash(RandomGenerator random) {
    if (uncut != null && random.nextBoolean()) {
      bytes = uncut;
      sizeBytes = uncut.length;
    } else {
      loseUnforced(random);
      if (random.nextBoolean()) {
        doubtful.stream().filter(at -> at < sizeBytes).forEach(at -> bytes[at] = 0);
      }
    }
    doubtful.clear();
    force();
  }

  private void loseUnforced(RandomGenerator random) {
    int unforced = sizeBytes - forcedBytes;
    if (unforced == 0) {
      return;
    }
    switch (random.nextInt(5)) {
      case 0 -> sizeBytes = forcedBytes;
      case 1 -> sizeBytes = forcedBytes + random.nextInt(unforced);
      case 2 -> {
        // The new length was written before what is there.
        sizeBytes -= random.nextInt(unforced);
        zero(forcedBytes + random.nextInt(sizeBytes - forcedBytes), sizeBytes);
      }
      case 3 -> loseSectors(random);
      default -> {
        // All of it was written.
      }
    }
  }

  /** Sectors are written in any order. */
  private void loseSectors(RandomGenerator random) {
    int sectorBytes = SECTOR_BYTES[random.nextInt(SECTOR_BYTES.length)];
    for (int from = forcedBytes; from < sizeBytes; ) {
      int to = Math.min(sizeBytes, (from / sectorBytes + 1) * sectorBytes);
      if (random.nextInt(3) == 0) {
        zero(from, to);
      }
      from = to;
    }
  }

  private void zero(int from, int to) {
    if (from < to) {
      Arrays.fill(bytes, from, to, (byte) 0);
    }
  }
}
