package io.cinnabar.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has yet to send.
 *
 * <pre>
 *   write -> filling --(full, or flush)--> leaving, oldest first --> machine
 *                                     |    ^
 *                                     v    |      with TLS only
 *                                    encrypted
 * </pre>
 *
 * <p>Each buffer in {@code leaving} is also in Netty's queue, which reports progress on the oldest
 * first; a reference is kept here, so that the buffer comes back when Netty has done with it.
 */
final class Output {

  private final NettyConnection connection;
  private final ChannelHandlerContext context;
  private final OutputBuffers buffers;
  private final OutputProgress progress;
  private final ArrayDeque<ByteBuf> leaving = new ArrayDeque<>(2);
  private final @Nullable TlsFilter tls;

  /** What stays free in a buffer: room that it takes to be encrypted. */
  private final int spareBytes;

  private @Nullable ByteBuf filling;
  private long pendingBytes;

  /** How much of the oldest buffer has left. */
  private long oldestSentBytes;

  Output(
      NettyConnection connection,
      ChannelHandlerContext context,
      OutputBuffers buffers,
      @Nullable TlsFilter tls) {
    this.connection = connection;
    this.context = context;
    this.buffers = buffers;
    this.tls = tls;
    spareBytes = tls == null ? 0 : TlsFilter.OVERHEAD_BYTES;
    progress = new OutputProgress(context.channel(), this);
  }

  long pendingBytes() {
    return pendingBytes;
  }

  void write(byte[] bytes, int offset, int length) {
    pendingBytes += length;
    while (length > 0) {
      ByteBuf buffer = filling;
      if (buffer == null) {
        buffer = buffers.take(length + spareBytes);
        filling = buffer;
      }
      int taken = Math.min(length, buffer.writableBytes() - spareBytes);
      buffer.writeBytes(bytes, offset, taken);
      offset += taken;
      length -= taken;
      if (buffer.writableBytes() == spareBytes) {
        queue();
      }
    }
  }

  void flush() {
    queue();
    if (!leaving.isEmpty()) {
      context.flush();
    }
  }

  private void queue() {
    ByteBuf buffer = filling;
    if (buffer == null) {
      return;
    }
    filling = null;
    if (tls == null) {
      leave(buffer);
    } else {
      tls.encrypt(buffer, this);
    }
  }

  /** Puts a buffer behind those that leave; nothing leaves before {@link #flush}. */
  private void leave(ByteBuf buffer) {
    leaving.addLast(buffer);
    ChannelFuture unused = context.write(buffer.retain(), progress);
  }

  /** Takes what {@code plainBytes} of those written have become; 0 for TLS's own messages. */
  void encrypted(ByteBuf buffer, int plainBytes) {
    pendingBytes += buffer.readableBytes() - plainBytes;
    leave(buffer);
  }

  /** The oldest buffer has left as far as {@code sentBytes}. */
  void progressed(long sentBytes) {
    pendingBytes -= sentBytes - oldestSentBytes;
    oldestSentBytes = sentBytes;
  }

  /** The oldest buffer has left entirely, or never will. */
  void left(boolean sent) {
    oldestSentBytes = 0;
    ByteBuf buffer = leaving.removeFirst();
    if (sent) {
      buffers.give(buffer);
      if (pendingBytes == 0) {
        connection.outputLeft();
      }
    } else {
      buffer.release();
      connection.outputLost();
    }
  }

  /** The connection is gone, and with it what is pending. */
  void close() {
    pendingBytes = 0;
    if (filling != null) {
      buffers.give(filling);
      filling = null;
    }
  }
}
