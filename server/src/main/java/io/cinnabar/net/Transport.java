package io.cinnabar.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One of the machine's ways to wait for sockets: what differs between io_uring, epoll, kqueue and
 * NIO. A class of its own for each, so that a native library is only loaded when it is tried.
 */
abstract class Transport {

  /** Never reached: what is pending is counted by {@link Output}, limits are the session's. */
  private static final WriteBufferWaterMark NO_WATER_MARK =
      new WriteBufferWaterMark(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final ReadBuffer readBuffer = new ReadBuffer();

  /** The name that INFO tells. */
  abstract String name();

  /** Makes what waits for the sockets; called on the loop's thread. */
  abstract IoHandlerFactory newIoHandlerFactory();

  /** A listening TCP socket for both families of addresses, not bound yet. */
  abstract Channel openTcpServer();

  /** A TCP socket for both families of addresses, to connect with. */
  abstract Channel openTcpClient();

  /** Whether this machine has IPv6. */
  abstract boolean hasIpv6();

  /** A listening unix socket, not bound yet. */
  abstract Channel openUnixServer();

  /** The address of a unix socket in the form that {@link #openUnixServer} binds. */
  abstract SocketAddress unixAddress(String path);

  /** The path of a unix socket, or null if {@code address} is none. */
  abstract @Nullable String unixPath(SocketAddress address);

  /**
   * Sets how often the machine asks whether the peer still lives.
   *
   * @param idleSeconds silence before the first probe
   * @param intervalSeconds time between probes
   * @param count probes without an answer before the connection counts as broken
   */
  abstract void setKeepAliveTimes(
      ChannelConfig config, int idleSeconds, int intervalSeconds, int count);

  /** Prepares a new connection. */
  final void configure(ChannelConfig config, boolean isUnix) {
    if (!isUnix) {
      config.setOption(ChannelOption.TCP_NODELAY, true);
    }
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setWriteBufferWaterMark(NO_WATER_MARK);
    configureReading(config);
  }

  /** Prepares a new connection for reading: by default into one buffer for all. */
  void configureReading(ChannelConfig config) {
    config.setRecvByteBufAllocator(readBuffer);
  }

  /** Whether each further read has to be asked for with {@link Channel#read}. */
  boolean readsOnDemand() {
    return false;
  }

  /** Gives buffers back, when all connections are closed. */
  final void close() {
    readBuffer.close();
  }
}
