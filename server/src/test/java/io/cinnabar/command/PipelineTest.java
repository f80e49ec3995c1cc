package io.cinnabar.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many commands at once, in whatever pieces they arrive. */
final class PipelineTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String PROTOCOL_ERROR = "-ERR Protocol error: expected '$', got 'x'\r\n";
  private static final String WRONG_PASSWORD =
      "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
  private static final String TOO_LONG = "-ERR Protocol error: unauthenticated bulk length\r\n";
  private static final Duration A_WHILE = Duration.ofMillis(1);

  private final TestServer server = TestServer.start();

  private static String command(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return request.toString();
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /** A client's commands and the replies that they must have. */
  private static final class Script {
    final StringBuilder commands = new StringBuilder();
    final StringBuilder replies = new StringBuilder();

    void add(String commandText, String reply) {
      commands.append(commandText);
      replies.append(reply);
    }
  }

  /** Commands of many kinds and sizes on keys of the client's own. */
  private static Script script(String client, int count, SplittableRandom random) {
    Script script = new Script();
    String counter = client + ":counter";
    String key = client + ":key";
    String value = "";
    script.add(command("SET", key, value), OK);
    for (int i = 1; i <= count; i++) {
      script.add(command("INCR", counter), ":" + i + "\r\n");
      switch (random.nextInt(6)) {
        case 0 -> {
          value = "v".repeat(random.nextInt(20) == 0 ? random.nextInt(70_000) : i % 40);
          script.add(command("SET", key, value), OK);
        }
        case 1 -> script.add("PING " + i + "\r\n", bulk(String.valueOf(i)));
        case 2 -> script.add("\r\n", "");
        case 3 -> script.add(command("GET"), wrongCount("get"));
        case 4 -> script.add("*0\r\n", "");
        default -> script.add(command("GET", key), bulk(value));
      }
    }
    return script;
  }

  private static String wrongCount(String name) {
    return "-ERR wrong number of arguments for '" + name + "' command\r\n";
  }

  @Test
  void thousandsOfCommandsOfSeveralClientsAreAnsweredInOrder() {
    SplittableRandom random = new SplittableRandom(1);
    List<Client> clients = new ArrayList<>();
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      clients.add(server.connect());
      scripts.add(script("client" + i, 3_000, random));
      clients.get(i).queue(scripts.get(i).commands.toString());
    }
    for (int i = 0; i < clients.size(); i++) {
      assertThat(received(clients.get(i))).isEqualTo(scripts.get(i).replies.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100, 5_000})
  void piecesOfAnySizeMakeTheSameCommands(int maxBytes) {
    server.host().network().deliverInPieces(maxBytes);
    int count = maxBytes < 10 ? 40 : 600;
    List<Client> clients = new ArrayList<>();
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(server.connect());
      scripts.add(script("client" + i, count, new SplittableRandom(i)));
      clients.get(i).queue(scripts.get(i).commands.toString());
    }
    for (int i = 0; i < clients.size(); i++) {
      assertThat(received(clients.get(i)))
          .as("pieces of up to %d bytes", maxBytes)
          .isEqualTo(scripts.get(i).replies.toString());
    }
  }

  /** All that comes until the server has nothing left to do. */
  private String received(Client client) {
    StringBuilder all = new StringBuilder();
    String more;
    do {
      server.advance(A_WHILE);
      more = client.receive();
      all.append(more);
    } while (!more.isEmpty());
    return all.toString();
  }

  @Test
  void aBigValueArrivesInPieces() {
    server.host().network().deliverInPieces(64 << 10);
    StringBuilder value = new StringBuilder();
    while (value.length() < 10 << 20) {
      value.append(value.length()).append(',');
    }
    Client client = server.connect();
    client.queue(command("SET", "key", value.toString()) + command("GET", "key") + "PING\r\n");
    Client other = server.connect();
    other.queue("PING\r\n");
    assertThat(received(client).equals(OK + bulk(value.toString()) + PONG)).isTrue();
    assertThat(other.receive()).isEqualTo(PONG);
    assertThat(requireNonNull(server.engine().sessions().byId(2)).queryBufferCapacity()).isZero();
  }

  @Test
  void aProtocolErrorComesBehindEarlierRepliesAndCloses() {
    Client client = server.connect();
    String bad = "*1\r\nx4\r\nPING\r\n";
    assertThat(client.sendRaw(command("SET", "a", "1") + "PING\r\n" + bad + command("DEL", "a")))
        .isEqualTo(OK + PONG + PROTOCOL_ERROR);
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("GET", "a")).isEqualTo(bulk("1"));
  }

  @Test
  void aProtocolErrorOfOneClientLeavesTheOthersAlone() {
    Client broken = server.connect();
    Client sound = server.connect();
    broken.queue("PING\r\n*1\r\nx\r\n");
    sound.queue("PING\r\nPING\r\n");
    server.advance(A_WHILE);
    assertThat(broken.receive()).isEqualTo(PONG + PROTOCOL_ERROR);
    assertThat(broken.isClosed()).isTrue();
    assertThat(sound.receive()).isEqualTo(PONG + PONG);
    assertThat(sound.send("PING")).isEqualTo(PONG);
  }

  @Test
  void quitInAPipelineDropsTheRestAlsoOfLaterBatches() {
    Client client = server.connect();
    String before = command("INCR", "n").repeat(1_000);
    String behind = command("INCR", "n").repeat(10_000);
    client.queue(before + "QUIT\r\n" + behind);
    server.advance(A_WHILE);
    assertThat(client.receive()).startsWith(":1\r\n:2\r\n").endsWith(":1000\r\n" + OK);
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("GET", "n")).isEqualTo(bulk("1000"));
  }

  @Test
  void authWidensTheLimitsForWhatComesBehindIt() {
    TestServer locked = TestServer.start("requirepass secret");
    String value = "x".repeat(100_000);
    String large = command("SET", "key", value);
    Client right = locked.connect();
    right.queue("AUTH secret\r\n" + large + large);
    locked.advance(A_WHILE);
    assertThat(right.receive()).isEqualTo(OK + OK + OK);
    Client wrong = locked.connect();
    assertThat(wrong.sendRaw("AUTH wrong\r\n" + large)).isEqualTo(WRONG_PASSWORD + TOO_LONG);
    assertThat(wrong.isClosed()).isTrue();
    Client silent = locked.connect();
    assertThat(silent.sendRaw(command("SET", "key", value))).isEqualTo(TOO_LONG);
  }

  @Test
  void manyClientsLogInDuringOneTurn() {
    TestServer locked = TestServer.start("requirepass secret");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(locked.connect());
    }
    for (Client client : clients) {
      client.queue("PING\r\nAUTH secret\r\nPING\r\n".repeat(2));
    }
    locked.advance(A_WHILE);
    String denied = "-NOAUTH Authentication required.\r\n";
    for (Client client : clients) {
      assertThat(client.receive()).isEqualTo(denied + OK + PONG + PONG + OK + PONG);
    }
  }

  @Test
  void aClientThatIsKilledInTheBatchLosesWhatWasDecodedAndWhatWasNot() {
    Client killer = server.connect();
    Client victim = server.connect();
    killer.queue("PING\r\nCLIENT KILL ID 3\r\nGET n\r\n");
    victim.queue(command("INCR", "n").repeat(2_000));
    server.advance(A_WHILE);
    assertThat(killer.receive()).isEqualTo(PONG + ":1\r\n$-1\r\n");
    assertThat(victim.receive()).isEmpty();
    assertThat(victim.isClosed()).isTrue();
    assertThat(server.send("EXISTS", "n")).isEqualTo(":0\r\n");
    assertThat(server.engine().sessions().count()).isEqualTo(2);
  }

  @Test
  void aClientThatKillsItselfStillGetsItsReply() {
    Client client = server.connect();
    client.queue("INCR n\r\nCLIENT KILL ID 2 SKIPME no\r\nINCR n\r\n");
    server.advance(A_WHILE);
    assertThat(client.receive()).isEqualTo(":1\r\n:1\r\n");
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("GET", "n")).isEqualTo(bulk("1"));
  }

  @Test
  void aClientThatHangsUpInAPipelineHasAllOfItExecuted() {
    Client client = server.connect();
    client.queue(command("INCR", "n").repeat(3_000));
    server.advance(A_WHILE);
    client.close();
    server.advance(A_WHILE);
    assertThat(server.send("GET", "n")).isEqualTo(bulk("3000"));
    assertThat(server.engine().sessions().count()).isEqualTo(1);
  }

  @Test
  void repliesAreTurnedOffInTheMiddleOfAPipeline() {
    Client client = server.connect();
    String silent = "CLIENT REPLY OFF\r\nPING\r\nGET\r\nx\r\nCLIENT REPLY ON\r\n";
    String skipping = "CLIENT REPLY SKIP\r\nINCR n\r\nINCR n\r\nPING\r\n";
    assertThat(client.sendRaw("PING\r\n" + silent + skipping))
        .isEqualTo(PONG + OK + ":2\r\n" + PONG);
  }

  @Test
  void everyClientHasItsOwnDatabaseWithinABatch() {
    Client first = server.connect();
    Client second = server.connect();
    first.queue("SELECT 1\r\nSET key one\r\nGET key\r\n");
    second.queue("SET key zero\r\nGET key\r\nSELECT 1\r\nGET key\r\n");
    server.advance(A_WHILE);
    assertThat(first.receive()).isEqualTo(OK + OK + bulk("one"));
    assertThat(second.receive()).isEqualTo(OK + bulk("zero") + OK + bulk("one"));
  }
}
