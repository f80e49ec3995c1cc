package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Followed;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HyperLogLogCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String NOT_A_SKETCH =
      "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n";
  private static final String DAMAGED = "-INVALIDOBJ Corrupted HLL object detected\r\n";
  private static final String EMPTY = "HYLL\1\0\0\0\0\0\0\0\0\0\0\u0080\u007f\u00ff";

  private final TestServer server = TestServer.start();

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  private String get(String key) {
    String reply = server.send("GET", key);
    return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
  }

  private void fill(String key, int elements) {
    server.send("PFADD", key);
    for (int from = 0; from < elements; from += 500) {
      Stream<String> some =
          IntStream.range(from, Math.min(elements, from + 500)).mapToObj(i -> "element:" + i);
      server.send(Stream.concat(Stream.of("PFADD", key), some).toArray(String[]::new));
    }
  }

  @Test
  void elementsAreCountedOnce() {
    assertThat(server.send("PFADD", "k", "a", "b", "c")).isEqualTo(":1\r\n");
    assertThat(server.send("PFADD", "k", "c", "a")).isEqualTo(":0\r\n");
    assertThat(server.send("PFCOUNT", "k")).isEqualTo(":3\r\n");
    assertThat(server.send("PFADD", "l", "c", "d")).isEqualTo(":1\r\n");
    assertThat(server.send("PFCOUNT", "k", "nothing", "l")).isEqualTo(":4\r\n");
    assertThat(server.send("PFMERGE", "m", "k", "l")).isEqualTo(OK);
    assertThat(server.send("PFCOUNT", "m")).isEqualTo(":4\r\n");
    assertThat(server.send("PFCOUNT", "nothing")).isEqualTo(":0\r\n");
  }

  @Test
  void aNewOneIsARawStringThatHasMetNothing() {
    assertThat(server.send("PFADD", "k")).isEqualTo(":1\r\n");
    assertThat(server.send("PFADD", "k")).isEqualTo(":0\r\n");
    assertThat(get("k")).isEqualTo(EMPTY);
    assertThat(server.send("PFMERGE", "m")).isEqualTo(OK);
    assertThat(get("m")).isEqualTo(EMPTY);
    assertThat(server.send("OBJECT", "ENCODING", "m")).isEqualTo("$3\r\nraw\r\n");
  }

  @Test
  void whatWasCountedIsNotedInTheValue() {
    server.send("PFADD", "k", "a", "b", "c");
    String stale = get("k");
    assertThat(stale.substring(8, 16)).isEqualTo("\0\0\0\0\0\0\0\u0080");
    server.send("PFCOUNT", "k", "nothing");
    assertThat(get("k")).isEqualTo(stale);
    server.send("PFCOUNT", "k");
    assertThat(get("k").substring(8, 16)).isEqualTo("\3\0\0\0\0\0\0\0");
    server.send("PFADD", "k", "a");
    assertThat(get("k").substring(8, 16)).isEqualTo("\3\0\0\0\0\0\0\0");
    server.send("PFADD", "k", "d");
    assertThat(get("k").substring(8, 16)).isEqualTo("\3\0\0\0\0\0\0\u0080");
  }

  @Test
  void itBecomesDenseWhenItWouldBeTooLong() {
    TestServer small = TestServer.start("hll-sparse-max-bytes 21");
    small.send("PFADD", "k", "a");
    assertThat(small.send("PFDEBUG", "ENCODING", "k")).isEqualTo("+sparse\r\n");
    assertThat(small.send("STRLEN", "k")).isEqualTo(":21\r\n");
    small.send("PFADD", "k", "b");
    assertThat(small.send("PFDEBUG", "ENCODING", "k")).isEqualTo("+dense\r\n");
    assertThat(small.send("STRLEN", "k")).isEqualTo(":12304\r\n");
    assertThat(small.send("CONFIG", "SET", "hll-sparse-max-bytes", "22")).isEqualTo(OK);
    small.send("PFADD", "l", "a");
    assertThat(small.send("PFCOUNT", "k", "l")).isEqualTo(":2\r\n");
    assertThat(small.send("CONFIG", "SET", "hll-sparse-max-bytes", "0")).isEqualTo(OK);
    small.send("PFADD", "empty");
    assertThat(small.send("PFDEBUG", "ENCODING", "empty")).isEqualTo("+sparse\r\n");
  }

  @Test
  void manyElementsAreCountedAboutRight() {
    fill("k", 20_000);
    fill("l", 10_000);
    for (String key : new String[] {"k", "l"}) {
      String reply = server.send("PFCOUNT", key);
      double counted = Integer.parseInt(reply.substring(1, reply.length() - 2));
      assertThat(counted / (key.equals("k") ? 20_000 : 10_000)).isBetween(0.97, 1.03);
    }
    assertThat(server.send("PFCOUNT", "k", "l")).isEqualTo(server.send("PFCOUNT", "k"));
    server.send("PFMERGE", "l", "k");
    assertThat(server.send("PFCOUNT", "l")).isEqualTo(server.send("PFCOUNT", "k"));
    assertThat(get("l")).isEqualTo(get("k"));
  }

  @Test
  void aDenseOneIsChangedInPlace() {
    fill("k", 5000);
    Slice before = new Slice().set(found("k"));
    for (int i = 0; i < 1000; i++) {
      server.send("PFADD", "k", "more:" + i);
      server.send("PFCOUNT", "k");
    }
    server.send("PFMERGE", "k", "k");
    Slice after = found("k");
    assertThat(after.array).isSameAs(before.array);
    assertThat(after.offset).isEqualTo(before.offset);
  }

  private Slice found(String key) {
    Entry entry = new Entry();
    Slice name = Slice.of(key);
    Database database = server.engine().keyspace().database(0);
    assertThat(database.find(name, database.hash(name), entry)).isTrue();
    return entry.string().bytes();
  }

  @Test
  void aSnapshotKeepsWhatItHas() {
    for (int elements : new int[] {0, 3, 300, 5000}) {
      for (String command : new String[] {"PFADD k new x y z", "PFCOUNT k", "PFMERGE k other"}) {
        server.send("DEL", "k");
        server.send("PFADD", "other", "more");
        fill("k", elements);
        byte[] before = found("k").toByteArray();
        try (FrozenKeyspace frozen = server.engine().keyspace().freeze()) {
          assertThat(server.send(command.split(" "))).doesNotStartWith("-");
          assertThat(found("k").toByteArray()).isNotEqualTo(before);
          Entry entry = new Entry();
          frozen.rewind(0);
          while (frozen.next(0, entry)) {
            if (entry.key().contentEquals(Slice.of("k"))) {
              assertThat(entry.string().bytes().toByteArray()).as(command).isEqualTo(before);
            }
          }
        }
      }
    }
  }

  @Test
  void whatIsNoSketchIsRefused() {
    server.send("SET", "t", "text");
    server.send("SET", "i", "12345678901234567");
    server.send("SET", "d", "HYLL\0\0\0\0\0\0\0\0\0\0\0\u0080\0");
    for (String key : new String[] {"t", "i", "d"}) {
      String before = get(key);
      assertThat(server.send("PFADD", key, "x")).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFADD", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFCOUNT", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFCOUNT", "nothing", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFMERGE", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFMERGE", "new", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(server.send("PFDEBUG", "ENCODING", key)).isEqualTo(NOT_A_SKETCH);
      assertThat(get(key)).isEqualTo(before);
    }
    assertThat(server.send("EXISTS", "new")).isEqualTo(":0\r\n");
  }

  @Test
  void damageIsFoundWhereTheRegistersAreRead() {
    String damaged = "HYLL\1\0\0\0\5\0\0\0\0\0\0\0\u007f\u00fe";
    server.send("SET", "d", damaged);
    assertThat(server.send("PFCOUNT", "d")).isEqualTo(":5\r\n");
    assertThat(server.send("PFCOUNT", "d", "nothing")).isEqualTo(DAMAGED);
    assertThat(server.send("PFMERGE", "new", "d")).isEqualTo(DAMAGED);
    assertThat(server.send("PFDEBUG", "TODENSE", "d")).isEqualTo(DAMAGED);
    assertThat(server.send("PFDEBUG", "GETREG", "d")).isEqualTo(DAMAGED);
    assertThat(get("d")).isEqualTo(damaged);
    assertThat(server.send("PFADD", "d", "x")).isEqualTo(":1\r\n");
    assertThat(server.send("PFCOUNT", "d")).isEqualTo(DAMAGED);
  }

  /** A string that no client would wait for, if anybody read all of it. */
  @Test
  void longStringsThatClaimToBeSparseAreRefusedAtOnce() {
    server.send("SET", "d", EMPTY);
    server.send("SETRANGE", "d", "50000000", "x");
    assertThat(server.send("PFADD", "d", "x")).isEqualTo(DAMAGED);
    assertThat(server.send("PFCOUNT", "d")).isEqualTo(DAMAGED);
    assertThat(server.send("PFCOUNT", "d", "d")).isEqualTo(DAMAGED);
    assertThat(server.send("PFMERGE", "d")).isEqualTo(DAMAGED);
    assertThat(server.send("PFDEBUG", "TODENSE", "d")).isEqualTo(DAMAGED);
  }

  @Test
  void followersAreToldWhatHasChanged() {
    Followed followed = Followed.by(server);
    assertTold(followed, "PFADD k a b", "0 PFADD k a b");
    assertTold(followed, "PFADD k a b");
    assertTold(followed, "PFADD k");
    assertTold(followed, "PFCOUNT k", "0 PFCOUNT k");
    assertTold(followed, "PFCOUNT k");
    assertTold(followed, "PFCOUNT k k");
    assertTold(followed, "PFMERGE l k", "0 PFMERGE l k");
    assertTold(followed, "PFMERGE l k", "0 PFMERGE l k");
    assertTold(followed, "PFCOUNT l k");
    assertTold(followed, "PFDEBUG ENCODING k");
    assertTold(followed, "PFDEBUG DECODE k");
    assertTold(followed, "PFDEBUG TODENSE k", "0 PFDEBUG TODENSE k");
    assertTold(followed, "PFDEBUG TODENSE k");
    assertTold(followed, "PFDEBUG GETREG k");
    assertTold(followed, "pfdebug getreg l", "0 pfdebug getreg l");
    assertTold(followed, "PFADD k c", "0 PFADD k c");
    assertTold(followed, "PFADD new", "0 PFADD new");
  }

  private void assertTold(Followed followed, String command, String... told) {
    followed.take();
    assertThat(server.send(command.split(" "))).doesNotStartWith("-");
    assertThat(followed.take()).as(command).containsExactly(told);
  }

  @Test
  void touchesNameTheKeyThatWasChanged() {
    Followed followed = Followed.by(server);
    server.send("PFADD", "k", "a");
    assertThat(followed.takeTouches()).containsExactly("0 k PFADD");
    server.send("PFCOUNT", "k");
    assertThat(followed.takeTouches()).containsExactly("0 k COUNTED");
    server.send("PFMERGE", "l", "k");
    assertThat(followed.takeTouches()).containsExactly("0 l PFADD");
    server.send("PFDEBUG", "TODENSE", "l");
    assertThat(followed.takeTouches()).isEmpty();
  }

  /** As redis-server counts rdb_changes_since_last_save. */
  @Test
  void changesAreCountedByElements() {
    assertCounted(4, "PFADD k a b c");
    assertCounted(0, "PFADD k a b c");
    assertCounted(1, "PFADD k a d");
    assertCounted(1, "PFADD l");
    assertCounted(1, "PFCOUNT k");
    assertCounted(0, "PFCOUNT k");
    assertCounted(1, "PFMERGE l k");
    assertCounted(1, "PFDEBUG TODENSE l");
    assertCounted(2, "PFADD l e f a");
  }

  private void assertCounted(int changes, String command) {
    long before = server.engine().unit().changeCount();
    server.send(command.split(" "));
    assertThat(server.engine().unit().changeCount() - before).as(command).isEqualTo(changes);
  }

  @Test
  void registersAndRunsAreShown() {
    server.send("PFADD", "k", "a");
    assertThat(get("k")).hasSize(21);
    String runs = "Z:12711 v:2,1 Z:3672";
    assertThat(server.send("PFDEBUG", "DECODE", "k"))
        .isEqualTo("$" + runs.length() + "\r\n" + runs + "\r\n");
    String registers = ":0\r\n".repeat(12_711) + ":2\r\n" + ":0\r\n".repeat(3672);
    assertThat(server.send("PFDEBUG", "GETREG", "k")).isEqualTo("*16384\r\n" + registers);
    assertThat(server.send("PFDEBUG", "DECODE", "k"))
        .isEqualTo("-ERR HLL encoding is not sparse\r\n");
    assertThat(server.send("PFDEBUG", "FOO", "k"))
        .isEqualTo("-ERR Unknown PFDEBUG subcommand 'FOO'\r\n");
    assertThat(server.send("PFDEBUG", "FOO", "nothing"))
        .isEqualTo("-ERR The specified key does not exist\r\n");
  }

  @Test
  void theSelfTestPasses() {
    assertThat(server.send("PFSELFTEST")).isEqualTo(OK);
  }

  @Test
  void withoutMemoryNothingIsLeftHalfDone() {
    String last = "99999999";
    assertThat(server.send("SETRANGE", "a", last, "x")).isEqualTo(":100000000\r\n");
    assertThat(server.send("SETRANGE", "b", last, "x")).isEqualTo(":100000000\r\n");
    String full = "-" + CommandError.OUT_OF_MEMORY.line() + "\r\n";
    int keys = 10_000;
    for (int i = 0; i < keys; i++) {
      fill("k" + i, 10);
    }
    int dense = 0;
    while (dense < keys && !server.send("PFDEBUG", "TODENSE", "k" + dense).equals(full)) {
      dense++;
    }
    assertThat(dense).isBetween(1, keys - 1);
    String sparse = "k" + dense;
    assertThat(server.send("GETRANGE", sparse, "4", "4")).isEqualTo("$1\r\n\u0001\r\n");
    assertThat(server.send("PFCOUNT", sparse)).isEqualTo(":10\r\n");
    assertThat(server.send("PFMERGE", "new", "k0")).isEqualTo(full);
    assertThat(server.send("DBSIZE")).isEqualTo(":" + (keys + 2) + "\r\n");
  }
}
