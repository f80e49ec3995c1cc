package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.family.ClientCommands;
import io.cinnabar.family.ConnectionCommands;
import io.cinnabar.family.DatabaseCommands;
import io.cinnabar.family.ExpireCommands;
import io.cinnabar.family.KeyCommands;
import io.cinnabar.family.StringCommands;
import io.cinnabar.family.SubstringCommands;
import io.cinnabar.keyspace.Database;
import io.cinnabar.structure.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Clients that wait for keys, whatever for: the commands here take any value, so that keys of all
 * kinds can be waited for.
 */
final class BlockedClientsTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String NOTHING = "*-1\r\n";

  private final TestServer server = TestServer.start();
  private final CommandTable table = table();
  private final Engine engine = with(server.engine());
  private final BatchRunner runner = new BatchRunner(engine);
  private final Client operator = server.connect();
  private final Client first = server.connect();
  private final Client second = server.connect();
  private final Client third = server.connect();

  private static CommandTable table() {
    CommandTable.Builder builder = CommandTable.builder();
    ClientCommands.declare(builder);
    ConnectionCommands.declare(builder);
    DatabaseCommands.declare(builder);
    ExpireCommands.declare(builder);
    KeyCommands.declare(builder);
    StringCommands.declare(builder);
    SubstringCommands.declare(builder);
    FamilyBuilder family = builder.family("generic");
    declare(family, "TAKE key timeout", BlockedClientsTest::take);
    declare(family, "HAND source:key destination:key timeout", BlockedClientsTest::hand);
    declare(family, "NEXT key value timeout", BlockedClientsTest::next);
    declare(family, "LISTEN key timeout", BlockedClientsTest::listen);
    declare(family, "FAIL key timeout", BlockedClientsTest::fail);
    return builder.build();
  }

  private static void declare(FamilyBuilder family, String syntax, Handler handler) {
    family
        .command(syntax, handler)
        .flags(CommandFlag.WRITE, CommandFlag.BLOCKING)
        .arity(-3)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("A test's command.");
  }

  private Engine with(Engine engine) {
    return new Engine(
        engine.host(),
        engine.log(),
        engine.settings(),
        new Statistics(table.count()),
        engine.keyspace(),
        table,
        engine.access(),
        engine.sessions(),
        engine.unit(),
        engine.expiry(),
        engine.slowness(),
        engine.memory(),
        engine.eviction(),
        engine.compactor(),
        engine.pause(),
        engine.blockedClients(),
        engine.watches(),
        engine.pubSub(),
        engine.tracking(),
        engine.availability(),
        engine.lifecycle());
  }

  // ---- commands that wait

  /** Takes the value of the first of its keys that is there. */
  private static void take(Call call) {
    int last = call.argCount() - 2;
    for (int i = 1; i <= last; i++) {
      if (call.editString(call.arg(i)) != null) {
        call.reply().array(2);
        call.reply().bulk(call.arg(i));
        call.reply().bulk(call.found().string().bytes());
        call.removeFound();
        call.changed(call.arg(i), KeyEvent.DEL);
        return;
      }
    }
    park(call, last);
  }

  private static void park(Call call, int lastKey) {
    call.park(Awaited.STREAM_GROUP, 1, lastKey, call.integer(call.argCount() - 1));
  }

  /** Renames a key. */
  private static void hand(Call call) {
    Database database = call.database();
    if (call.edit(call.arg(1)) == null) {
      park(call, 1);
      return;
    }
    call.editOther(database, call.arg(2));
    database.rename(call.found(), call.arg(2));
    call.alsoTouched(call.arg(1), KeyEvent.RENAME_FROM);
    call.changed(call.arg(2), KeyEvent.RENAME_TO);
    call.reply().ok();
  }

  /** Waits for another value than the one that it is called with, or {@code $} for the present. */
  private static void next(Call call) {
    Slice now = new Slice();
    if (call.readString(call.arg(1)) != null) {
      now.set(call.found().string().bytes().toByteArray(), 0, call.found().string().length());
    }
    boolean present = call.isWord(2, "$");
    if (present || call.arg(2).contentEquals(now)) {
      park(call, 1);
      if (present) {
        call.parkedArgument(2, now.toByteArray());
      }
    } else {
      call.reply().bulk(now);
    }
  }

  /** Waits for nothing that there is. */
  private static void listen(Call call) {
    call.park(Awaited.LIST, 1, call.argCount() - 2, call.integer(call.argCount() - 1));
  }

  /** Fails when its key is there. */
  private static void fail(Call call) {
    if (call.read(call.arg(1)) != null) {
      throw new CommandError("ERR it is there");
    }
    park(call, 1);
  }

  // ---- the test's hands

  private String run(Client client, String... lines) {
    client.queue(String.join("\r\n", lines) + "\r\n");
    runAll();
    return client.take();
  }

  private void runAll() {
    engine.host().network().poll(0);
    engine.refreshTime();
    runner.run();
    engine.sessions().flush();
    engine.sessions().settleInput();
    engine.host().network().poll(0);
  }

  private static String taken(String key, String value) {
    return "*2\r\n" + bulk(key) + bulk(value);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private void millis(long millis) {
    server.advance(Duration.ofMillis(millis));
  }

  private long idOf(Client client) {
    return Long.parseLong(run(client, "CLIENT ID").substring(1).trim());
  }

  private String infoClients() {
    return server.send("INFO", "clients");
  }

  // ---- being served

  @Test
  void whatIsThereIsTakenAtOnce() {
    run(operator, "SET k v");
    assertThat(run(first, "TAKE none k 0", "PING")).isEqualTo(taken("k", "v") + PONG);
    assertThat(engine.blockedClients().count()).isZero();
  }

  @Test
  void aKeyThatComesEndsTheWait() {
    assertThat(run(first, "TAKE k 0", "PING")).isEmpty();
    assertThat(run(operator, "SET k v", "EXISTS k")).isEqualTo(OK + ":0\r\n");
    assertThat(first.take()).isEqualTo(taken("k", "v") + PONG);
    assertThat(run(first, "PING")).isEqualTo(PONG);
    assertThat(engine.blockedClients().isEmpty()).isTrue();
  }

  @Test
  void whoCameFirstIsServedFirst() {
    run(second, "TAKE k 0");
    run(first, "TAKE other k 0");
    run(third, "TAKE k k 0");
    for (Client each : List.of(second, first, third)) {
      run(operator, "SET k v");
      assertThat(each.take()).isEqualTo(taken("k", "v"));
    }
    assertThat(run(operator, "SET k v", "EXISTS k")).isEqualTo(OK + ":1\r\n");
  }

  /** Here the key has gone again before anybody could take it. */
  @Test
  void whoRunsAgainInVainKeepsItsPlace() {
    run(first, "TAKE j k 100");
    run(second, "TAKE k 0");
    run(operator, "SET j v", "SET j v PXAT 1");
    assertThat(first.take()).isEqualTo(taken("j", "v"));
    run(first, "TAKE j k 100");
    run(third, "TAKE k 0");
    run(operator, "SET j v PXAT 1", "SET k 1", "SET k 2", "SET k 3");
    assertThat(second.take()).isEqualTo(taken("k", "1"));
    assertThat(first.take()).isEqualTo(taken("k", "2"));
    assertThat(third.take()).isEqualTo(taken("k", "3"));
  }

  @Test
  void keysAreTakenInTheOrderOfTheArguments() {
    run(first, "TAKE a b c 0");
    assertThat(run(operator, "MSET c 3 b 2")).isEqualTo(OK);
    assertThat(first.take()).isEqualTo(taken("b", "2"));
    assertThat(run(operator, "EXISTS c")).isEqualTo(":1\r\n");
  }

  @Test
  void aServedClientMayMakeAnotherKeyReady() {
    run(first, "TAKE d 0");
    run(second, "HAND c d 0");
    run(third, "HAND a c 0");
    assertThat(run(operator, "SET a v", "DBSIZE")).isEqualTo(OK + ":0\r\n");
    assertThat(third.take()).isEqualTo(OK);
    assertThat(second.take()).isEqualTo(OK);
    assertThat(first.take()).isEqualTo(taken("d", "v"));
  }

  @Test
  void anErrorIsAnAnswerToo() {
    run(first, "FAIL k 0", "PING");
    run(operator, "SET k v");
    assertThat(first.take()).isEqualTo("-ERR it is there\r\n" + PONG);
    assertThat(engine.statistics().commands.failedCalls(command("fail"))).isEqualTo(1);
  }

  @Test
  void aKeyOfAnotherTypeIsNotWhatIsWaitedFor() {
    run(first, "LISTEN k 0");
    run(operator, "SET k v", "DEL k", "FLUSHALL", "SWAPDB 0 1");
    assertThat(first.take()).isEmpty();
    assertThat(infoClients()).contains("blocked_clients:1\r\n", "total_blocking_keys:1\r\n");
  }

  @Test
  void manyWhoWaitForOneKeyAllLeaveInOrder() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(server.connect());
    }
    for (int i = 0; i < 200; i++) {
      run(clients.get(77 * i % 200), "HAND k k" + i + " 0");
    }
    for (int i = 0; i < 200; i++) {
      assertThat(run(operator, "SET k v", "EXISTS k" + i)).isEqualTo(OK + ":1\r\n");
      assertThat(clients.get(77 * i % 200).take()).isEqualTo(OK);
    }
    assertThat(engine.blockedClients().isEmpty()).isTrue();
  }

  // ---- what makes a key ready

  @Test
  void whateverPutsAKeyThereServes() {
    for (String command :
        new String[] {"SET k v", "MSET k v", "RENAME x k", "RENAMENX x k", "COPY x k"}) {
      run(operator, "FLUSHALL", "SET x v");
      run(first, "TAKE k 0");
      run(operator, command);
      assertThat(first.take()).as(command).isEqualTo(taken("k", "v"));
    }
  }

  @Test
  void keysOfOtherDatabasesServeThoseWhoWaitThere() {
    run(first, "SELECT 1", "TAKE k 0");
    run(operator, "SET k v");
    assertThat(first.take()).isEmpty();
    run(operator, "COPY k k DB 1");
    assertThat(first.take()).isEqualTo(taken("k", "v"));
    run(first, "TAKE k 0");
    run(operator, "MOVE k 1");
    assertThat(first.take()).isEqualTo(taken("k", "v"));
    run(first, "TAKE k 0");
    run(second, "TAKE k 0");
    run(operator, "SELECT 2", "SET k v", "SWAPDB 1 2");
    assertThat(first.take()).isEqualTo(taken("k", "v"));
    assertThat(second.take()).isEmpty();
    run(operator, "SELECT 1", "SET k w", "SWAPDB 0 1");
    assertThat(second.take()).isEqualTo(taken("k", "w"));
  }

  @Test
  void whoAlsoWaitsForTheKeyToGoIsToldWhicheverWayItGoes() {
    for (String command :
        new String[] {
          "DEL k", "RENAME k l", "MOVE k 5", "FLUSHDB", "FLUSHALL", "SWAPDB 0 6", "EXPIRE k -1"
        }) {
      run(operator, "FLUSHALL", "SET k v");
      run(first, "NEXT k $ 0");
      run(operator, command);
      assertThat(first.take()).as(command).isEqualTo(bulk(""));
    }
  }

  @Test
  void soItIsWhenTheKeyExpiresUnseen() {
    run(operator, "SET k v PX 100");
    run(first, "NEXT k $ 0", "PING");
    millis(99);
    assertThat(first.take()).isEmpty();
    millis(500);
    assertThat(first.take()).isEqualTo(bulk("") + PONG);
  }

  @Test
  void anExpiryThatIsSetIsNoReasonToRunAgain() {
    run(operator, "SET k v");
    run(first, "NEXT k $ 0");
    run(second, "LISTEN k 0");
    long hits = engine.statistics().keyspaceHits;
    run(operator, "EXPIRE k 100", "PERSIST k");
    assertThat(engine.statistics().keyspaceHits).isEqualTo(hits);
    run(operator, "SET k v");
    assertThat(engine.statistics().keyspaceHits).isEqualTo(hits + 1);
    assertThat(first.take()).isEmpty();
  }

  // ---- time

  @Test
  void aWaitEndsWhenItsTimeIsOver() {
    run(first, "TAKE k 100", "PING");
    run(second, "HELLO 3");
    assertThat(run(second, "TAKE k 101", "PING")).isEmpty();
    millis(99);
    assertThat(first.take()).isEmpty();
    millis(1);
    assertThat(first.receive()).isEqualTo(NOTHING + PONG);
    assertThat(second.take()).isEmpty();
    millis(1);
    assertThat(second.receive()).isEqualTo("_\r\n" + PONG);
    assertThat(run(operator, "SET k v", "EXISTS k")).isEqualTo(OK + ":1\r\n");
  }

  @Test
  void aWaitWithoutATimeDoesNotEnd() {
    run(first, "TAKE k 0");
    run(second, "TAKE k " + Long.MAX_VALUE);
    millis(1_000_000_000);
    assertThat(first.take() + second.take()).isEmpty();
  }

  @Test
  void runningAgainInVainDoesNotProlongTheTime() {
    run(operator, "SET k v");
    run(first, "NEXT k $ 100");
    millis(60);
    run(operator, "SET k v");
    millis(39);
    assertThat(first.take()).isEmpty();
    millis(1);
    assertThat(first.receive()).isEqualTo(NOTHING);
  }

  @Test
  void whoWasServedInTimeIsNotAnsweredTwice() {
    run(first, "TAKE k 100");
    run(operator, "SET k v");
    assertThat(first.take()).isEqualTo(taken("k", "v"));
    millis(200);
    assertThat(run(first, "PING")).isEqualTo(PONG);
  }

  // ---- others end it

  @Test
  void clientUnblockEndsAWait() {
    long id = idOf(first);
    assertThat(run(operator, "CLIENT UNBLOCK " + id)).isEqualTo(":0\r\n");
    run(first, "TAKE k 0", "PING");
    assertThat(run(operator, "CLIENT UNBLOCK " + id, "CLIENT UNBLOCK " + id))
        .isEqualTo(":1\r\n:0\r\n");
    assertThat(first.take()).isEqualTo(NOTHING + PONG);
    run(first, "TAKE k 100", "PING");
    assertThat(run(operator, "CLIENT UNBLOCK " + id + " ERROR")).isEqualTo(":1\r\n");
    assertThat(first.take()).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n" + PONG);
    millis(200);
    assertThat(run(first, "PING")).isEqualTo(PONG);
    run(first, "TAKE k 0");
    assertThat(run(operator, "CLIENT UNBLOCK " + id + " timeout")).isEqualTo(":1\r\n");
    assertThat(first.take()).isEqualTo(NOTHING);
  }

  @Test
  void clientsThatGoLeaveTheLine() {
    Client gone = server.connect();
    Client halfClosed = server.connect();
    Client killed = server.connect();
    for (Client each : List.of(gone, halfClosed, killed, first)) {
      run(each, "TAKE a k 50");
    }
    gone.abandon();
    halfClosed.endOutput();
    runAll();
    assertThat(engine.blockedClients().count()).isEqualTo(2);
    assertThat(run(operator, "CLIENT KILL " + killed.address(), "SET k v")).isEqualTo(OK + OK);
    assertThat(first.take()).isEqualTo(taken("k", "v"));
    millis(100);
    assertThat(engine.blockedClients().count()).isZero();
    assertThat(engine.blockedClients().isEmpty()).isTrue();
  }

  @Test
  void aClientThatIsKilledBesideTheCommandThatServesItTakesNothing() {
    run(first, "TAKE k 0");
    operator.queue("CLIENT KILL " + first.address() + "\r\nSET k v\r\nEXISTS k\r\n");
    runAll();
    assertThat(operator.take()).isEqualTo(OK + OK + ":1\r\n");
  }

  @Test
  void idleBlockedClientsAreNotClosed() {
    engine.settings().timeoutSeconds = 10;
    run(first, "TAKE k 0");
    millis(100_000);
    assertThat(first.isClosed()).isFalse();
    assertThat(second.isClosed()).isTrue();
    engine.settings().timeoutSeconds = 0;
    run(server.connect(), "SET k v");
    assertThat(first.take()).isEqualTo(taken("k", "v"));
  }

  // ---- beside other waits

  @Test
  void aPipelineInOneBatchGoesOnInOrder() {
    first.queue("TAKE a 0\r\nSET x 1\r\nTAKE b 0\r\nPING\r\n");
    operator.queue("SET a 1\r\nSET b 2\r\nPING\r\n");
    runAll();
    assertThat(first.take()).isEqualTo(taken("a", "1") + OK + taken("b", "2") + PONG);
    assertThat(operator.take()).isEqualTo(OK + OK + PONG);
  }

  @Test
  void whatComesInPiecesMeanwhileRunsOnce() {
    first.queue("TAKE a 0\r\nAPP");
    runAll();
    first.queue("END x 1\r\nAPPEND x");
    runAll();
    run(operator, "SET a 1");
    assertThat(first.take()).isEqualTo(taken("a", "1") + ":1\r\n");
    assertThat(run(first, " 23")).isEqualTo(":3\r\n");
  }

  @Test
  void duringAPauseOnlyTimeEndsAWait() {
    run(operator, "SET k v PX 100");
    run(first, "NEXT k $ 0");
    run(second, "TAKE none 150");
    run(third, "NEXT k $ 0");
    run(operator, "CLIENT PAUSE 1000 ALL");
    millis(500);
    assertThat(second.receive()).isEqualTo(NOTHING);
    assertThat(first.take()).isEmpty();
    millis(1000);
    assertThat(first.take()).isEqualTo(bulk(""));
    assertThat(third.take()).isEqualTo(bulk(""));
  }

  @Test
  void repliesThatTheClientDoesNotWantAreDropped() {
    run(first, "CLIENT REPLY SKIP", "TAKE k 0", "PING");
    run(operator, "SET k v");
    assertThat(first.take()).isEqualTo(PONG);
    run(first, "CLIENT REPLY OFF", "TAKE k 10", "PING", "CLIENT REPLY ON");
    millis(11);
    assertThat(first.receive()).isEqualTo(OK);
  }

  // ---- what shows

  @Test
  void aMonitorSeesTheCommandWhenItComes() {
    Client monitor = server.connect();
    monitor.send("MONITOR");
    run(first, "TAKE k 0");
    assertThat(monitor.take()).contains("\"TAKE\" \"k\" \"0\"");
    run(operator, "SET k v");
    assertThat(monitor.take()).contains("\"SET\"").doesNotContain("TAKE");
  }

  @Test
  void aCommandCountsWhenItEnds() {
    Command take = command("take");
    long id = idOf(first);
    run(first, "TAKE k 50");
    assertThat(engine.statistics().commands.calls(take)).isZero();
    long before = engine.statistics().commandsProcessed;
    run(operator, "SET k v");
    assertThat(engine.statistics().commands.calls(take)).isEqualTo(1);
    assertThat(engine.statistics().commandsProcessed).isEqualTo(before + 2);
    run(first, "TAKE k 0");
    run(operator, "CLIENT UNBLOCK " + id);
    run(first, "TAKE k 0");
    run(operator, "CLIENT UNBLOCK " + id + " ERROR");
    assertThat(engine.statistics().commands.calls(take)).isEqualTo(3);
    assertThat(engine.statistics().commands.failedCalls(take)).isEqualTo(1);
    assertThat(engine.statistics().errorReplies).isEqualTo(1);
  }

  private Command command(String name) {
    return Objects.requireNonNull(table.find(Slice.of(name)));
  }

  @Test
  void blockedClientsShow() {
    run(first, "TAKE a b 0");
    run(second, "LISTEN b c c 50", "PING");
    String line =
        ClientLine.of(Objects.requireNonNull(engine.sessions().byId(3)), engine.unit().nowMillis());
    assertThat(line).contains(" flags=b ", " qbuf=0 ", " argv-mem=7 ", " cmd=take ");
    assertThat(infoClients())
        .contains(
            "blocked_clients:2\r\n",
            "clients_in_timeout_table:1\r\n",
            "total_blocking_keys:3\r\n",
            "total_blocking_keys_on_nokey:2\r\n");
    run(operator, "SET b v");
    assertThat(infoClients())
        .contains(
            "blocked_clients:1\r\n",
            "total_blocking_keys:2\r\n",
            "total_blocking_keys_on_nokey:0\r\n");
    millis(51);
    assertThat(infoClients())
        .contains(
            "blocked_clients:0\r\n", "clients_in_timeout_table:0\r\n", "total_blocking_keys:0\r\n");
  }

  @Test
  void waitingArgumentsAreCountedAsMemory() {
    long before = engine.memory().clientBytes();
    run(first, "TAKE " + "k".repeat(50_000) + " 0");
    // The command, and its key once more in the line.
    assertThat(engine.memory().clientBytes() - before).isBetween(100_000L, 101_000L);
    first.abandon();
    runAll();
    assertThat(engine.memory().clientBytes()).isLessThan(before);
  }

  @Test
  void followersAreToldInTheOrderInWhichItHappened() {
    Followed followed = Followed.by(server);
    run(first, "TAKE k 0");
    run(operator, "SET k v");
    assertThat(followed.take()).containsExactly("0 SET k v", "0 TAKE k 0");
  }

  @Test
  void anArgumentThatIsSetAnewIsFoundWhenTheCommandRunsAgain() {
    run(operator, "SET k old");
    run(first, "NEXT k $ 0");
    run(operator, "SET k old");
    assertThat(first.take()).isEmpty();
    run(operator, "SET k new");
    assertThat(first.take()).isEqualTo(bulk("new"));
  }
}
