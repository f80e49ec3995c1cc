package io.cinnabar;

import static io.cinnabar.config.TlsParameters.TLS_AUTH_CLIENTS;
import static io.cinnabar.config.TlsParameters.TLS_CA_CERT_DIR;
import static io.cinnabar.config.TlsParameters.TLS_CA_CERT_FILE;
import static io.cinnabar.config.TlsParameters.TLS_CERT_FILE;
import static io.cinnabar.config.TlsParameters.TLS_CIPHERS;
import static io.cinnabar.config.TlsParameters.TLS_CIPHERSUITES;
import static io.cinnabar.config.TlsParameters.TLS_CLIENT_CERT_FILE;
import static io.cinnabar.config.TlsParameters.TLS_CLIENT_KEY_FILE;
import static io.cinnabar.config.TlsParameters.TLS_CLIENT_KEY_FILE_PASS;
import static io.cinnabar.config.TlsParameters.TLS_KEY_FILE;
import static io.cinnabar.config.TlsParameters.TLS_KEY_FILE_PASS;
import static io.cinnabar.config.TlsParameters.TLS_PORT;
import static io.cinnabar.config.TlsParameters.TLS_PREFER_SERVER_CIPHERS;
import static io.cinnabar.config.TlsParameters.TLS_PROTOCOLS;
import static io.cinnabar.config.TlsParameters.TLS_REPLICATION;
import static io.cinnabar.config.TlsParameters.TLS_SESSION_CACHE_SIZE;
import static io.cinnabar.config.TlsParameters.TLS_SESSION_CACHE_TIMEOUT;
import static io.cinnabar.config.TlsParameters.TLS_SESSION_CACHING;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.Parameter;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.TlsSettings.ClientAuth;
import io.cinnabar.host.TlsSettings.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gives the network its certificates and keys, now and after CONFIG SET, as long as there is a TLS
 * port, or the link to a primary is encrypted. Without either the files that are named need not
 * even exist.
 */
final class TlsKeys {

  private static final List<Parameter> FOLLOWED =
      List.of(
          TLS_CERT_FILE,
          TLS_KEY_FILE,
          TLS_KEY_FILE_PASS,
          TLS_CA_CERT_FILE,
          TLS_CA_CERT_DIR,
          TLS_AUTH_CLIENTS,
          TLS_REPLICATION,
          TLS_CLIENT_CERT_FILE,
          TLS_CLIENT_KEY_FILE,
          TLS_CLIENT_KEY_FILE_PASS,
          TLS_PROTOCOLS,
          TLS_CIPHERS,
          TLS_CIPHERSUITES,
          TLS_PREFER_SERVER_CIPHERS,
          TLS_SESSION_CACHING,
          TLS_SESSION_CACHE_SIZE,
          TLS_SESSION_CACHE_TIMEOUT);

  private final Network network;
  private final Config config;
  private final Log log;

  /** The last change was refused by the network, so that there is nothing to take back. */
  private boolean refused;

  TlsKeys(Network network, Config config, Log log) {
    this.network = network;
    this.config = config;
    this.log = log;
  }

  /**
   * Reads the files, if there is a TLS port.
   *
   * @throws IOException after the reason was logged
   */
  void open() throws IOException {
    if (!isWanted()) {
      return;
    }
    try {
      network.secure(settings());
    } catch (IOException e) {
      log.warning(String.valueOf(e.getMessage()));
      log.warning("Failed to configure TLS. Check logs for more info.");
      throw e;
    }
  }

  /** From now on acts on CONFIG SET. */
  void follow() {
    Config.ChangeListener listener = this::change;
    for (Parameter parameter : FOLLOWED) {
      config.onChange(parameter, listener);
    }
  }

  /** Reads the files again, if there is a TLS port. */
  void change() throws ConfigException {
    boolean takenBack = refused;
    refused = false;
    if (takenBack || !isWanted()) {
      return;
    }
    try {
      network.secure(settings());
    } catch (IOException e) {
      refused = true;
      log.warning(String.valueOf(e.getMessage()));
      throw new ConfigException("Unable to update TLS configuration. Check server logs.");
    }
  }

  private boolean isWanted() {
    return config.get(TLS_PORT) != 0 || config.get(TLS_REPLICATION);
  }

  /** Without a certificate for it the server shows its own where it connects. */
  private @Nullable Identity outgoing() {
    if (!config.get(TLS_REPLICATION)) {
      return null;
    }
    return config.get(TLS_CLIENT_CERT_FILE).isEmpty()
        ? new Identity(
            config.path(TLS_CERT_FILE), config.path(TLS_KEY_FILE), config.get(TLS_KEY_FILE_PASS))
        : new Identity(
            config.path(TLS_CLIENT_CERT_FILE),
            config.path(TLS_CLIENT_KEY_FILE),
            config.get(TLS_CLIENT_KEY_FILE_PASS));
  }

  private TlsSettings settings() {
    String protocols = config.get(TLS_PROTOCOLS);
    return new TlsSettings(
        config.path(TLS_CERT_FILE),
        config.path(TLS_KEY_FILE),
        config.get(TLS_KEY_FILE_PASS),
        config.path(TLS_CA_CERT_FILE),
        config.path(TLS_CA_CERT_DIR),
        ClientAuth.valueOf(config.word(TLS_AUTH_CLIENTS).toUpperCase(Locale.ROOT)),
        protocols.isEmpty() ? List.of() : List.of(protocols.split(" ", -1)),
        config.get(TLS_CIPHERS),
        config.get(TLS_CIPHERSUITES),
        config.get(TLS_PREFER_SERVER_CIPHERS),
        config.get(TLS_SESSION_CACHING),
        (int) config.get(TLS_SESSION_CACHE_SIZE),
        (int) config.get(TLS_SESSION_CACHE_TIMEOUT),
        outgoing());
  }
}
