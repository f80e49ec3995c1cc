package io.cinnabar.net;

import org.junit.jupiter.api.Nested;

/** Every transport with TLS, by BoringSSL and by the JDK. */
final class TlsNetworkTest {

  @Nested
  final class EpollBoringSsl extends TlsNetworkContract {
    @Override
    String transportName() {
      return "epoll";
    }

    @Override
    boolean isNative() {
      return true;
    }
  }

  @Nested
  final class EpollJdk extends TlsNetworkContract {
    @Override
    String transportName() {
      return "epoll";
    }

    @Override
    boolean isNative() {
      return false;
    }
  }

  @Nested
  final class IoUringBoringSsl extends TlsNetworkContract {
    @Override
    String transportName() {
      return "io_uring";
    }

    @Override
    boolean isNative() {
      return true;
    }
  }

  @Nested
  final class NioBoringSsl extends TlsNetworkContract {
    @Override
    String transportName() {
      return "nio";
    }

    @Override
    boolean isNative() {
      return true;
    }
  }

  @Nested
  final class NioJdk extends TlsNetworkContract {
    @Override
    String transportName() {
      return "nio";
    }

    @Override
    boolean isNative() {
      return false;
    }
  }
}
