package io.cinnabar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * The one buffer that serves every read of every connection. That works because the loop reads on
 * one thread and a handler takes what it needs before its call returns; so idle connections cost no
 * buffers, and the bytes just read are in the processor's cache.
 *
 * <p>A connection that keeps filling the buffer is left after some reads, for the others' sake; the
 * selector reports it again in the next poll.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

  static final int SIZE_BYTES = 64 << 10;

  private static final int READS_PER_CONNECTION_AND_POLL = 2;

  private final ByteBuf buffer = Unpooled.directBuffer(SIZE_BYTES, SIZE_BYTES);

  ReadBuffer() {
    super(READS_PER_CONNECTION_AND_POLL);
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return SIZE_BYTES;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator unused) {
        assert buffer.refCnt() == 1 : "a handler kept the buffer";
        return buffer.clear().retain();
      }
    };
  }

  void close() {
    buffer.release();
  }
}
