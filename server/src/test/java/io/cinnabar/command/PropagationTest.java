package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches the followers of the data set. */
final class PropagationTest {

  /** The virtual clock's first moment, 2024-02-29 12:00. */
  private static final long START_MILLIS = 1_709_208_000_000L;

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final TestServer unfollowed = TestServer.start();
  private final Followed followed = Followed.by(server);

  /** What a command is told as; {@code %d} in it is so many milliseconds after the start. */
  private void assertTold(String command, String... told) {
    followed.take();
    String reply = server.send(command.split(" ", -1));
    assertThat(reply).doesNotStartWith("-");
    assertThat(followed.take()).as(command).containsExactly(told);
  }

  private static String at(long millis) {
    return String.valueOf(START_MILLIS + millis);
  }

  @Test
  void plainWritesAreToldAsTheyWereCalled() {
    assertTold("set key 1", "0 set key 1");
    assertTold("INCR key", "0 INCR key");
    assertTold("DECRBY key 5", "0 DECRBY key 5");
    assertTold("APPEND key abc", "0 APPEND key abc");
    assertTold("SETRANGE key 2 xyz", "0 SETRANGE key 2 xyz");
    assertTold("SETBIT key 0 1", "0 SETBIT key 0 1");
    assertTold("SETBIT longer 2 0", "0 SETBIT longer 2 0");
    assertTold("BITOP NOT longer key", "0 BITOP NOT longer key");
    assertTold("BITOP OR longer nothing", "0 BITOP OR longer nothing");
    assertTold("BITFIELD bits GET u8 0 SET u8 0 1", "0 BITFIELD bits GET u8 0 SET u8 0 1");
    assertTold("BITFIELD bits INCRBY u8 0 1", "0 BITFIELD bits INCRBY u8 0 1");
    assertTold("SETNX other 1", "0 SETNX other 1");
    assertTold("MSET a 1 b 2", "0 MSET a 1 b 2");
    assertTold("MSETNX c 1 d 2", "0 MSETNX c 1 d 2");
    assertTold("RENAME a e", "0 RENAME a e");
    assertTold("RENAMENX b f", "0 RENAMENX b f");
    assertTold("COPY e g", "0 COPY e g");
    assertTold("COPY e g DB 3 REPLACE", "0 COPY e g DB 3 REPLACE");
    assertTold("MOVE g 2", "0 MOVE g 2");
    assertTold("DEL c nothing", "0 DEL c nothing");
    assertTold("UNLINK d", "0 UNLINK d");
    assertTold("SWAPDB 0 1", "0 SWAPDB 0 1");
    assertTold("FLUSHDB", "0 FLUSHDB");
    assertTold("FLUSHALL ASYNC", "0 FLUSHALL ASYNC");
  }

  @Test
  void commandsAreToldWithTheirDatabase() {
    server.send("SELECT", "5");
    assertTold("SET key value", "5 SET key value");
    assertTold("EXPIRE key 10", "5 PEXPIREAT key " + at(10_000));
    assertTold("MOVE key 6", "5 MOVE key 6");
    assertThat(server.send("SWAPDB", "5", "6")).isEqualTo("+OK\r\n");
    assertTold("DEL key", "5 DEL key");
  }

  @Test
  void timesToLiveAreToldAsDates() {
    assertTold("SET key v EX 10", "0 SET key v PXAT " + at(10_000));
    assertTold("SET key v PX 10", "0 SET key v PXAT " + at(10));
    assertTold("SETEX key 10 v", "0 SET key v PXAT " + at(10_000));
    assertTold("PSETEX key 10 v", "0 SET key v PXAT " + at(10));
    assertTold("SET key v XX EX 7", "0 SET key v PXAT " + at(7_000));
    assertTold("EXPIRE key 10", "0 PEXPIREAT key " + at(10_000));
    assertTold("PEXPIRE key 10 LT", "0 PEXPIREAT key " + at(10) + " LT");
    assertTold("EXPIREAT key 4000000000", "0 PEXPIREAT key 4000000000000");
    assertTold("PEXPIREAT key 4000000000001", "0 PEXPIREAT key 4000000000001");
    assertTold("GETEX key EX 10", "0 PEXPIREAT key " + at(10_000));
    assertTold("GETEX key PERSIST", "0 PERSIST key");
    assertTold("EXPIRE key 10", "0 PEXPIREAT key " + at(10_000));
    assertTold("PERSIST key", "0 PERSIST key");
  }

  @Test
  void readsThatWriteAreToldAsWrites() {
    assertTold("SET key v", "0 SET key v");
    assertTold("SET key w GET", "0 SET key w");
    assertTold("SET key w GET KEEPTTL", "0 SET key w KEEPTTL");
    assertTold("GETSET key x", "0 SET key x");
    assertTold("GETDEL key", "0 DEL key");
    assertTold("INCRBYFLOAT key 1.5", "0 SET key 1.5 KEEPTTL");
    assertTold("INCRBYFLOAT key 1e2", "0 SET key 101.5 KEEPTTL");
  }

