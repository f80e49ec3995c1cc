package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.ListenException;
import io.cinnabar.host.ListenException.Reason;
import io.cinnabar.host.Log;
import io.cinnabar.virtual.VirtualNetwork;
import io.cinnabar.virtual.VirtualPeer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** CONFIG SET of the addresses; the replies and the log's lines are those of a real server. */
final class ListenersTest {

  private static final String OK = "+OK\r\n";
  private static final String PORT_REFUSED =
      "-ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this"
          + " port. Check server logs.\r\n";
  private static final String BIND_REFUSED =
      "-ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified"
          + " addresses.\r\n";

  private final TestServer server = TestServer.start();
  private final VirtualNetwork network = server.host().network();

  private static ListenAddress at(String host, int port) {
    return new ListenAddress(host, port, 511, 0);
  }

  private static ConnectionHandler nobody(Connection connection) {
    throw new AssertionError("connected to somebody else");
  }

  private void take(String host, int port) throws IOException {
    network.listen(at(host, port), ListenersTest::nobody);
  }

  private void assertListens(String host, int port) throws IOException {
    assertThat(network.connect(at(host, port))).isNotNull();
  }

  private void assertSilent(String host, int port) {
    assertThatThrownBy(() -> network.connect(at(host, port))).hasMessage("Connection refused");
  }

  private void lackAddress(String host) {
    network.lack(
        host,
        new ListenException(Reason.ADDRESS_NOT_AVAILABLE, "bind: Cannot assign requested address"));
  }

  @Test
  void anotherPort() throws IOException {
    assertThat(server.send("CONFIG", "SET", "port", "7000")).isEqualTo(OK);
    assertListens("127.0.0.1", 7000);
    assertSilent("127.0.0.1", 6379);
    assertThat(server.send("INFO", "server")).contains("tcp_port:7000\r\n");
  }

  @Test
  void aTakenPortLeavesTheOldOne() throws IOException {
    take("127.0.0.1", 7000);
    assertThat(server.send("CONFIG", "SET", "port", "7000")).isEqualTo(PORT_REFUSED);
    assertThat(server.send("CONFIG", "GET", "port")).contains("6379");
    assertListens("127.0.0.1", 6379);
    assertThat(server.logLines())
        .endsWith(
            "Warning: Could not create server TCP listening socket 127.0.0.1:7000: bind: Address"
                + " already in use",
            "Failed applying new configuration. Possibly related to new port setting. Restoring"
                + " previous settings.");
  }

