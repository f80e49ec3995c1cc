package io.cinnabar;

import static io.cinnabar.config.Parameters.BIND;
import static io.cinnabar.config.Parameters.PORT;
import static io.cinnabar.config.Parameters.TCP_BACKLOG;
import static io.cinnabar.config.Parameters.UNIXSOCKET;
import static io.cinnabar.config.Parameters.UNIXSOCKETPERM;
import static io.cinnabar.config.TlsParameters.TLS_PORT;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
import io.cinnabar.host.Network.Acceptor;
import io.cinnabar.host.Network.Listener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that the server listens on, as {@code bind}, {@code port}, {@code tls-port} and
 * {@code unixsocket} say. Connections that were accepted stay, whatever becomes of the address.
 */
final class Listeners {

  private static final String PORT_REFUSED = "Unable to listen on this port. Check server logs.";

  private final Network network;
  private final Config config;
  private final Log log;
  private final Acceptor acceptor;
  private final PortListeners tcp;
  private final PortListeners tls;
  private final TlsKeys keys;
  private @Nullable Listener unix;

  Listeners(Network network, Config config, Log log, Acceptor acceptor) {
    this.network = network;
    this.config = config;
    this.log = log;
    this.acceptor = acceptor;
    tcp = new PortListeners(network, config, log, acceptor, false);
    tls = new PortListeners(network, config, log, acceptor, true);
    keys = new TlsKeys(network, config, log);
  }

  /**
   * Binds everything, or nothing.
   *
   * @param choosePort whether port 0 means one that the machine chooses; else it means no TCP
   * @throws IOException after the reason was logged
   */
  void open(boolean choosePort) throws IOException {
    try {
      keys.open();
      tcp.open((int) config.get(PORT), choosePort);
      tls.open((int) config.get(TLS_PORT), false);
      String path = config.path(UNIXSOCKET);
      if (!path.isEmpty()) {
        openUnix(path);
      }
    } catch (IOException e) {
      tcp.close();
      tls.close();
      throw e;
    }
    if (tcp.isEmpty() && tls.isEmpty() && unix == null) {
      String nowhere = "Configured to not listen anywhere, exiting.";
      log.warning(nowhere);
      throw new IOException(nowhere);
    }
    keys.follow();
    config.onChange(PORT, () -> follow(PORT_REFUSED));
    config.onChange(
        TLS_PORT,
        () -> {
          keys.change();
          follow(PORT_REFUSED);
        });
    config.onChange(BIND, () -> follow("Failed to bind to specified addresses."));
  }

  /** The TCP port, that of TLS if it is the only one; 0 when there is none. */
  int port() {
    return tcp.port() > 0 ? tcp.port() : tls.port();
  }

  /** Says in the log what clients can connect to now. */
  void announce() {
    if (tcp.port() > 0) {
      log.notice("Ready to accept connections tcp");
    }
    if (unix != null) {
      log.notice("Ready to accept connections unix");
    }
    if (tls.port() > 0) {
      log.notice("Ready to accept connections tls");
    }
  }

  /** Listens nowhere any more. */
  void close() {
    tcp.close();
    tls.close();
    if (unix != null) {
      log.notice("Removing the unix socket file.");
      unix.close();
    }
  }

  private void openUnix(String path) throws IOException {
    int permissions = (int) config.get(UNIXSOCKETPERM);
    int backlog = (int) config.get(TCP_BACKLOG);
    try {
      unix = network.listen(new ListenAddress(path, -1, backlog, permissions), acceptor);
    } catch (IOException e) {
      log.warning("Failed opening Unix socket: " + e.getMessage());
      throw e;
    }
  }

  private void follow(String refusal) throws ConfigException {
    try {
      tcp.follow((int) config.get(PORT));
      tls.follow((int) config.get(TLS_PORT));
    } catch (IOException e) {
      throw new ConfigException(refusal);
    }
  }
}