  @Test
  void aDateInThePastIsToldAsADeletion() {
    for (String command : new String[] {"EXPIRE key -1", "PEXPIREAT key 1", "GETEX key EXAT 1"}) {
      server.send("SET", "key", "v");
      assertTold(command, "0 DEL key");
      assertThat(server.send("EXISTS", "key")).isEqualTo(":0\r\n");
    }
  }

  @Test
  void whatChangesNothingIsNotTold() {
    server.send("SET", "key", "text");
    server.send("SET", "other", "1");
    followed.take();
    for (String command :
        new String[] {
          "GET key",
          "SET key v NX",
          "SET nothing v XX",
          "SET key v NX GET",
          "SETNX key v",
          "MSETNX new v key v",
          "SETBIT key 0 0",
          "BITOP AND nothing nothing",
          "BITFIELD key GET u8 0",
          "BITFIELD key SET u8 0 116",
          "BITFIELD key INCRBY u8 0 0 OVERFLOW FAIL INCRBY u8 0 1000 SET u4 8 -1",
          "BITFIELD nothing",
          "BITFIELD_RO key GET u8 0",
          "GETEX key",
          "GETEX key PERSIST",
          "GETDEL nothing",
          "DEL nothing",
          "EXPIRE nothing 10",
          "EXPIRE key 10 XX",
          "PERSIST key",
          "RENAME key key",
          "RENAMENX key other",
          "COPY key other",
          "COPY nothing other",
          "MOVE nothing 1",
          "TOUCH key",
          "OBJECT ENCODING key",
          "DBSIZE",
          "SELECT 1",
          "PING"
        }) {
      assertThat(server.send(command.split(" ", -1))).as(command).doesNotStartWith("-");
      assertThat(followed.take()).as(command).isEmpty();
    }
  }

  @Test
  void commandsThatFailAreNotTold() {
    server.send("SET", "key", "text");
    followed.take();
    for (String command :
        new String[] {
          "INCR key",
          "INCRBYFLOAT key 1",
          "SETRANGE key -1 x",
          "SETBIT key -1 1",
          "SETBIT key 0 2",
          "BITOP NOT key key key",
          "BITFIELD key SET u8 0 1 FOO",
          "BITFIELD_RO key SET u8 0 1",
          "SET key v EX 0",
          "SET key",
          "RENAME nothing key",
          "COPY key key",
          "MOVE key 99",
          "EXPIRE key x",
          "FLUSHALL x",
          "NOSUCH key"
        }) {
      assertThat(server.send(command.split(" ", -1))).as(command).startsWith("-");
      assertThat(followed.take()).as(command).isEmpty();
    }
  }

  /** The deletion comes first and belongs to the command that met the key. */
  @Test
  void aKeyThatACommandFindsExpiredIsDeletedInTheSameChange() {
    server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    for (String key : new String[] {"a", "b", "c", "d", "e", "f"}) {
      server.send("SET", key, "1", "PX", "10");
    }
    server.advance(Duration.ofMillis(11));
    assertTold("INCR a", "0 DEL a; 0 INCR a");
    assertTold("GET b", "0 DEL b");
    assertTold("MGET b c", "0 DEL c");
    assertTold("DEL d", "0 DEL d");
    assertTold("SETNX e v", "0 DEL e; 0 SETNX e v");
    followed.take();
    assertThat(server.send("RENAME", "f", "g")).startsWith("-ERR no such key");
    assertThat(followed.take()).containsExactly("0 DEL f");
  }

  @Test
  void aKeyInAnotherDatabaseThatIsFoundExpiredIsDeletedThere() {
    server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    server.send("SELECT", "1");
    server.send("SET", "key", "old", "PX", "10");
    server.send("SELECT", "0");
    server.send("SET", "key", "new");
    server.advance(Duration.ofMillis(11));
    assertTold("MOVE key 1", "1 DEL key; 0 MOVE key 1");
  }

  @Test
  void aKeyThatIsFoundExpiredByNobodyIsAChangeOfItsOwn() {
    server.send("SET", "a", "1", "PX", "10");
    server.send("SET", "b", "1", "PX", "10");
    followed.take();
    server.advance(Duration.ofSeconds(1));
    assertThat(followed.take()).containsExactlyInAnyOrder("0 DEL a", "0 DEL b");
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(2);
  }

  @Test
  void everyCommandOfAPipelineIsAChangeOfItsOwn() {
    Client client = server.connect();
    client.sendRaw("INCR a\r\nGET a\r\nINCR a\r\nINCR b\r\n");
    assertThat(followed.take()).containsExactly("0 INCR a", "0 INCR a", "0 INCR b");
  }

  /** Each is held by {@link Told} to have the form that commands are written in. */
  @Test
  void whateverFormACommandCameInItIsToldInOne() {
    Client client = server.connect();
    client.sendRaw("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nv1\r\n");
    client.sendRaw("*3\r\n$3\r\nSET\r\n$1\rXk\r\n$2\r\nv2\r\n");
    client.sendRaw("*3\rX$3\r\nSET\r\n$1\r\nkXX$2\r\nv3..");
    client.sendRaw("SET k \"v\\x34\"\r\n");
    client.sendRaw("*3\r\n$3\r\nSET\r\n$1\r\n");
    client.sendRaw("k\r\n$2\r\nv5\r\n");
    assertThat(followed.take())
        .containsExactly("0 SET k v1", "0 SET k v2", "0 SET k v3", "0 SET k v4", "0 SET k v5");
  }

