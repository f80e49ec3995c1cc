package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The bitmap commands in a whole server, against sets of bits and under frozen views. Replies to
 * all kinds of arguments are held against a real server in the differential tests.
 */
final class BitmapCommandsTest {

  private static final String NULL = "$-1\r\n";

  private final TestServer server = TestServer.start();
  private final Map<String, BitSet> model = new HashMap<>();
  private final Map<String, Integer> lengths = new HashMap<>();
  private final long seed = Seed.of(BitmapCommandsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);

  private String send(String command) {
    return server.send(command.split(" ", -1));
  }

  private void assertInteger(String command, long expected) {
    assertThat(send(command)).as("%s, seed %d", command, seed).isEqualTo(":" + expected + "\r\n");
  }

  private BitSet bits(String key) {
    return model.computeIfAbsent(key, name -> new BitSet());
  }

  private String randomKey() {
    return "bits" + random.nextInt(5);
  }

  /** Mostly short, sometimes so far that the string moves into a block, and into a large one. */
  private int randomBit() {
    return random.nextInt(
        switch (random.nextInt(8)) {
          case 0 -> 4_000_000;
          case 1, 2 -> 30_000;
          default -> 600;
        });
  }

  @Test
  void randomCommandsAgreeWithSetsOfBits() {
    for (int i = 0; i < 5_000; i++) {
      String key = randomKey();
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> setbit(key);
        case 3, 4 -> bitfield(key);
        case 5, 6 -> bitop(key);
        case 7 -> {
          send("DEL " + key);
          bits(key).clear();
          lengths.remove(key);
        }
        default -> ask(key);
      }
    }
    server.engine().keyspace().validate();
  }

  private void setbit(String key) {
    int bit = randomBit();
    boolean on = random.nextBoolean();
    assertInteger("SETBIT " + key + " " + bit + " " + (on ? 1 : 0), bits(key).get(bit) ? 1 : 0);
    bits(key).set(bit, on);
    lengths.merge(key, bit / 8 + 1, Math::max);
  }

  private void bitfield(String key) {
    int width = 1 + random.nextInt(63);
    int bit = randomBit();
    long number = random.nextLong() >>> (64 - width);
    String command = "BITFIELD " + key + " SET u" + width + " " + bit + " " + number;
    assertThat(send(command)).as(command).isEqualTo("*1\r\n:" + field(key, bit, width) + "\r\n");
    for (int i = 0; i < width; i++) {
      bits(key).set(bit + i, (number >>> (width - 1 - i) & 1) != 0);
    }
    lengths.merge(key, (bit + width - 1) / 8 + 1, Math::max);
    assertThat(field(key, bit, width)).isEqualTo(number);
  }

  private long field(String key, int bit, int width) {
    long field = 0;
    for (int i = 0; i < width; i++) {
      field = field << 1 | (bits(key).get(bit + i) ? 1 : 0);
    }
    return field;
  }

  private void bitop(String target) {
    String[] operations = {"AND", "OR", "XOR", "NOT"};
    String operation = operations[random.nextInt(4)];
    int sources = operation.equals("NOT") ? 1 : 1 + random.nextInt(3);
    StringBuilder command = new StringBuilder("BITOP " + operation + " " + target);
    BitSet result = new BitSet();
    int length = 0;
    for (int i = 0; i < sources; i++) {
      String source = randomKey();
      command.append(' ').append(source);
      length = Math.max(length, lengths.getOrDefault(source, 0));
      BitSet next = bits(source);
      if (operation.equals("AND") && i > 0) {
        result.and(next);
      } else if (operation.equals("XOR")) {
        result.xor(next);
      } else {
        result.or(next);
      }
    }
    if (operation.equals("NOT")) {
      result.flip(0, 8 * length);
    }
    assertInteger(command.toString(), length);
    model.put(target, result);
    if (length == 0) {
      lengths.remove(target);
    } else {
      lengths.put(target, length);
    }
  }

  private void ask(String key) {
    BitSet bits = bits(key);
    int length = lengths.getOrDefault(key, 0);
    assertInteger("STRLEN " + key, length);
    assertInteger("BITCOUNT " + key, bits.cardinality());
    assertInteger("BITPOS " + key + " 1", bits.nextSetBit(0));
    int bit = randomBit();
    assertInteger("GETBIT " + key + " " + bit, bits.get(bit) ? 1 : 0);
    if (length > 0) {
      int first = random.nextInt(8 * length);
      int last = first + random.nextInt(8 * length - first);
      String range = first + " " + last + " BIT";
      int inside = bits.get(first, last + 1).cardinality();
      assertInteger("BITCOUNT " + key + " " + range, inside);
      int clear = bits.nextClearBit(first);
      assertInteger("BITPOS " + key + " 0 " + range, clear <= last ? clear : -1);
    }
  }

  /** The text of a key as a view sees it. */
  private static String seen(FrozenKeyspace view, String key) {
    Entry entry = new Entry();
    view.rewind(0);
    while (view.next(0, entry)) {
      if (entry.key().toString().equals(key)) {
        return text(entry);
      }
    }
    return "";
  }

  private static String text(Entry entry) {
    return new String(entry.string().bytes().toByteArray(), StandardCharsets.ISO_8859_1);
  }

  private void fill(String key, String letter, int length) {
    String piece = letter.repeat(Math.min(length, 5_000));
    server.send("SET", key, piece);
    for (int filled = piece.length(); filled < length; filled += piece.length()) {
      server.send("APPEND", key, piece);
    }
    assertInteger("STRLEN " + key, length);
  }

  /** Writing in place must not be seen by a snapshot, whose assertions would fail first. */
  @Test
  void aViewKeepsWhatItSaw() {
    for (int length : new int[] {5, 500, 5_000, 500_000}) {
      String text = "x".repeat(length);
      for (String command :
          new String[] {
            "SETBIT key 0 1",
            "SETBIT key 4 0",
            "SETBIT key 5000000 1",
            "BITFIELD key SET u8 8 1",
            "BITFIELD key INCRBY i64 3 77 SET u8 6000000 9",
            "BITOP NOT key key",
            "BITOP AND key other",
            "BITOP XOR key key other",
            "BITOP OR key nothing"
          }) {
        fill("key", "x", length);
        fill("other", "o", length);
        try (FrozenKeyspace view = server.engine().keyspace().freeze()) {
          assertThat(send(command)).as(command).doesNotStartWith("-");
          boolean isKept = seen(view, "key").equals(text);
          assertThat(isKept).as("%s, %d bytes", command, length).isTrue();
        }
        boolean isChanged = !send("GET key").equals("$" + length + "\r\n" + text + "\r\n");
        assertThat(isChanged).as(command).isTrue();
        server.engine().keyspace().validate();
      }
    }
  }

  @Test
  void aLargeBitmapIsWrittenInPlace() {
    send("SETBIT large 79999999 1");
    send("BITOP NOT target large");
    long usedBytes = server.engine().keyspace().usedBytes();
    for (int i = 0; i < 100; i++) {
      assertInteger("SETBIT large " + i * 7919 + " 1", 0);
      assertThat(send("BITFIELD large INCRBY u8 #" + i * 911 + " 1")).startsWith("*1\r\n:");
      assertInteger("BITOP XOR target large target", 10_000_000);
      assertInteger("BITOP NOT target large", 10_000_000);
    }
    assertThat(server.engine().keyspace().usedBytes()).isEqualTo(usedBytes);
  }

  @Test
  void whatBitopWritesWasUsedJustNow() {
    send("SET source abc");
    send("SET target abc");
    send("SET fleeting abc EX 1000");
    for (String target : new String[] {"target", "fleeting"}) {
      server.advance(Duration.ofSeconds(30));
      assertInteger("OBJECT IDLETIME " + target, 30L * (target.equals("target") ? 1 : 2));
      assertInteger("BITOP NOT " + target + " source", 3);
      assertInteger("OBJECT IDLETIME " + target, 0);
    }
  }

  @Test
  void aBitThatIsThatAlreadyIsNotWritten() {
    send("SETBIT key 8000000 1");
    try (FrozenKeyspace view = server.engine().keyspace().freeze()) {
      long usedBytes = server.engine().keyspace().usedBytes();
      assertInteger("SETBIT key 8000000 1", 1);
      assertInteger("SETBIT key 0 0", 0);
      assertThat(server.engine().keyspace().usedBytes()).isEqualTo(usedBytes);
      assertThat(seen(view, "key")).hasSize(1_000_001);
    }
  }

  @Test
  void overflowIsWhatWasAskedForLast() {
    assertThat(send("BITFIELD k OVERFLOW FAIL SET u8 0 256 OVERFLOW SAT SET u8 0 256 GET u8 0"))
        .isEqualTo("*3\r\n" + NULL + ":0\r\n:255\r\n");
    assertThat(send("BITFIELD k INCRBY u8 0 1 OVERFLOW FAIL INCRBY u8 0 -1"))
        .isEqualTo("*2\r\n:0\r\n" + NULL);
    send("HELLO 3");
    assertThat(send("BITFIELD k OVERFLOW FAIL INCRBY u8 0 -1")).isEqualTo("*1\r\n_\r\n");
  }

  @Test
  void nothingIsWrittenUnlessAllOfItIsValid() {
    send("SETBIT k 0 1");
    assertThat(send("BITFIELD k SET u8 0 7 SET u8 8 x")).startsWith("-ERR value is not an integer");
    assertThat(send("BITFIELD k SET u8 0 7 GET u64 8")).startsWith("-ERR Invalid bitfield type");
    assertThat(send("BITFIELD k SET u8 0 7 GET u8 -8")).startsWith("-ERR bit offset");
    assertThat(send("BITFIELD k SET u8 0 7 FOO")).startsWith("-ERR syntax");
    assertThat(send("BITFIELD k GET u8 0")).isEqualTo("*1\r\n:128\r\n");
    assertInteger("STRLEN k", 1);
  }
}
