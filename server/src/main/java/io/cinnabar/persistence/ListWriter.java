package io.cinnabar.persistence;

import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.PackedBytes;

/**
 * Writes lists as nodes: the number of them, and each as a kind of node and a string.
 *
 * <pre>
 * 1  {@link #PLAIN}   the string is an element, too long for a listpack with others
 * 1  {@link #PACKED}  it is a listpack
 * </pre>
 */
final class ListWriter {

  static final int PLAIN = 1;
  static final int PACKED = 2;

  /** Longer elements are nodes by themselves, as with the default of list-max-listpack-size. */
  private static final int MAX_PACKED_BYTES = 8192;

  private static final int FIRST_BYTES = 1024;
  private static final int KEPT_BYTES = 64 << 10;

  private final RdbWriter out;
  private byte[] listpack = new byte[FIRST_BYTES];

  ListWriter(RdbWriter out) {
    this.out = out;
  }

  void write(ListValue list) {
    if (!list.isTree()) {
      PackedBytes packed = list.packed();
      out.length(1);
      out.length(PACKED);
      out.string(packed.array(), packed.offset(), packed.length());
      return;
    }
    ListWalk walk = list.walk();
    out.length(runs(walk));
    walk.start(0, false);
    do {
      writeNode(walk);
    } while (walk.nextRun());
    if (listpack.length > KEPT_BYTES) {
      listpack = new byte[FIRST_BYTES];
    }
  }

  private static int runs(ListWalk walk) {
    int runs = 0;
    walk.start(0, false);
    do {
      runs++;
    } while (walk.nextRun());
    return runs;
  }

  private void writeNode(ListWalk walk) {
    int length = walk.runEnd() - walk.runBegin();
    if (length > MAX_PACKED_BYTES && walk.runCount() == 1) {
      Slice element = walk.text();
      out.length(PLAIN);
      out.string(element);
      return;
    }
    int total = Listpack.EMPTY_BYTES + length;
    if (listpack.length < total) {
      listpack = new byte[total];
    }
    int at = Listpack.frame(listpack, 0, length, walk.runCount());
    System.arraycopy(walk.runArray(), walk.runBegin(), listpack, at, length);
    out.length(PACKED);
    out.string(listpack, 0, total);
  }
}
