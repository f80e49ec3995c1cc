package io.cinnabar.net;

import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;

/** One address on a listening socket. */
final class NettyListener implements Network.Listener {

  private final ListeningSocket socket;
  private final ListenAddress address;
  private final Network.Acceptor acceptor;

  NettyListener(ListeningSocket socket, ListenAddress address, Network.Acceptor acceptor) {
    this.socket = socket;
    this.address = address;
    this.acceptor = acceptor;
  }

  Network.Acceptor acceptor() {
    return acceptor;
  }

  @Override
  public ListenAddress address() {
    return address;
  }

  @Override
  public void close() {
    socket.remove(this);
  }
}
