package io.cinnabar.net;

final class NioNetworkTest extends NettyNetworkContract {
  @Override
  String transportName() {
    return "nio";
  }
}
