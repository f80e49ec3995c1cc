package io.cinnabar.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** The JDK's selector, for machines without a native library. */
final class NioTransport extends Transport {

  static final String NAME = "nio";

  @Override
  String name() {
    return NAME;
  }

  @Override
  IoHandlerFactory newIoHandlerFactory() {
    return NioIoHandler.newFactory();
  }

  @Override
  Channel openTcpServer() {
    return new NioServerSocketChannel();
  }

  @Override
  boolean hasIpv6() {
    return !NetUtil.isIpV4StackPreferred();
  }

  @Override
  Channel openTcpClient() {
    return new NioSocketChannel();
  }

  @Override
  Channel openUnixServer() {
    return new NioServerDomainSocketChannel();
  }

  @Override
  SocketAddress unixAddress(String path) {
    return UnixDomainSocketAddress.of(path);
  }

  @Override
  @Nullable String unixPath(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : null;
  }

  @Override
  void setKeepAliveTimes(ChannelConfig config, int idleSeconds, int intervalSeconds, int count) {
    config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idleSeconds);
    config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), intervalSeconds);
    config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), count);
  }
}
