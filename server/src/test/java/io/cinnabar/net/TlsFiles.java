package io.cinnabar.net;

import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.TlsSettings.ClientAuth;
import io.cinnabar.host.TlsSettings.Identity;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates and keys among the test resources; make-certificates there says which. */
public final class TlsFiles {

  public static final String PASSWORD = "secret";

  private TlsFiles() {}

  public static String path(String name) {
    try {
      return Path.of(TlsFiles.class.getResource("/io/cinnabar/tls/" + name).toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a server with this certificate and key, that wants one of each client. */
  public static TlsSettings settings(String certificate, String key, String password) {
    return settings(path(certificate), path(key), password, ClientAuth.YES, List.of(), "", "");
  }

  /** The same with everything that a test varies; the files are paths here. */
  public static TlsSettings settings(
      String certificate,
      String key,
      String password,
      ClientAuth clientAuth,
      List<String> protocols,
      String ciphers,
      String cipherSuites) {
    return new TlsSettings(
        certificate,
        key,
        password,
        path("authority.pem"),
        "",
        clientAuth,
        protocols,
        ciphers,
        cipherSuites,
        false,
        true,
        20480,
        300,
        new Identity(path("client.pem"), path("client-key.pem"), ""));
  }

  /** What a client of the JDK uses. */
  public static SSLContext client(boolean withCertificate)
      throws GeneralSecurityException, IOException {
    KeyStore trusted =
        KeyStore.getInstance(Path.of(path("authority.p12")).toFile(), PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    if (withCertificate) {
      KeyStore own =
          KeyStore.getInstance(Path.of(path("client.p12")).toFile(), PASSWORD.toCharArray());
      keys.init(own, PASSWORD.toCharArray());
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(withCertificate ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }
}
