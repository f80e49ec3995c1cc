package io.cinnabar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.MathUtil;
import java.util.ArrayDeque;

/**
 * Buffers for what leaves, used again most recent first, while they are still in the processor's
 * cache. Used on the loop's thread only.
 */
final class OutputBuffers {

  /** Room for the replies of one turn of most connections. */
  static final int SIZE_BYTES = 8 << 10;

  /** A long reply leaves in pieces of up to this size, so that few buffers carry it. */
  private static final int MAX_SIZE_BYTES = 256 << 10;

  /** As many connections can be answered in one turn without asking for memory. */
  private static final int MAX_SPARE = 1024;

  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>();

  /** An empty buffer that suits {@code length} bytes, which it need not hold all. */
  ByteBuf take(int length) {
    if (length > SIZE_BYTES) {
      int size = MathUtil.safeFindNextPositivePowerOfTwo(Math.min(length, MAX_SIZE_BYTES));
      return allocator.directBuffer(size, size);
    }
    ByteBuf buffer = spare.pollLast();
    return buffer != null ? buffer : allocator.directBuffer(SIZE_BYTES, SIZE_BYTES);
  }

  /** Gives back a buffer whose bytes have left. */
  void give(ByteBuf buffer) {
    // The kernel may still hold a buffer whose connection was closed: such a one is not used again.
    if (buffer.refCnt() == 1 && buffer.capacity() == SIZE_BYTES && spare.size() < MAX_SPARE) {
      spare.addLast(buffer.clear());
    } else {
      buffer.release();
    }
  }

  void close() {
    for (ByteBuf buffer : spare) {
      buffer.release();
    }
    spare.clear();
  }
}
