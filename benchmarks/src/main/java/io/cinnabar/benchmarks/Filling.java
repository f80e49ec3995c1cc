package io.cinnabar.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Fills a server with one data type, and prints how many elements that is, and the longest pause of
 * the server's collector in milliseconds, while the first and while the last fifth of them came:
 * both make as much garbage, the last beside five times the data. {@code benchmarks/memory} runs
 * it.
 *
 * <p>Arguments: port, name of the load, percent of its elements, the safepoint log of the server's
 * JVM or a file that doesn't exist.
 */
final class Filling {

  private static final int PIPELINE = 64;
  private static final int PARTS = 5;

  /** What is sent for element number 0; in the others {@value #MARK} counts up. */
  private enum Load {
    HASHES(1_000_000, hset("hash:" + Filling.MARK, 5)),
    HASH(5_000_000, "HSET", "hash", "field:" + Filling.MARK, "value"),
    SET(5_000_000, "SADD", "set", "member:" + Filling.MARK),
    // The same digits once more as the score, so that each has one of its own.
    ZSET(5_000_000, "ZADD", "zset", Filling.MARK, "member:" + Filling.MARK),
    LISTS(1_000_000, rpush("list:" + Filling.MARK, 10)),
    STREAM(5_000_000, "XADD", "stream", "*", "field", "value:" + Filling.MARK);

    private final int elements;

    /** None of its words has a space in it. */
    private final String command;

    Load(int elements, String... words) {
      this.elements = elements;
      this.command = String.join(" ", words);
    }

    private static String[] hset(String key, int fields) {
      String[] words = new String[2 + 2 * fields];
      words[0] = "HSET";
      words[1] = key;
      for (int i = 0; i < fields; i++) {
        words[2 + 2 * i] = "field" + i;
        words[3 + 2 * i] = "value" + i;
      }
      return words;
    }

    private static String[] rpush(String key, int elements) {
      String[] words = new String[2 + elements];
      words[0] = "RPUSH";
      words[1] = key;
      for (int i = 0; i < elements; i++) {
        words[2 + i] = "element" + i;
      }
      return words;
    }
  }

  private static final String MARK = "00000000";
  private static final byte[] MARK_BYTES = MARK.getBytes(StandardCharsets.ISO_8859_1);

  private final RespConnection connection;
  private final byte[] command;
  private final int[] marks;

  private Filling(RespConnection connection, Load load) {
    this.connection = connection;
    command = RespConnection.encode(load.command.split(" ", -1));
    marks = marksIn(command);
  }

  public static void main(String[] arguments) throws IOException {
    Load load = Load.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    int elements = (int) ((long) load.elements * Integer.parseInt(arguments[2]) / 100);
    long[] ends = new long[PARTS + 1];
    try (RespConnection connection = new RespConnection(Integer.parseInt(arguments[0]))) {
      Filling filling = new Filling(connection, load);
      ends[0] = System.nanoTime();
      for (int part = 0; part < PARTS; part++) {
        int from = (int) ((long) elements * part / PARTS);
        filling.send(from, (int) ((long) elements * (part + 1) / PARTS));
        ends[part + 1] = System.nanoTime();
      }
    }
    Path log = Path.of(arguments[3]);
    CollectorLog collector = Files.exists(log) ? new CollectorLog(log) : CollectorLog.NONE;
    System.out.printf(
        Locale.ROOT,
        "%d %.2f %.2f%n",
        elements,
        collector.pausesBetween(ends[0], ends[1]).percentileMillis(100),
        collector.pausesBetween(ends[PARTS - 1], ends[PARTS]).percentileMillis(100));
  }

  private static int[] marksIn(byte[] command) {
    int[] found = new int[2];
    int count = 0;
    for (int at = 0; at + MARK_BYTES.length <= command.length; at++) {
      if (Arrays.mismatch(command, at, at + MARK_BYTES.length, MARK_BYTES, 0, MARK_BYTES.length)
          < 0) {
        found[count++] = at + MARK_BYTES.length;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private void send(int from, int to) throws IOException {
    int pending = 0;
    for (int i = from; i < to; i++) {
      for (int mark : marks) {
        int at = mark;
        for (int rest = i; rest > 0; rest /= 10) {
          command[--at] = (byte) ('0' + rest % 10);
        }
      }
      connection.write(command);
      if (++pending == PIPELINE || i == to - 1) {
        connection.flush();
        skipReplies(pending);
        pending = 0;
      }
    }
  }

  /** An XADD replies with a bulk string, the others with a number. */
  private void skipReplies(int count) throws IOException {
    connection.skipLines(isXadd() ? 2 * count : count);
  }

  private boolean isXadd() {
    // Behind "*5\r\n$4\r\n".
    return command[8] == 'X';
  }
}
