package io.cinnabar.net;

import io.cinnabar.host.ListenAddress;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Addresses as text, and the other way round. */
final class Addresses {

  private static final String UNKNOWN_HOST = "Name or service not known";

  private Addresses() {}

  /**
   * An address as {@code ip:port}, {@code [v6]:port} or {@code path:0}. The peer of a unix socket
   * has no address of its own, so the path is the listener's.
   */
  static String text(SocketAddress address, SocketAddress local, Transport transport) {
    String path = transport.unixPath(local);
    if (path != null) {
      return path + ":0";
    }
    InetSocketAddress internet = (InetSocketAddress) address;
    String ip = NetUtil.toAddressString(internet.getAddress());
    return internet.getAddress() instanceof Inet6Address
        ? "[" + ip + "]:" + internet.getPort()
        : ip + ":" + internet.getPort();
  }

  static boolean isLoopback(SocketAddress address) {
    return address instanceof InetSocketAddress internet
        && internet.getAddress().isLoopbackAddress();
  }

  static boolean isIpv6(ListenAddress address) {
    return address.host().indexOf(':') >= 0;
  }

  static boolean isWildcard(ListenAddress address) {
    return switch (address.host()) {
      case "*", "0.0.0.0", "::*", "::" -> true;
      default -> false;
    };
  }

  /** The TCP address to bind; a name stands for its first IPv4 address, if it has one. */
  static InetSocketAddress resolve(ListenAddress address) throws IOException {
    String host =
        switch (address.host()) {
          case "*" -> "0.0.0.0";
          case "::*" -> "::";
          default -> address.host();
        };
    return resolve(host, address.port());
  }

  /** Whether it is an address, and not a name that has to be looked up. */
  static boolean isNumeric(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  /** The TCP address; looks up a name, which may take long. */
  static InetSocketAddress resolve(String host, int port) throws IOException {
    if (host.isEmpty()) {
      // The JDK takes it for the loopback address.
      throw new IOException(UNKNOWN_HOST);
    }
    InetAddress[] candidates;
    try {
      candidates = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException(UNKNOWN_HOST, e);
    }
    for (InetAddress candidate : candidates) {
      if (candidate instanceof Inet4Address) {
        return new InetSocketAddress(candidate, port);
      }
    }
    return new InetSocketAddress(candidates[0], port);
  }
}
