package io.cinnabar.net;

import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.ListenException;
import io.cinnabar.host.ListenException.Reason;
import io.cinnabar.host.Network;
import io.cinnabar.net.tls.TlsContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket: the only handler in the pipeline of a Netty server channel.
 *
 * <p>Netty and the JDK bind the wildcard address of either family to a socket that takes both, so
 * {@code *} and {@code ::*} of one port share one socket here, which tells its peers apart by their
 * family and closes those of a family that nobody listens for.
 */
final class ListeningSocket extends InboundHandler {

  /** How long accepting rests after it has failed. */
  private static final long REST_MILLIS = 100;

  private final NettyNetwork network;
  private final Channel channel;
  private final boolean wildcard;

  /** The socket's file, or null. */
  private final @Nullable Path path;

  /** Who takes IPv4 peers, and who takes IPv6 peers; the same unless this is a wildcard. */
  private @Nullable NettyListener ipv4Listener;

  private @Nullable NettyListener ipv6Listener;

  private ListeningSocket(
      NettyNetwork network, Channel channel, boolean wildcard, @Nullable Path path) {
    this.network = network;
    this.channel = channel;
    this.wildcard = wildcard;
    this.path = path;
  }

  /** Binds and listens; accepting starts with the next poll. */
  static ListeningSocket bindTcp(NettyNetwork network, ListenAddress address) throws IOException {
    if (Addresses.isIpv6(address) && !network.transport().hasIpv6()) {
      throw new ListenException(
          Reason.FAMILY_NOT_SUPPORTED, "bind: Address family not supported by protocol");
    }
    InetSocketAddress target = Addresses.resolve(address);
    Channel channel = network.transport().openTcpServer();
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    ListeningSocket socket =
        new ListeningSocket(network, channel, Addresses.isWildcard(address), null);
    socket.bind(target, address.backlog());
    return socket;
  }

  /** Binds in place of a stale socket, and listens; accepting starts with the next poll. */
  static ListeningSocket bindUnix(NettyNetwork network, ListenAddress address) throws IOException {
    Path path = Path.of(address.host());
    deleteSocket(path);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      // Netty would delete whatever stands there.
      throw new IOException("bind: Address already in use");
    }
    Channel channel = network.transport().openUnixServer();
    ListeningSocket socket = new ListeningSocket(network, channel, false, path);
    socket.bind(network.transport().unixAddress(address.host()), address.backlog());
    if (address.unixPermissions() != 0) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(permissions(address.unixPermissions())));
    }
    return socket;
  }

  private void bind(SocketAddress target, int backlog) throws IOException {
    channel.config().setOption(ChannelOption.SO_BACKLOG, backlog);
    channel.pipeline().addLast(this);
    Throwable failure = network.register(channel).cause();
    if (failure == null) {
      // On the loop's own thread binding is done when the call returns.
      failure = channel.bind(target).cause();
    }
    if (failure != null) {
      ChannelFuture unused = channel.close();
      throw failed(failure);
    }
  }

  private static IOException failed(Throwable failure) {
    String message = "bind: " + reason(failure);
    // Linux says that it cannot, the BSDs that they can't.
    return message.endsWith("assign requested address")
        ? new ListenException(Reason.ADDRESS_NOT_AVAILABLE, message)
        : new IOException(message, failure);
  }

  /** The machine's words without the library's: {@code bind(..) failed with error(-98): reason}. */
  static String reason(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.lastIndexOf("): ");
    return end < 0 ? message : message.substring(end + 3);
  }

  /** Removes what a former server left; never a file of another kind. */
  private static void deleteSocket(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(path);
    }
  }

  private static String permissions(int bits) {
    StringBuilder text = new StringBuilder("rwxrwxrwx");
    for (int i = 0; i < 9; i++) {
      if ((bits & (0400 >> i)) == 0) {
        text.setCharAt(i, '-');
      }
    }
    return text.toString();
  }

  /** Whether this socket serves the wildcard addresses of {@code port}. */
  boolean isWildcard(int port) {
    return wildcard && channel.isOpen() && port() == port;
  }

  private int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Hands new connections to {@code acceptor} from now on. */
  NettyListener add(ListenAddress wanted, Network.Acceptor acceptor) throws IOException {
    boolean ipv6 = !wildcard || Addresses.isIpv6(wanted);
    boolean ipv4 = !wildcard || !ipv6;
    if ((ipv4 && ipv4Listener != null) || (ipv6 && ipv6Listener != null)) {
      throw new IOException("bind: Address already in use");
    }
    ListenAddress bound = wanted.isUnix() ? wanted : wanted.withPort(port());
    NettyListener listener = new NettyListener(this, bound, acceptor);
    if (ipv4) {
      ipv4Listener = listener;
    }
    if (ipv6) {
      ipv6Listener = listener;
    }
    return listener;
  }

  void remove(NettyListener listener) {
    if (ipv4Listener == listener) {
      ipv4Listener = null;
    }
    if (ipv6Listener == listener) {
      ipv6Listener = null;
    }
    if (ipv4Listener == null && ipv6Listener == null && channel.isOpen()) {
      close();
      network.awaitClosed(channel);
    }
  }

  void close() {
    if (!channel.isOpen()) {
      return;
    }
    ChannelFuture unused = channel.close();
    network.closed(this);
    if (path != null) {
      try {
        deleteSocket(path);
      } catch (IOException e) {
        // Somebody took the directory away, and the file with it.
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel child = (Channel) message;
    NettyListener listener = listenerFor(child.remoteAddress());
    if (listener == null) {
      child.unsafe().closeForcibly();
      return;
    }
    try {
      network.transport().configure(child.config(), path != null);
      TlsContext tls = listener.address().tls() ? network.tls() : null;
      child.pipeline().addLast(NettyConnection.accepted(network, listener.acceptor(), child, tls));
      ChannelFuture unused = network.register(child);
    } catch (RuntimeException | OutOfMemoryError e) {
      // The peer may be gone already: then the socket takes no options.
      child.unsafe().closeForcibly();
    }
  }

  private @Nullable NettyListener listenerFor(@Nullable SocketAddress peer) {
    if (path != null) {
      return ipv4Listener;
    }
    if (!(peer instanceof InetSocketAddress internet)) {
      // The peer is gone already, and its address with it.
      return null;
    }
    return internet.getAddress() instanceof Inet6Address ? ipv6Listener : ipv4Listener;
  }

  /**
   * Accepting failed, for want of file descriptors mostly. It would fail again at once and for
   * ever, since the peer is still waiting, so the socket rests.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!channel.config().isAutoRead()) {
      return;
    }
    channel.config().setAutoRead(false);
    NettyListener listener = ipv4Listener == null ? ipv6Listener : ipv4Listener;
    if (listener != null) {
      listener.acceptor().failed("accept: " + reason(cause));
    }
    Future<?> unused =
        channel.eventLoop().schedule(this::acceptAgain, REST_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void acceptAgain() {
    if (channel.isOpen()) {
      channel.config().setAutoRead(true);
    }
  }
}
