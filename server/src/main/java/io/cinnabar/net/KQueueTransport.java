package io.cinnabar.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.jspecify.annotations.Nullable;

/** The kqueue of macOS and the BSDs. */
final class KQueueTransport extends UnixTransport {

  static final String NAME = "kqueue";

  // From the system's netinet/tcp.h.
  private static final int IPPROTO_TCP = 6;
  private static final IntegerUnixChannelOption KEEP_IDLE =
      new IntegerUnixChannelOption("TCP_KEEPALIVE", IPPROTO_TCP, 0x10);
  private static final IntegerUnixChannelOption KEEP_INTERVAL =
      new IntegerUnixChannelOption("TCP_KEEPINTVL", IPPROTO_TCP, 0x101);
  private static final IntegerUnixChannelOption KEEP_COUNT =
      new IntegerUnixChannelOption("TCP_KEEPCNT", IPPROTO_TCP, 0x102);

  /** Why this transport can't be used here, or null if it can. */
  static @Nullable Throwable unavailability() {
    return KQueue.unavailabilityCause();
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  IoHandlerFactory newIoHandlerFactory() {
    return KQueueIoHandler.newFactory();
  }

  @Override
  Channel openTcpServer() {
    return new KQueueServerSocketChannel();
  }

  @Override
  Channel openTcpClient() {
    return new KQueueSocketChannel();
  }

  @Override
  Channel openUnixServer() {
    return new KQueueServerDomainSocketChannel();
  }

  @Override
  void setKeepAliveTimes(ChannelConfig config, int idleSeconds, int intervalSeconds, int count) {
    config.setOption(KEEP_IDLE, idleSeconds);
    config.setOption(KEEP_INTERVAL, intervalSeconds);
    config.setOption(KEEP_COUNT, count);
  }
}
