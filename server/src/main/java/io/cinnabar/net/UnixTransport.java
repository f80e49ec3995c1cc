package io.cinnabar.net;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the transports with a native library have in common. */
abstract class UnixTransport extends Transport {

  @Override
  final boolean hasIpv6() {
    return Socket.isIPv6Preferred();
  }

  @Override
  final SocketAddress unixAddress(String path) {
    return new DomainSocketAddress(path);
  }

  @Override
  final @Nullable String unixPath(SocketAddress address) {
    return address instanceof DomainSocketAddress unix ? unix.path() : null;
  }
}
