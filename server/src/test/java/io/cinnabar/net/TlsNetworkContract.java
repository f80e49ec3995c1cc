package io.cinnabar.net;

import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/** The contract of a network again, all connections encrypted. */
abstract class TlsNetworkContract extends NettyNetworkContract {

  private static final int MAX_POLLS = 20_000;
  private static final int LAST_POLLS = 3;

  final List<TlsPeer> tlsPeers = new ArrayList<>();

  /** Whether BoringSSL encrypts, or the JDK. */
  abstract boolean isNative();

  @Override
  Network open() {
    NettyNetwork opened = new NettyNetwork(transportName());
    opened.restrictTls(isNative(), 10_000);
    try {
      opened.secure(TlsFiles.settings("server.pem", "server-key.pem", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return opened;
  }

  @Override
  int overheadBytes() {
    return 4000;
  }

  @Override
  ListenAddress address(int port) {
    return new ListenAddress("127.0.0.1", port, 511, 0, true);
  }

  SSLContext client() throws GeneralSecurityException, IOException {
    return TlsFiles.client(true);
  }

  /** Connects, and where TLS is spoken lets the handshake go through, or fail. */
  @Override
  Peer connect(ListenAddress address) throws IOException {
    Peer socket = super.connect(address);
    if (!address.tls()) {
      return socket;
    }
    TlsPeer peer;
    try {
      peer = new TlsPeer(socket, client().createSSLEngine());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    tlsPeers.add(peer);
    for (int i = 0; peer.isHandshaking() && i < MAX_POLLS; i++) {
      network.poll(1_000_000);
      peer.pump();
    }
    // The last word is the client's.
    for (int i = 0; i < LAST_POLLS; i++) {
      network.poll(1_000_000);
    }
    return peer;
  }

  /** What a peer has encrypted goes on leaving, whether or not the test sends more. */
  @Override
  void pollUntil(BooleanSupplier condition) {
    super.pollUntil(
        () -> {
          for (TlsPeer peer : tlsPeers) {
            unchecked(peer::flush);
          }
          return condition.getAsBoolean();
        });
  }
}
