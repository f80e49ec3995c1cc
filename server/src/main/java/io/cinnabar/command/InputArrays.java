package io.cinnabar.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The large arrays that clients' input lies in, used again and again. Made anew for each large
 * argument they would be garbage of the old generation, gigabytes of it before the collector looks
 * there. Up to a limit those that nobody uses are kept.
 */
final class InputArrays {

  /** Smaller arrays are not worth keeping: they die young. */
  static final int LEAST_BYTES = 64 * 1024;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final long limitBytes;
  private final List<byte[]> kept = new ArrayList<>();
  private final List<byte[]> given = new ArrayList<>();
  private long keptBytes;
  private long givenBytes;

  /**
   * No arrays yet.
   *
   * @param limitBytes how many bytes of unused arrays are kept
   */
  InputArrays(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * An array of at least {@code leastBytes}, what is in it undefined.
   *
   * @param wantedBytes how long it should be rather, if that is more
   */
  byte[] take(int leastBytes, long wantedBytes) {
    int wanted = (int) Math.min(MAX_BYTES, Math.max(leastBytes, wantedBytes));
    int best = -1;
    for (int i = 0; i < kept.size(); i++) {
      int length = kept.get(i).length;
      if (length >= leastBytes
          && length <= 2L * wanted
          && (best < 0 || isCloser(length, kept.get(best).length, wanted))) {
        best = i;
      }
    }
    return best < 0 ? new byte[rounded(wanted)] : takeKept(best);
  }

  /** The shortest that is long enough, else the longest. */
  private static boolean isCloser(int length, int than, int wanted) {
    return than < wanted ? length > than : length >= wanted && length < than;
  }

  /** Lengths are rounded, so that an array suits the next argument of about this size. */
  private static int rounded(int bytes) {
    return (int) Math.min(MAX_BYTES, ((long) bytes + LEAST_BYTES - 1) / LEAST_BYTES * LEAST_BYTES);
  }

  private byte[] takeKept(int index) {
    byte[] array = kept.get(index);
    byte[] last = kept.remove(kept.size() - 1);
    if (index < kept.size()) {
      kept.set(index, last);
    }
    keptBytes -= array.length;
    return array;
  }

  /** Gives an array back. Until the turn ends the commands in it may still be read. */
  void give(byte[] array) {
    if (array.length >= LEAST_BYTES) {
      given.add(array);
      givenBytes += array.length;
    }
  }

  /** Says that nobody reads any more what was given back. */
  void endTurn() {
    for (int i = 0; i < given.size(); i++) {
      byte[] array = given.get(i);
      if (keptBytes + array.length <= limitBytes) {
        keptBytes += array.length;
        kept.add(array);
      }
    }
    given.clear();
    givenBytes = 0;
  }

  /** Bytes of the arrays that are here: those kept, and those given back in this turn. */
  long bytes() {
    return keptBytes + givenBytes;
  }
}
