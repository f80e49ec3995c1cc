package io.cinnabar.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.net.NetworkContract.Accepted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections that never speak TLS, and what the log is told of them. */
final class TlsHandshakeTest {

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final NettyNetwork network = new NettyNetwork();
  private final List<String> reasons = new ArrayList<>();
  private final List<Accepted> accepted = new ArrayList<>();

  @AfterEach
  void close() {
    network.close();
  }

  private Network.Listener listen(boolean nativeOne, long timeoutMillis) throws IOException {
    network.restrictTls(nativeOne, timeoutMillis);
    network.secure(TlsFiles.settings("server.pem", "server-key.pem", ""));
    return network.listen(
        new ListenAddress("127.0.0.1", 0, 511, 0, true),
        connection -> {
          Accepted handler =
              new Accepted(connection) {
                @Override
                public void handshakeFailed(String reason) {
                  reasons.add(reason);
                }
              };
          accepted.add(handler);
          return handler;
        });
  }

  private void pollUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        fail("did not happen: " + reasons);
      }
      network.poll(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private void send(Network.Listener listener, String text, boolean end, String reason)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      if (end) {
        socket.shutdownOutput();
      }
      pollUntil(() -> !accepted.isEmpty() && accepted.get(0).closed == 1);
    }
    assertThat(reasons).containsExactly(reason);
    assertThat(accepted.get(0).received.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PING, wrong version number",
    "*1, wrong version number",
    "GET / HTTP/1.1, http request"
  })
  void whatIsNoTls(String text, String reason) throws IOException {
    send(listen(true, 20_000), text, false, reason);
  }

  @Test
  void whatOnlyBeginsLikeARecord() throws IOException {
    send(listen(true, 20_000), "\u0016PING", false, "wrong version number");
  }

  @Test
  void aRecordThatIsTooLong() throws IOException {
    send(listen(true, 20_000), "\u0016\u0003\u0001\u00ff\u00ff", false, "packet length too long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016", "\u0016\u0003\u0001\u0001\u0000 half of a hello"})
  void whoEndsInTheMiddle(String text) throws IOException {
    send(listen(true, 20_000), text, true, "unexpected eof while reading");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016\u0003\u0001\u0001\u0000 half of a hello"})
  void whoSaysNoMore(String text) throws IOException {
    send(listen(true, 50), text, false, "handshake timed out");
  }

  @ParameterizedTest
  @CsvSource({
    "48, tlsv1 alert unknown ca",
    "42, sslv3 alert bad certificate",
    "0, unexpected eof while reading",
    "99, alert number 99"
  })
  void anAlertSaysWhy(int description, String reason) throws IOException {
    String alert = "\u0015\u0003\u0003\u0000\u0002\u0002" + (char) description;
    send(listen(true, 20_000), alert, false, reason);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRecordThatIsNoHello(boolean nativeOne) throws IOException {
    Network.Listener listener = listen(nativeOne, 20_000);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
      socket
          .getOutputStream()
          .write("\u0016\u0003\u0001\u0000\u0010................".getBytes(ISO_8859_1));
      pollUntil(() -> !accepted.isEmpty() && accepted.get(0).closed == 1);
    }
    assertThat(reasons).hasSize(1);
    assertThat(reasons.get(0)).isNotBlank();
  }

  @Test
  void aCertificateThatIsNotTrustedIsToldAlike() {
    SSLException byOne = new SSLException("General OpenSslEngine problem");
    byOne.initCause(new SSLException(new CertificateException("no path")));
    assertThat(TlsFilter.reason(byOne)).isEqualTo("certificate verify failed");
    assertThat(TlsFilter.reason(new SSLException("error:1:a:b:PEER_DID_IT")))
        .isEqualTo("peer did it");
  }
}
