package io.cinnabar;

import static io.cinnabar.config.Parameters.BIND;
import static io.cinnabar.config.Parameters.PORT;
import static io.cinnabar.config.Parameters.TCP_BACKLOG;
import static io.cinnabar.config.Parameters.UNIXSOCKET;
import static io.cinnabar.config.Parameters.UNIXSOCKETPERM;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.ListenException;
import io.cinnabar.host.ListenException.Reason;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
import io.cinnabar.host.Network.Acceptor;
import io.cinnabar.host.Network.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that the server listens on, as {@code bind}, {@code port} and {@code unixsocket}
 * say. Connections that were accepted stay, whatever becomes of the address.
 */
final class Listeners {

  private final Network network;
  private final Config config;
  private final Log log;
  private final Acceptor acceptor;
  private List<Listener> tcp = new ArrayList<>();
  private @Nullable Listener unix;
  private int boundPort;

  /** Whether the machine chose the port: then port 0 in the configuration means this one. */
  private boolean chosen;

  Listeners(Network network, Config config, Log log, Acceptor acceptor) {
    this.network = network;
    this.config = config;
    this.log = log;
    this.acceptor = acceptor;
  }

  /**
   * Binds everything, or nothing.
   *
   * @param choosePort whether port 0 means one that the machine chooses; else it means no TCP
   * @throws IOException after the reason was logged
   */
  void open(boolean choosePort) throws IOException {
    int port = (int) config.get(PORT);
    chosen = port == 0 && choosePort;
    if (port > 0 || choosePort) {
      openTcp(port);
    }
    String path = config.get(UNIXSOCKET);
    if (!path.isEmpty()) {
      openUnix(path);
    }
    if (tcp.isEmpty() && unix == null) {
      String nowhere = "Configured to not listen anywhere, exiting.";
      log.warning(nowhere);
      throw new IOException(nowhere);
    }
    config.onChange(PORT, () -> follow("Unable to listen on this port. Check server logs."));
    config.onChange(BIND, () -> follow("Failed to bind to specified addresses."));
  }

  /** The TCP port; 0 when there is none. */
  int port() {
    return boundPort;
  }

  /** Says in the log what clients can connect to now. */
  void announce() {
    if (boundPort > 0) {
      log.notice("Ready to accept connections tcp");
    }
    if (unix != null) {
      log.notice("Ready to accept connections unix");
    }
  }

  /** Listens nowhere any more. */
  void close() {
    closeAll(tcp);
    if (unix != null) {
      log.notice("Removing the unix socket file.");
      unix.close();
    }
  }

  private void openTcp(int port) throws IOException {
    try {
      tcp = bindAll(port, List.of());
    } catch (IOException e) {
      log.warning("Failed listening on port " + port + " (tcp), aborting.");
      throw e;
    }
    boundPort = tcp.isEmpty() ? port : tcp.get(0).address().port();
  }

  private void openUnix(String path) throws IOException {
    int permissions = (int) config.get(UNIXSOCKETPERM);
    try {
      unix = network.listen(new ListenAddress(path, -1, backlog(), permissions), acceptor);
    } catch (IOException e) {
      closeAll(tcp);
      log.warning("Failed opening Unix socket: " + e.getMessage());
      throw e;
    }
  }

  /** Listens where the configuration now says, or else where it did before. */
  private void follow(String refusal) throws ConfigException {
    int port = (int) config.get(PORT);
    try {
      if (port == 0 && !chosen) {
        closeAll(tcp);
        tcp = new ArrayList<>();
        boundPort = 0;
      } else if (port == 0 || port == boundPort) {
        changeAddresses();
      } else {
        changePort(port);
      }
    } catch (IOException e) {
      throw new ConfigException(refusal);
    }
  }

  private void changePort(int port) throws IOException {
    List<Listener> before = tcp;
    tcp = bindAll(port, List.of());
    boundPort = port;
    chosen = false;
    closeAll(before);
  }

  /** What goes is closed first: it may hold what comes, as a wildcard holds every address. */
  private void changeAddresses() throws IOException {
    List<String> wanted = hosts();
    List<Listener> kept = new ArrayList<>();
    List<Listener> given = new ArrayList<>();
    for (Listener listener : tcp) {
      (wanted.contains(listener.address().host()) ? kept : given).add(listener);
    }
    closeAll(given);
    try {
      tcp = bindAll(boundPort, kept);
    } catch (IOException e) {
      tcp = kept;
      for (Listener listener : given) {
        tcp.add(network.listen(listener.address(), acceptor));
      }
      throw e;
    }
  }

  /** Listens on every address at this port; those that are {@code bound} already stay. */
  private List<Listener> bindAll(int port, List<Listener> bound) throws IOException {
    List<Listener> spare = new ArrayList<>(bound);
    List<Listener> all = new ArrayList<>();
    List<Listener> opened = new ArrayList<>();
    try {
      for (String address : config.get(BIND)) {
        Listener listener = take(spare, host(address));
        if (listener == null) {
          int shared = all.isEmpty() ? port : all.get(0).address().port();
          listener = bind(host(address), shared, address.startsWith("-"));
          if (listener == null) {
            continue;
          }
          opened.add(listener);
        }
        all.add(listener);
      }
      return all;
    } catch (IOException e) {
      closeAll(opened);
      throw e;
    }
  }

  private static @Nullable Listener take(List<Listener> spare, String host) {
    for (Listener listener : spare) {
      if (listener.address().host().equals(host)) {
        spare.remove(listener);
        return listener;
      }
    }
    return null;
  }

  /** Listens on one address; null if the machine does not have it and can do without. */
  private @Nullable Listener bind(String host, int port, boolean optional) throws IOException {
    try {
      return network.listen(new ListenAddress(host, port, backlog(), 0), acceptor);
    } catch (IOException e) {
      log.warning(
          "Warning: Could not create server TCP listening socket "
              + host
              + ":"
              + port
              + ": "
              + e.getMessage());
      if (e instanceof ListenException lacking
          && (optional || lacking.reason() == Reason.FAMILY_NOT_SUPPORTED)) {
        return null;
      }
      throw e;
    }
  }

  private List<String> hosts() {
    List<String> hosts = new ArrayList<>();
    for (String address : config.get(BIND)) {
      hosts.add(host(address));
    }
    return hosts;
  }

  /** An address without the hyphen that makes it optional. */
  private static String host(String address) {
    return address.startsWith("-") ? address.substring(1) : address;
  }

  private static void closeAll(List<Listener> listeners) {
    for (Listener listener : listeners) {
      listener.close();
    }
  }

  private int backlog() {
    return (int) config.get(TCP_BACKLOG);
  }
}
