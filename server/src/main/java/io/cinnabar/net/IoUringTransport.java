package io.cinnabar.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** Linux's io_uring: reads and writes are queued and handed over together, once a turn. */
final class IoUringTransport extends UnixTransport {

  static final String NAME = "io_uring";

  private static final int MIN_READ_BYTES = 2 << 10;
  private static final int FIRST_READ_BYTES = 8 << 10;
  private static final int MAX_READ_BYTES = 64 << 10;

  /**
   * The kernel reads while others are served, so a read needs a buffer of its own, but only from
   * the time that bytes are there: its size follows what the connection sends.
   */
  private final AdaptiveRecvByteBufAllocator readSizes =
      new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);

  /** Why this transport can't be used here, or null if it can. */
  static @Nullable Throwable unavailability() {
    return IoUring.unavailabilityCause();
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  Channel openTcpServer() {
    return new IoUringServerSocketChannel();
  }

  @Override
  Channel openTcpClient() {
    return new IoUringSocketChannel();
  }

  @Override
  Channel openUnixServer() {
    return new IoUringServerDomainSocketChannel();
  }

  @Override
  void setKeepAliveTimes(ChannelConfig config, int idleSeconds, int intervalSeconds, int count) {
    config.setOption(IoUringChannelOption.TCP_KEEPIDLE, idleSeconds);
    config.setOption(IoUringChannelOption.TCP_KEEPINTVL, intervalSeconds);
    config.setOption(IoUringChannelOption.TCP_KEEPCNT, count);
  }

  @Override
  IoHandlerFactory newIoHandlerFactory() {
    return IoUringIoHandler.newFactory();
  }

  @Override
  void configureReading(ChannelConfig config) {
    config.setRecvByteBufAllocator(readSizes);
    config.setAutoRead(false);
  }

  /**
   * Left to itself this transport goes on reading within one pass until a socket is empty. One read
   * for each poll keeps a fast sender from starving the others, and goes to the kernel together
   * with the writes of the turn.
   */
  @Override
  boolean readsOnDemand() {
    return true;
  }
}
