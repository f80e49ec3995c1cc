package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.structure.OldFormats;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Payloads in which bytes were changed, cut or moved, with a right checksum. Each is refused or
 * makes a value that is valid, and the server goes on.
 */
final class MutatedPayloadsTest {

  private static final int ROUNDS = 200;

  /** One value of so many is not only read. */
  private static final int USED_SHARE = 16;

  /** What DUMP of a redis-server 7.0.15 replied: two nodes, two groups, two consumers. */
  private static final String GROUPS =
      "1302100000000000000001000000000000000128280000000f000201000101018166020001020100"
          + "01000181760204010201000101018177020401ff10000000000000000100000000000000032e2e00"
          + "000011000201000101018166020001020100010001817702040100010101dffd0201018167028178"
          + "020601ff0402000101000004020167020004030000000000000001000000000000000145b3e2f9a1"
          + "010000010000000000000001000000000000000345b3e2f9a1010000010000000000000002000000"
          + "000000000045b3e2f9a10100000102016345b3e2f9a1010000020000000000000001000000000000"
          + "000100000000000000010000000000000003016445b3e2f9a1010000010000000000000002000000"
          + "00000000000168010381ffffffffffffffff0000";

  /** Each makes a value of the key k. */
  private static final List<String> VALUES =
      List.of(
          "SET k hello",
          "SET k 1234567890",
          "SETRANGE k 3000 x",
          "RPUSH k a 1 -1000 bcd 70000 5000000000",
          "RPUSH k " + "element ".repeat(40) + "last",
          "HSET k a b c 12 d -70000 e fgh",
          "CONFIG SET hash-max-listpack-entries 2;HSET k a b c d e f g 1",
          "SADD k 1 2 300 -4",
          "SADD k 1 70000",
          "SADD k 1 5000000000",
          "SADD k a 1 bcd 70000",
          "CONFIG SET set-max-listpack-entries 2;SADD k a b c 17 70000",
          "XADD k 1-1 f v;XADD k 1-2 f w;XADD k 5-0 f w g 7000;XDEL k 1-2",
          "RESTORE k 0 " + GROUPS,
          "ZADD k 1 a 2 b 2 c 2.5 d -inf e inf f 1e300 12",
          "CONFIG SET zset-max-listpack-entries 2;ZADD k 1 a 2 b 2 c 2.5 d -inf e inf f -0 12",
          "ZADD k 1 " + "x".repeat(70) + " 2 y",
          "CONFIG SET list-max-listpack-size 2;RPUSH k a b c d e f g;RPUSH k " + "x".repeat(9000));

  /** These need the version of RDB that has a place for the times. */
  private static final List<String> TIMED_VALUES =
      List.of(
          "HSET k a b c 12 d -70000;HSETEX k PX 70000 FIELDS 2 e f g 1;HPEXPIRE k 5 FIELDS 1 c",
          "CONFIG SET hash-max-listpack-entries 2;HSET k a b c d e f g 1;"
              + "HPEXPIRE k 70000 FIELDS 2 a e;HPEXPIRE k 5 FIELDS 1 g");

  private final long seed = Seed.of(MutatedPayloadsTest.class);
  private final Random random = new Random(seed);
  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final PayloadCheck check = new PayloadCheck(server);

  private int refused;
  private int accepted;

  /** The type and value of each payload that is mutated. */
  private List<byte[]> originals() {
    List<byte[]> originals = new ArrayList<>();
    // What has expired stays where nobody asks for it.
    server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    for (String version : List.of("10", "11")) {
      for (String compression : List.of("yes", "no")) {
        server.send("CONFIG", "SET", "rdb-version", version);
        server.send("CONFIG", "SET", "rdbcompression", compression);
        for (String commands : VALUES) {
          originals.add(made(commands));
        }
      }
    }
    server.send("CONFIG", "SET", "rdb-version", "12");
    for (String commands : TIMED_VALUES) {
      byte[] timed = made(commands);
      originals.add(timed);
      // The older layouts have no earliest time in front.
      byte[] older = new byte[timed.length - 8];
      older[0] = (byte) (timed[0] - 2);
      System.arraycopy(timed, 9, older, 1, older.length - 1);
      originals.add(older);
    }
    originals.addAll(ofOldFormats());
    return originals;
  }

  private byte[] made(String commands) {
    for (String command : commands.split(";", -1)) {
      String[] words = command.split(" ", -1);
      if (words[0].equals("RESTORE")) {
        words[3] = Payloads.ofHex(words[3]);
      }
      assertThat(server.send(words)).doesNotStartWith("-");
    }
    byte[] made = check.dumped();
    server.send("CONFIG", "SET", "list-max-listpack-size", "-2");
    server.send("CONFIG", "SET", "zset-max-listpack-entries", "128");
    server.send("CONFIG", "SET", "hash-max-listpack-entries", "512");
    server.send("CONFIG", "SET", "set-max-listpack-entries", "128");
    server.send("DEL", "k");
    return made;
  }