  @Test
  void portZeroEndsListeningUntilThereIsAPortAgain() throws IOException {
    assertThat(server.send("CONFIG", "SET", "port", "0")).isEqualTo(OK);
    assertSilent("127.0.0.1", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.2")).isEqualTo(OK);
    assertSilent("127.0.0.2", 6379);
    assertThat(server.send("CONFIG", "SET", "port", "7000")).isEqualTo(OK);
    assertListens("127.0.0.2", 7000);
  }

  @Test
  void otherAddressesThatOverlap() throws IOException {
    assertThat(server.send("CONFIG", "SET", "bind", "* -::*")).isEqualTo(OK);
    assertListens("127.0.0.9", 6379);
    assertListens("::1", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.2 127.0.0.1")).isEqualTo(OK);
    assertListens("127.0.0.1", 6379);
    assertListens("127.0.0.2", 6379);
    assertSilent("127.0.0.9", 6379);
    assertSilent("::1", 6379);
  }

  @Test
  void refusedAddressesLeaveTheOldOnes() throws IOException {
    lackAddress("10.99.99.99");
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.2 10.99.99.99"))
        .isEqualTo(BIND_REFUSED);
    assertThat(server.logLines())
        .endsWith(
            "Warning: Could not create server TCP listening socket 10.99.99.99:6379: bind: Cannot"
                + " assign requested address",
            "Failed applying new configuration. Possibly related to new bind setting. Restoring"
                + " previous settings.");
    assertListens("127.0.0.1", 6379);
    assertSilent("127.0.0.2", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.1 127.0.0.1")).isEqualTo(BIND_REFUSED);
    assertListens("127.0.0.1", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "* 127.0.0.1")).isEqualTo(BIND_REFUSED);
    assertListens("127.0.0.1", 6379);
    assertSilent("127.0.0.2", 6379);
    assertThat(server.send("CONFIG", "GET", "bind")).contains("\r\n127.0.0.1\r\n");
  }

  @Test
  void theFirstArgumentIsToBlame() throws IOException {
    take("127.0.0.2", 7000);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.2", "port", "7000"))
        .isEqualTo(BIND_REFUSED);
    assertThat(server.send("CONFIG", "SET", "port", "7000", "bind", "127.0.0.2"))
        .isEqualTo(PORT_REFUSED);
    assertListens("127.0.0.1", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.3", "port", "7000")).isEqualTo(OK);
    assertListens("127.0.0.3", 7000);
    assertSilent("127.0.0.1", 6379);
  }

  @Test
  void anOptionalAddressMayBeMissingButNotTaken() throws IOException {
    lackAddress("10.99.99.99");
    assertThat(server.send("CONFIG", "SET", "bind", "-10.99.99.99 127.0.0.1")).isEqualTo(OK);
    assertListens("127.0.0.1", 6379);
    take("127.0.0.2", 6379);
    assertThat(server.send("CONFIG", "SET", "bind", "127.0.0.1 -127.0.0.2"))
        .isEqualTo(BIND_REFUSED);
    network.lack("nohost", new IOException("Name or service not known"));
    assertThat(server.send("CONFIG", "SET", "bind", "-nohost 127.0.0.1")).isEqualTo(BIND_REFUSED);
    assertListens("127.0.0.1", 6379);
  }

  @Test
  void aFamilyThatTheMachineDoesNotSpeakIsLeftOut() throws IOException {
    network.lack("::1", new ListenException(Reason.FAMILY_NOT_SUPPORTED, "bind: no such family"));
    assertThat(server.send("CONFIG", "SET", "bind", "::1 127.0.0.2")).isEqualTo(OK);
    assertListens("127.0.0.2", 6379);
    assertSilent("127.0.0.1", 6379);
  }

  @Test
  void noAddressAtAll() {
    assertThat(server.send("CONFIG", "SET", "bind", "")).isEqualTo(OK);
    assertSilent("127.0.0.1", 6379);
    assertThat(server.send("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void aServerHasToListenSomewhere() {
    for (String nowhere : new String[] {"bind ", "port 0"}) {
      assertThatThrownBy(() -> TestServer.start(nowhere))
          .hasMessageContaining("Configured to not listen anywhere, exiting.");
    }
  }

  @Test
  void aUnixSocketIsEnough() throws IOException, ConfigException {
    Config config = new Config();
    config.set("bind", "");
    config.set("unixsocket", "/run/s");
    Listeners listeners = new Listeners(network, config, Log.SILENT, ListenersTest::nobody);
    listeners.open(false);
    assertThat(network.connect(new ListenAddress("/run/s", -1, 0, 0))).isNotNull();
    listeners.close();
    assertThatThrownBy(() -> network.connect(new ListenAddress("/run/s", -1, 0, 0)))
        .hasMessage("Connection refused");
  }

  @Test
  void aChosenPortStaysWithOtherAddresses() throws IOException, ConfigException {
    Config config = new Config();
    config.set("bind", "127.0.0.1");
    config.set("port", "0");
    ServerCore core = new ServerCore(server.host().host(), Log.SILENT, config);
    core.start(true);
    int port = core.port();
    assertThat(port).isPositive();
    VirtualPeer peer = network.connect(at("127.0.0.1", port));
    peer.send("CONFIG SET bind 127.0.0.2\r\n");
    String reply = "";
    for (int i = 0; i < 5 && reply.isEmpty(); i++) {
      core.loop().turn();
      reply = peer.receiveText();
    }
    assertThat(reply).isEqualTo(OK);
    assertListens("127.0.0.2", port);
    core.close();
    assertSilent("127.0.0.2", port);
  }
}
