package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.never;
import static io.cinnabar.config.ParameterGroup.reference;
import static io.cinnabar.config.ParameterGroup.secret;
import static io.cinnabar.config.ParameterGroup.unsupported;

import java.util.List;

/** TLS, for clients and for the link to a primary. */
public final class TlsParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  public static final NumberParameter TLS_PORT = TABLE.number("tls-port", 0, 0, 65535);
  public static final BooleanParameter TLS_REPLICATION = TABLE.yesNo("tls-replication", false);
  public static final BooleanParameter TLS_CLUSTER =
      unsupported("TLS between servers of a cluster is", TABLE.yesNo("tls-cluster", false));
  public static final TextParameter TLS_CERT_FILE = reference(TABLE.optionalText("tls-cert-file"));
  public static final TextParameter TLS_KEY_FILE = reference(TABLE.optionalText("tls-key-file"));
  public static final TextParameter TLS_KEY_FILE_PASS =
      secret(TABLE.optionalText("tls-key-file-pass"));
  public static final TextParameter TLS_CLIENT_CERT_FILE =
      reference(TABLE.optionalText("tls-client-cert-file"));
  public static final TextParameter TLS_CLIENT_KEY_FILE =
      reference(TABLE.optionalText("tls-client-key-file"));
  public static final TextParameter TLS_CLIENT_KEY_FILE_PASS =
      secret(TABLE.optionalText("tls-client-key-file-pass"));
  public static final TextParameter TLS_DH_PARAMS_FILE =
      never(reference(TABLE.optionalText("tls-dh-params-file")));
  public static final TextParameter TLS_CA_CERT_FILE =
      reference(TABLE.optionalText("tls-ca-cert-file"));
  public static final TextParameter TLS_CA_CERT_DIR =
      reference(TABLE.optionalText("tls-ca-cert-dir"));
  public static final WordParameter TLS_AUTH_CLIENTS =
      TABLE.word("tls-auth-clients", "yes", "no", "yes", "optional");
  public static final TextParameter TLS_PROTOCOLS = TABLE.optionalText("tls-protocols");
  public static final TextParameter TLS_CIPHERS = TABLE.optionalText("tls-ciphers");
  public static final TextParameter TLS_CIPHERSUITES = TABLE.optionalText("tls-ciphersuites");
  public static final BooleanParameter TLS_PREFER_SERVER_CIPHERS =
      TABLE.yesNo("tls-prefer-server-ciphers", false);
  public static final BooleanParameter TLS_SESSION_CACHING =
      TABLE.yesNo("tls-session-caching", true);
  public static final NumberParameter TLS_SESSION_CACHE_SIZE =
      TABLE.number("tls-session-cache-size", 20480, 0, INT);
  public static final NumberParameter TLS_SESSION_CACHE_TIMEOUT =
      TABLE.number("tls-session-cache-timeout", 300, 0, INT);

  private TlsParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
