package io.cinnabar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * Buffers for what leaves, used again most recent first, while they are still in the processor's
 * cache. Used on the loop's thread only.
 */
final class OutputBuffers {

  /** Room for the replies of one turn of most connections. */
  static final int SIZE_BYTES = 8 << 10;

  /** Much leaves in pieces of this size, so that few buffers carry it. */
  static final int LARGE_SIZE_BYTES = 32 << 10;

  /** As many connections can be answered in one turn without asking for memory. */
  private static final int MAX_SPARE = 1024;

  private static final int MAX_SPARE_LARGE = 256;

  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>();
  private final ArrayDeque<ByteBuf> spareLarge = new ArrayDeque<>();

  /** An empty buffer that suits {@code length} bytes, which it need not hold all. */
  ByteBuf take(int length) {
    boolean large = length > SIZE_BYTES;
    ByteBuf buffer = (large ? spareLarge : spare).pollLast();
    if (buffer != null) {
      return buffer;
    }
    int size = large ? LARGE_SIZE_BYTES : SIZE_BYTES;
    return allocator.directBuffer(size, size);
  }

  /** Gives back a buffer whose bytes have left. */
  void give(ByteBuf buffer) {
    boolean large = buffer.capacity() == LARGE_SIZE_BYTES;
    ArrayDeque<ByteBuf> kept = large ? spareLarge : spare;
    // The kernel may still hold a buffer whose connection was closed: such a one is not used again.
    if (buffer.refCnt() == 1 && kept.size() < (large ? MAX_SPARE_LARGE : MAX_SPARE)) {
      kept.addLast(buffer.clear());
    } else {
      buffer.release();
    }
  }

  void close() {
    release(spare);
    release(spareLarge);
  }

  private static void release(ArrayDeque<ByteBuf> buffers) {
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
    buffers.clear();
  }
}