  private static List<byte[]> ofOldFormats() {
    List<byte[]> elements = new ArrayList<>();
    for (String element :
        List.of("a", "1", "bcd", "-70000", "17", "2.5", "fghijkl", "5000000000")) {
      elements.add(element.getBytes(ISO_8859_1));
    }
    byte[] ziplist = OldFormats.ziplist(elements);
    return List.of(
        value(RdbType.HASH_ZIPLIST, -1, new String(ziplist, ISO_8859_1)),
        value(RdbType.HASH_ZIPMAP, -1, new String(OldFormats.zipmap(elements, 1), ISO_8859_1)),
        value(RdbType.SORTED_SET_ZIPLIST, -1, new String(ziplist, ISO_8859_1)),
        HexFormat.of().parseHex("0303" + "0161" + "03312e35" + "0162" + "ff" + "c00c" + "023137"),
        value(RdbType.LIST, 2, "a", "bc"),
        value(RdbType.LIST_ZIPLIST, -1, new String(ziplist, ISO_8859_1)),
        value(
            RdbType.LIST_ZIPLISTS,
            2,
            new String(ziplist, ISO_8859_1),
            new String(ziplist, ISO_8859_1)));
  }

  /** A type, a number unless it is negative, and strings. */
  private static byte[] value(int type, int number, String... strings) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(type);
    if (number >= 0) {
      bytes.write(number);
    }
    for (String string : strings) {
      bytes.write(string.length());
      bytes.writeBytes(string.getBytes(ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] typeAndValue) {
    String description = "seed " + seed + ": " + HexFormat.of().formatHex(typeAndValue);
    if (check.accepts(typeAndValue, description)) {
      if (accepted++ % USED_SHARE == 0) {
        check.use(description);
      }
    } else {
      refused++;
    }
  }

  @Test
  void originalsAreAccepted() {
    List<byte[]> originals = originals();
    originals.forEach(this::restore);
    assertThat(accepted).isEqualTo(originals.size());
  }

  @Test
  void eachByteChanged() {
    for (byte[] original : originals()) {
      int last = Math.min(original.length, 300);
      for (int at = 0; at < last; at++) {
        for (int change : new int[] {1, 0x80, 0xff, 1 + random.nextInt(255)}) {
          byte[] mutated = original.clone();
          mutated[at] ^= (byte) change;
          restore(mutated);
        }
      }
    }
    verify();
  }

  @Test
  void cutAtEachByte() {
    for (byte[] original : originals()) {
      int last = Math.min(original.length, 300);
      for (int length = 0; length < last; length++) {
        restore(Arrays.copyOf(original, length));
      }
    }
    assertThat(accepted).isZero();
    verify();
  }

  @Test
  void anyMutations() {
    List<byte[]> originals = originals();
    for (byte[] original : originals) {
      for (int i = 0; i < ROUNDS; i++) {
        byte[] mutated = original.clone();
        for (int n = random.nextInt(4); n >= 0 && mutated.length > 0; n--) {
          mutated = mutate(mutated, originals.get(random.nextInt(originals.size())));
        }
        restore(mutated);
      }
    }
    verify();
  }

  /** Changes, removes, repeats or puts in some bytes, more often in front. */
  private byte[] mutate(byte[] bytes, byte[] other) {
    int at = Math.min(random.nextInt(bytes.length), random.nextInt(bytes.length));
    int length = Math.min(1 + random.nextInt(8), bytes.length - at);
    ByteArrayOutputStream mutated = new ByteArrayOutputStream();
    mutated.write(bytes, 0, at);
    int kept = at + length;
    switch (random.nextInt(5)) {
      case 0 -> {
        byte[] any = new byte[length];
        random.nextBytes(any);
        mutated.writeBytes(any);
      }
      case 1 -> mutated.write(random.nextBoolean() ? 0xff : random.nextInt(4));
      case 2 -> mutated.write(bytes, at, length);
      case 3 -> {
        int from = random.nextInt(other.length);
        mutated.write(other, from, Math.min(other.length - from, random.nextInt(30)));
      }
      default -> {
        // The bytes are gone.
      }
    }
    if (random.nextInt(3) == 0) {
      kept = at;
    }
    mutated.write(bytes, kept, bytes.length - kept);
    return mutated.toByteArray();
  }

  private void verify() {
    assertThat(refused).as("seed %d", seed).isGreaterThan(ROUNDS);
    assertThat(server.send("PING")).isEqualTo("+PONG\r\n");
    server.send("FLUSHALL");
    server.engine().keyspace().validate();
  }
}
