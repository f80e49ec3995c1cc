package io.cinnabar.net;

final class IoUringNetworkTest extends NettyNetworkContract {
  @Override
  String transportName() {
    return "io_uring";
  }
}
