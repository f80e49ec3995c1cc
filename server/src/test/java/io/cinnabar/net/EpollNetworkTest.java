package io.cinnabar.net;

final class EpollNetworkTest extends NettyNetworkContract {
  @Override
  String transportName() {
    return "epoll";
  }
}
