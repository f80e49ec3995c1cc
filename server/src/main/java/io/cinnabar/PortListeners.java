package io.cinnabar;

import static io.cinnabar.config.Parameters.BIND;
import static io.cinnabar.config.Parameters.TCP_BACKLOG;

import io.cinnabar.config.Config;
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
 * The addresses of one TCP port, as {@code bind} says: the port of plain connections, or that of
 * TLS. Connections that were accepted stay, whatever becomes of the address.
 */
final class PortListeners {

  private final Network network;
  private final Config config;
  private final Log log;
  private final Acceptor acceptor;
  private final boolean tls;
  private List<Listener> listeners = new ArrayList<>();
  private int boundPort;

  /** Whether the machine chose the port: then port 0 in the configuration means this one. */
  private boolean chosen;

  PortListeners(Network network, Config config, Log log, Acceptor acceptor, boolean tls) {
    this.network = network;
    this.config = config;
    this.log = log;
    this.acceptor = acceptor;
    this.tls = tls;
  }

  /**
   * Binds every address, or none.
   *
   * @param port 0 for none, unless the machine may choose
   * @throws IOException after the reason was logged
   */
  void open(int port, boolean choosePort) throws IOException {
    chosen = port == 0 && choosePort;
    if (port == 0 && !choosePort) {
      return;
    }
    try {
      listeners = bindAll(port, List.of());
    } catch (IOException e) {
      log.warning(
          "Failed listening on port " + port + " (" + (tls ? "tls" : "tcp") + "), aborting.");
      throw e;
    }
    boundPort = listeners.isEmpty() ? port : listeners.get(0).address().port();
  }

  /** The port; 0 when there is none. */
  int port() {
    return boundPort;
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** Listens nowhere any more. */
  void close() {
    closeAll(listeners);
    listeners = new ArrayList<>();
  }

  /** Listens at {@code port} where the configuration now says, or else where it did before. */
  void follow(int port) throws IOException {
    if (port == 0 && !chosen) {
      close();
      boundPort = 0;
    } else if (port == 0 || port == boundPort) {
      changeAddresses();
    } else {
      changePort(port);
    }
  }

  private void changePort(int port) throws IOException {
    List<Listener> before = listeners;
    listeners = bindAll(port, List.of());
    boundPort = port;
    chosen = false;
    closeAll(before);
  }

  /** What goes is closed first: it may hold what comes, as a wildcard holds every address. */
  private void changeAddresses() throws IOException {
    List<String> wanted = hosts();
    List<Listener> kept = new ArrayList<>();
    List<Listener> given = new ArrayList<>();
    for (Listener listener : listeners) {
      (wanted.contains(listener.address().host()) ? kept : given).add(listener);
    }
    closeAll(given);
    try {
      listeners = bindAll(boundPort, kept);
    } catch (IOException e) {
      listeners = kept;
      for (Listener listener : given) {
        listeners.add(network.listen(listener.address(), acceptor));
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
    int backlog = (int) config.get(TCP_BACKLOG);
    try {
      return network.listen(new ListenAddress(host, port, backlog, 0, tls), acceptor);
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
}
