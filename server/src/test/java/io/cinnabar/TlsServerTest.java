package io.cinnabar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.net.TlsFiles;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** TLS as clients meet it: what they connect with, and what becomes of those that can't. */
@Timeout(60)
final class TlsServerTest {

  private static final String REFUSED = "Unable to update TLS configuration. Check server logs.";

  private static final int MAX_ATTEMPTS = 10;

  private int tlsPort;
  private CinnabarServer server;
  private Jedis plain;

  @BeforeEach
  void start() throws IOException {
    for (int attempts = MAX_ATTEMPTS; server == null; attempts--) {
      try {
        server = startAtFreePort();
      } catch (UncheckedIOException e) {
        if (attempts == 0) {
          throw e; // else somebody else was faster
        }
      }
    }
    plain = new Jedis("127.0.0.1", server.port());
  }

  private CinnabarServer startAtFreePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      tlsPort = free.getLocalPort();
    }
    return CinnabarServer.builder()
        .option("tls-port", Integer.toString(tlsPort))
        .option("tls-cert-file", TlsFiles.path("server.pem"))
        .option("tls-key-file", TlsFiles.path("server-key.pem"))
        .option("tls-ca-cert-file", TlsFiles.path("authority.pem"))
        .start();
  }

  @AfterEach
  void stop() {
    plain.close();
    server.close();
  }

  private Jedis jedis(boolean withCertificate) {
    char[] password = TlsFiles.PASSWORD.toCharArray();
    redis.clients.jedis.SslOptions.Builder tls =
        redis.clients.jedis.SslOptions.builder()
            .truststore(new File(TlsFiles.path("authority.p12")), password);
    if (withCertificate) {
      tls.keystore(new File(TlsFiles.path("client.p12")), password);
    }
    return new Jedis(
        new HostAndPort("localhost", tlsPort),
        DefaultJedisClientConfig.builder().sslOptions(tls.build()).build());
  }

  private String issuedTo() throws IOException, GeneralSecurityException {
    try (SSLSocket socket =
        (SSLSocket) TlsFiles.client(true).getSocketFactory().createSocket("127.0.0.1", tlsPort)) {
      return socket.getSession().getPeerPrincipal().getName();
    }
  }

  @Test
  void aReplicaFollows() {
    plain.configSet("repl-diskless-sync-delay", "0");
    plain.set("before", "value");
    try (CinnabarServer replica =
            CinnabarServer.builder()
                .option("tls-cert-file", TlsFiles.path("client.pem"))
                .option("tls-key-file", TlsFiles.path("client-key.pem"))
                .option("tls-ca-cert-file", TlsFiles.path("authority.pem"))
                .option("tls-replication", "yes")
                .option("replicaof", "127.0.0.1", Integer.toString(tlsPort))
                .start();
        Jedis reader = new Jedis("127.0.0.1", replica.port())) {
      while (!reader.info("replication").contains("master_link_status:up")) {
        Thread.onSpinWait();
      }
      assertThat(reader.get("before")).isEqualTo("value");
      plain.set("after", "value");
      while (!"value".equals(reader.get("after"))) {
        Thread.onSpinWait();
      }
      assertThat(plain.clientList(ClientType.REPLICA)).contains("laddr=127.0.0.1:" + tlsPort);
    }
  }

  @Test
  void jedisConnects() {
    try (Jedis client = jedis(true)) {
      byte[] bytes = new byte[3 << 20];
      Arrays.fill(bytes, (byte) 7);
      client.set("key".getBytes(US_ASCII), bytes);
      assertThat(client.get("key".getBytes(US_ASCII))).isEqualTo(bytes);
      assertThat(client.info("server"))
          .contains("listener2:name=tls,bind=127.0.0.1,port=" + tlsPort, "tls_library:");
      assertThat(client.clientList()).contains(" laddr=127.0.0.1:" + tlsPort);
    }
  }

  @Test
  void lettuceConnects() {
    RedisURI uri = RedisURI.builder().withHost("localhost").withPort(tlsPort).withSsl(true).build();
    RedisClient lettuce = RedisClient.create(uri);
    lettuce.setOptions(
        ClientOptions.builder()
            .sslOptions(
                SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(new File(TlsFiles.path("authority.pem")))
                    .keyManager(
                        new File(TlsFiles.path("client.pem")),
                        new File(TlsFiles.path("client-key.pem")),
                        new char[0])
                    .build())
            .build());
    try (StatefulRedisConnection<String, String> connection = lettuce.connect()) {
      assertThat(connection.sync().set("key", "value")).isEqualTo("OK");
      assertThat(connection.sync().get("key")).isEqualTo("value");
    } finally {
      lettuce.shutdown(0, 5, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoHasNoCertificateIsTurnedAwayUnlessNoneIsAskedFor() {
    assertThatThrownBy(() -> jedis(false).ping()).isInstanceOf(JedisException.class);
    plain.configSet("tls-auth-clients", "optional");
    try (Jedis client = jedis(false)) {
      assertThat(client.ping()).isEqualTo("PONG");
    }
    plain.configSet("tls-auth-clients", "no");
    try (Jedis client = jedis(false)) {
      assertThat(client.ping()).isEqualTo("PONG");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "server.pem, server-key-rsa.pem, ''",
    "server.pem, server-key-encrypted.pem, secret",
    "server.pem, server-key-aes.pem, secret",
    "other.pem, other-key.pem, ''",
    "other.pem, other-key-ec.pem, ''"
  })
  void keysComeInEveryForm(String certificate, String key, String password) throws Exception {
    change(certificate, key, password);
    assertThat(issuedTo()).isEqualTo("CN=" + certificate.replace(".pem", ""));
  }

  private void change(String certificate, String key, String password) {
    plain.configSet(
        "tls-cert-file",
        TlsFiles.path(certificate),
        "tls-key-file",
        TlsFiles.path(key),
        "tls-key-file-pass",
        password);
  }

  @Test
  void otherKeysHoldForWhoComesNext() throws Exception {
    try (Jedis before = jedis(true)) {
      assertThat(before.ping()).isEqualTo("PONG");
      change("other.pem", "other-key.pem", "");
      assertThat(before.ping()).isEqualTo("PONG");
      assertThat(issuedTo()).isEqualTo("CN=other");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tls-cert-file, other.pem",
    "tls-cert-file, server-key.pem",
    "tls-key-file, other-key.pem",
    "tls-key-file, authority.pem",
    "tls-key-file, server-key-encrypted.pem",
    "tls-ca-cert-file, make-certificates"
  })
  void badFilesLeaveTheOldOnes(String parameter, String file) throws Exception {
    assertRefused(parameter, TlsFiles.path(file));
    assertThat(issuedTo()).isEqualTo("CN=server");
  }

  @ParameterizedTest
  @CsvSource({
    "tls-cert-file, ''",
    "tls-cert-file, /nowhere",
    "tls-key-file, ''",
    "tls-ca-cert-file, ''",
    "tls-ca-cert-dir, /nowhere",
    "tls-protocols, SSLv3",
    "tls-protocols, TLSv1.2 bogus",
    "tls-ciphers, bogus",
    "tls-ciphersuites, bogus"
  })
  void badValuesLeaveTheOldOnes(String parameter, String value) throws Exception {
    assertRefused(parameter, value);
    assertThat(issuedTo()).isEqualTo("CN=server");
  }

  private void assertRefused(String parameter, String value) {
    String before = plain.configGet(parameter).get(parameter);
    assertThatThrownBy(() -> plain.configSet(parameter, value))
        .isInstanceOf(JedisDataException.class)
        .hasMessage(
            "ERR CONFIG SET failed (possibly related to argument '"
                + parameter
                + "') - "
                + REFUSED);
    assertThat(plain.configGet(parameter).get(parameter)).isEqualTo(before);
  }

  @Test
  void protocolsAndCiphersAreThoseThatAreConfigured() throws Exception {
    plain.configSet("tls-protocols", "TLSv1.2", "tls-ciphers", "AES256+AESGCM:!kRSA");
    assertThat(suite()).isEqualTo("TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    plain.configSet("tls-protocols", "TLSv1.3", "tls-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256");
    assertThat(suite()).isEqualTo("TLSv1.3 TLS_CHACHA20_POLY1305_SHA256");
  }

  private String suite() throws IOException, GeneralSecurityException {
    try (SSLSocket socket =
        (SSLSocket) TlsFiles.client(true).getSocketFactory().createSocket("127.0.0.1", tlsPort)) {
      return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite();
    }
  }

  @Test
  void whatIsNoTlsIsClosedAndDisturbsNobody() throws IOException {
    try (Jedis client = jedis(true)) {
      for (String text :
          new String[] {"PING\r\n", "GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u00ff\u00ff"}) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
          socket.getOutputStream().write(text.getBytes(ISO_8859_1));
          assertThat(readsToTheEnd(socket.getInputStream())).isTrue();
        }
        assertThat(client.ping()).isEqualTo("PONG");
      }
    }
  }

  /** An alert may come first; a reset is an end as well. */
  private static boolean readsToTheEnd(InputStream in) {
    try {
      return in.readAllBytes().length < 10;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void tlsCanBeTurnedOffAndOn() throws Exception {
    plain.configSet("tls-port", "0");
    assertThatThrownBy(this::issuedTo).isInstanceOf(IOException.class);
    plain.configSet("tls-cert-file", "/nowhere");
    assertThatThrownBy(() -> plain.configSet("tls-port", Integer.toString(tlsPort)))
        .hasMessageContaining(REFUSED);
    plain.configSet(
        "tls-port", Integer.toString(tlsPort), "tls-cert-file", TlsFiles.path("server.pem"));
    assertThat(issuedTo()).isEqualTo("CN=server");
  }
}
