package io.cinnabar.net.tls;

import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.TlsSettings.Identity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engines that encrypt connections. Immutable; replaced as a whole when certificates
 * change, while engines that it made go on.
 *
 * <p>Netty's BoringSSL does it where its native library is at hand, and the JDK where it isn't, or
 * where suites of TLS 1.3 are chosen: BoringSSL has no choice of those.
 */
public final class TlsContext {

  /** What INFO and the log tell. */
  private static final String BORING_SSL = "BoringSSL";

  private static final String JDK = "JDK";

  private static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");
  private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
  private static final List<String> SUITES_OF_TLS_1_3 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

  /** Suites that nobody should be offered, and those that need what a server here does not have. */
  private static final Set<String> LEFT_OUT =
      Set.of("PSK", "anon", "NULL", "EXPORT", "DSS", "KRB5", "DES", "3DES", "RC4", "ECDH", "SCSV");

  private final SslContext context;

  /** For connections that this side makes; null when it never does. */
  private final @Nullable SslContext clientContext;

  private final TlsSettings settings;
  private final String library;

  private TlsContext(
      SslContext context,
      @Nullable SslContext clientContext,
      TlsSettings settings,
      String library) {
    this.context = context;
    this.clientContext = clientContext;
    this.settings = settings;
    this.library = library;
  }

  /**
   * Reads the files.
   *
   * @param mayBeNative whether BoringSSL may be used where it is at hand
   * @throws IOException with the line for the log
   */
  public static TlsContext of(TlsSettings settings, boolean mayBeNative) throws IOException {
    if (settings.certificateFile().isEmpty()) {
      throw new IOException("No tls-cert-file configured!");
    }
    if (settings.keyFile().isEmpty()) {
      throw new IOException("No tls-key-file configured!");
    }
    boolean authorities =
        !settings.authorityFile().isEmpty() || !settings.authorityDirectory().isEmpty();
    boolean verifies =
        settings.clientAuth() != TlsSettings.ClientAuth.NO || settings.outgoing() != null;
    if (verifies && !authorities) {
      throw new IOException(
          "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster,"
              + " tls-replication or tls-auth-clients are enabled!");
    }
    List<String> protocols = protocols(settings.protocols());
    List<X509Certificate> certificates = certificates(settings.certificateFile());
    PrivateKey key = key(settings.keyFile(), settings.keyPassword(), certificates.get(0));
    List<String> newSuites = suitesOfTls13(settings.cipherSuites());
    boolean nativeOne =
        mayBeNative && isNativeAvailable() && newSuites.size() == SUITES_OF_TLS_1_3.size();
    List<String> suites = new ArrayList<>(newSuites);
    suites.addAll(suites(nativeOne, settings.ciphers()));
    try {
      SslProvider provider = nativeOne ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
      SslContextBuilder builder =
          SslContextBuilder.forServer(key, certificates)
              .sslProvider(provider)
              .clientAuth(clientAuth(settings.clientAuth()))
              .protocols(protocols)
              .ciphers(suites);
      if (authorities) {
        builder.trustManager(authorities(settings));
      }
      SslContextBuilder clientBuilder = clientBuilder(settings);
      SslContext clientContext =
          clientBuilder == null
              ? null
              : clientBuilder.sslProvider(provider).protocols(protocols).ciphers(suites).build();
      SslContext context = builder.build();
      cacheSessions(context.sessionContext(), settings);
      return new TlsContext(context, clientContext, settings, nativeOne ? BORING_SSL : JDK);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("Failed to configure TLS: " + e.getMessage(), e);
    }
  }

  /** Servers need a certificate that somebody of trust has issued, whatever name is in it. */
  private static @Nullable SslContextBuilder clientBuilder(TlsSettings settings)
      throws IOException {
    Identity identity = settings.outgoing();
    if (identity == null) {
      return null;
    }
    List<X509Certificate> certificates = certificates(identity.certificateFile());
    PrivateKey key = key(identity.keyFile(), identity.keyPassword(), certificates.get(0));
    return SslContextBuilder.forClient()
        .keyManager(key, certificates)
        .trustManager(authorities(settings))
        .endpointIdentificationAlgorithm("");
  }

  private static boolean isNativeAvailable() {
    try {
      return OpenSsl.isAvailable();
    } catch (LinkageError e) {
      // An embedding application may leave the native jars out.
      return false;
    }
  }