  @Test
  void aTransactionIsToldWholeHoweverLongItIs() {
    Client client = server.connect();
    client.send("MULTI");
    StringBuilder told = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      client.send("SET", "key" + i, "value");
      told.append(i == 0 ? "" : "; ").append("0 SET key").append(i).append(" value");
    }
    client.send("EXEC");
    assertThat(followed.take()).containsExactly(told.toString());
    assertTold("SET key1 v", "0 SET key1 v");
  }

  @Test
  void whatNobodyFollowedToItsEndIsToldNobodyLater() {
    TestServer server = TestServer.startOn(new VirtualHost(1), "appendonly yes");
    server.send("MULTI");
    server.send("SET", "a", "1");
    server.send("CONFIG", "SET", "appendonly", "no");
    assertThat(server.send("EXEC")).isEqualTo("*2\r\n+OK\r\n+OK\r\n");
    Followed late = Followed.by(server);
    server.send("SET", "b", "1");
    assertThat(late.take()).containsExactly("0 SET b 1");
  }

  @Test
  void whatThereIsNoMemoryForIsToldAsMissing() {
    Unit unit = server.engine().unit();
    List<Boolean> torn = new ArrayList<>();
    unit.listen(change -> torn.add(change.isTorn()));
    unit.propagate(0, List.of("DEL".getBytes(US_ASCII), "a".getBytes(US_ASCII)));
    unit.propagate(0, TooLarge.COMMAND);
    unit.close();
    server.send("SET", "b", "1");
    assertThat(torn).containsExactly(true, false);
    assertThat(followed.take()).containsExactly("0 DEL a", "0 SET b 1");
  }

  @Test
  void touchesNameEveryKeyAndWhatHappenedToIt() {
    followed.take();
    server.send("MSET", "a", "1", "b", "2");
    assertThat(followed.takeTouches()).containsExactly("0 a SET", "0 b SET");
    server.send("SET", "a", "1", "EX", "1");
    assertThat(followed.takeTouches()).containsExactly("0 a SET", "0 a EXPIRE");
    server.send("RENAME", "a", "c");
    assertThat(followed.takeTouches()).containsExactly("0 a RENAME_FROM", "0 c RENAME_TO");
    server.send("SETBIT", "c", "100", "1");
    server.send("BITFIELD", "c", "SET", "u8", "0", "1", "SET", "u8", "8", "1");
    server.send("BITOP", "OR", "d", "c");
    server.send("BITOP", "OR", "d", "nothing");
    assertThat(followed.takeTouches())
        .containsExactly("0 c SETBIT", "0 c SETBIT", "0 d SET", "0 d DEL");
    server.send("MOVE", "b", "1");
    assertThat(followed.takeTouches()).containsExactly("0 b MOVE_FROM", "1 b MOVE_TO");
    server.advance(Duration.ofSeconds(3));
    assertThat(followed.takeTouches()).containsExactly("0 c EXPIRED");
  }

  /** As redis-server counts rdb_changes_since_last_save: a key that expires is not counted. */
  @Test
  void changesAreCountedWhetherAnybodyListensOrNot() {
    assertCounted(3, "MSET a 1 b 2 c 3");
    assertCounted(2, "DEL a b nothing");
    assertCounted(2, "BITFIELD bits SET u8 0 1 SET u8 8 0");
    assertCounted(1, "BITFIELD bits SET u8 0 1 SET u8 8 1 GET u8 0");
    assertCounted(3, "BITFIELD bits SET u8 0 2 INCRBY u8 0 1 SET u8 0 2");
    assertCounted(0, "SETBIT bits 15 1");
    assertCounted(1, "SETBIT bits 16 0");
    assertCounted(1, "DEL bits");
    assertCounted(0, "GET c");
    assertCounted(1, "SET a 1 EX 10");
    assertCounted(1, "EXPIRE a 9");
    assertCounted(1, "GETEX a EX 8");
    assertCounted(1, "RENAME a b");
    assertCounted(1, "COPY b a");
    assertCounted(1, "MOVE a 1");
    assertCounted(1, "SWAPDB 0 1");
    assertCounted(3, "FLUSHALL");
    assertCounted(0, "FLUSHALL");
    assertCounted(1, "SET a 1 PX 1");
    server.advance(Duration.ofMillis(5));
    unfollowed.advance(Duration.ofMillis(5));
    assertCounted(0, "GET a");
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(1);
  }

  private void assertCounted(int changes, String command) {
    for (TestServer each : new TestServer[] {server, unfollowed}) {
      long before = each.engine().unit().changeCount();
      each.send(command.split(" ", -1));
      assertThat(each.engine().unit().changeCount() - before).as(command).isEqualTo(changes);
    }
  }
}
