package io.cinnabar.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted. Files are in PEM; a path that is empty names none.
 *
 * @param certificateFile this side's certificate, and behind it those that lead to its issuer
 * @param keyFile the certificate's private key
 * @param keyPassword what the key is encrypted with; empty when it isn't
 * @param authorityFile certificates of those who may issue the peers' certificates
 * @param authorityDirectory a folder of such files
 * @param clientAuth whether peers have to show a certificate
 * @param protocols their names as OpenSSL has them, {@code TLSv1.2}; empty for 1.2 and 1.3
 * @param ciphers which suites up to TLS 1.2 are allowed, as OpenSSL writes it; empty for its
 *     default
 * @param cipherSuites those of TLS 1.3, with colons between them; empty for all
 * @param preferServerCiphers whether this side's order of suites counts, not the peer's
 * @param sessionCaching whether a peer that comes back may resume its session
 * @param sessionCacheSize how many sessions are kept; 0 for all
 * @param sessionTimeoutSeconds how long they are kept
 * @param outgoing what this side shows where it connects; null when it never does
 */
public record TlsSettings(
    String certificateFile,
    String keyFile,
    String keyPassword,
    String authorityFile,
    String authorityDirectory,
    ClientAuth clientAuth,
    List<String> protocols,
    String ciphers,
    String cipherSuites,
    boolean preferServerCiphers,
    boolean sessionCaching,
    int sessionCacheSize,
    int sessionTimeoutSeconds,
    @Nullable Identity outgoing) {

  /**
   * Whoever this side is.
   *
   * @param certificateFile its certificate, and behind it those that lead to its issuer
   * @param keyFile the certificate's private key
   * @param keyPassword what the key is encrypted with; empty when it isn't
   */
  public record Identity(String certificateFile, String keyFile, String keyPassword) {

    /** Without what is secret. */
    @Override
    public String toString() {
      return "Identity[" + certificateFile + ", " + keyFile + "]";
    }
  }

  /** Whether peers have to show a certificate. */
  public enum ClientAuth {
    /** Nobody asks them. */
    NO,
    /** One that is shown must be good. */
    OPTIONAL,
    /** Without a good one there is no connection. */
    YES
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "TlsSettings[" + certificateFile + ", " + keyFile + "]";
  }
}
