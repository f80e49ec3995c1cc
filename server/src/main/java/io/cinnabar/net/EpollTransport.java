package io.cinnabar.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import org.jspecify.annotations.Nullable;

/** Linux's epoll. */
final class EpollTransport extends UnixTransport {

  static final String NAME = "epoll";

  /** Why this transport can't be used here, or null if it can. */
  static @Nullable Throwable unavailability() {
    return Epoll.unavailabilityCause();
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  IoHandlerFactory newIoHandlerFactory() {
    return EpollHandler.newFactory();
  }

  @Override
  Channel openTcpServer() {
    return new EpollServerSocketChannel();
  }

  @Override
  Channel openTcpClient() {
    return new EpollSocketChannel();
  }

  @Override
  Channel openUnixServer() {
    return new EpollServerDomainSocketChannel();
  }

  @Override
  void setKeepAliveTimes(ChannelConfig config, int idleSeconds, int intervalSeconds, int count) {
    config.setOption(EpollChannelOption.TCP_KEEPIDLE, idleSeconds);
    config.setOption(EpollChannelOption.TCP_KEEPINTVL, intervalSeconds);
    config.setOption(EpollChannelOption.TCP_KEEPCNT, count);
  }
}