  private static List<String> protocols(List<String> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return DEFAULT_PROTOCOLS;
    }
    List<String> protocols = new ArrayList<>();
    for (String name : wanted) {
      String known = null;
      for (String protocol : PROTOCOLS) {
        if (protocol.equalsIgnoreCase(name)) {
          known = protocol;
        }
      }
      if (known == null) {
        throw new IOException(
            "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2'"
                + " and 'TLSv1.3'.");
      }
      protocols.add(known);
    }
    return protocols;
  }

  private static List<X509Certificate> certificates(String file) throws IOException {
    try {
      return PemFile.certificates(Path.of(file));
    } catch (IOException e) {
      throw new IOException("Failed to load certificate: " + file + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(String file, String password, X509Certificate certificate)
      throws IOException {
    String reason;
    try {
      PrivateKey key = PrivateKeys.read(Path.of(file), password);
      if (PrivateKeys.belong(key, certificate.getPublicKey())) {
        return key;
      }
      reason = "key values mismatch";
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    throw new IOException("Failed to load private key: " + file + ": " + reason);
  }

  private static List<X509Certificate> authorities(TlsSettings settings) throws IOException {
    List<X509Certificate> authorities = new ArrayList<>();
    try {
      if (!settings.authorityFile().isEmpty()) {
        authorities.addAll(PemFile.certificates(Path.of(settings.authorityFile())));
      }
      if (!settings.authorityDirectory().isEmpty()) {
        addAll(Path.of(settings.authorityDirectory()), authorities);
      }
    } catch (IOException e) {
      throw new IOException(
          "Failed to configure CA certificate(s) file/directory: " + PemFile.reason(e), e);
    }
    return authorities;
  }

  /** Of a folder, what is a file of certificates; the rest may be anything. */
  private static void addAll(Path folder, List<X509Certificate> authorities) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try {
          authorities.addAll(PemFile.certificates(file));
        } catch (IOException e) {
          // no certificates
        }
      }
    }
  }

  private static List<String> suitesOfTls13(String wanted) throws IOException {
    if (wanted.isEmpty()) {
      return SUITES_OF_TLS_1_3;
    }
    List<String> suites = new ArrayList<>();
    for (String name : wanted.split(":", -1)) {
      if (SUITES_OF_TLS_1_3.contains(name) && !suites.contains(name)) {
        suites.add(name);
      }
    }
    if (suites.isEmpty()) {
      throw new IOException("Failed to configure ciphersuites: " + wanted);
    }
    return suites;
  }

  private static List<String> suites(boolean nativeOne, String rules) throws IOException {
    List<String> available = new ArrayList<>();
    for (String suite : nativeOne ? OpenSsl.availableJavaCipherSuites() : suitesOfJdk()) {
      if (suite.startsWith("TLS_") && suite.contains("_WITH_") && !isLeftOut(suite)) {
        available.add(suite);
      }
    }
    List<String> suites = CipherRules.choose(available, rules.isEmpty() ? "DEFAULT" : rules);
    if (suites.isEmpty()) {
      throw new IOException("Failed to configure ciphers: " + rules);
    }
    return suites;
  }

  private static List<String> suitesOfJdk() throws IOException {
    try {
      return List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static boolean isLeftOut(String suite) {
    for (String word : suite.split("_", -1)) {
      if (LEFT_OUT.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static ClientAuth clientAuth(TlsSettings.ClientAuth wanted) {
    return switch (wanted) {
      case NO -> ClientAuth.NONE;
      case OPTIONAL -> ClientAuth.OPTIONAL;
      case YES -> ClientAuth.REQUIRE;
    };
  }

  /** The JDK can't do without: there the cache shrinks to one session, for a second. */
  private static void cacheSessions(SSLSessionContext sessions, TlsSettings settings) {
    boolean caching = settings.sessionCaching();
    if (sessions instanceof OpenSslSessionContext boring) {
      boring.setSessionCacheEnabled(caching);
    }
    sessions.setSessionCacheSize(caching ? settings.sessionCacheSize() : 1);
    sessions.setSessionTimeout(caching ? Math.max(settings.sessionTimeoutSeconds(), 1) : 1);
  }

  /** For one connection; {@link #release} frees it. */
  public SSLEngine newEngine() {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
    SSLParameters parameters = new SSLParameters();
    parameters.setUseCipherSuitesOrder(settings.preferServerCiphers());
    // The setters of the two exclude each other, and the parameters overwrite the context's.
    switch (settings.clientAuth()) {
      case NO -> parameters.setWantClientAuth(false);
      case OPTIONAL -> parameters.setWantClientAuth(true);
      case YES -> parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** For one connection that this side has made; {@link #release} frees it. */
  public SSLEngine newClientEngine() {
    if (clientContext == null) {
      throw new IllegalStateException("no keys to connect with");
    }
    return clientContext.newEngine(ByteBufAllocator.DEFAULT);
  }

  /** Whether a call that encrypts asks for room for the largest record, whatever it writes. */
  public boolean wrapsIntoLargeBuffersOnly() {
    return library.equals(JDK);
  }

  /** What does the encrypting. */
  public String library() {
    return library;
  }

  /** Gives memory back that the collector doesn't know of; engines that live on keep theirs. */
  public void release() {
    ReferenceCountUtil.release(context);
    ReferenceCountUtil.release(clientContext);
  }

  /** The same for an engine, whose last call this is. */
  public static void release(SSLEngine engine) {
    ReferenceCountUtil.release(engine);
  }
}
