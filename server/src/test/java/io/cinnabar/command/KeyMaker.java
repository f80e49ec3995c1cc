package io.cinnabar.command;

import io.cinnabar.TestServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Makes the keys that the lines of writes.txt name, and tells what there is. */
final class KeyMaker {

  private static final String CROWD = "crowd";

  private final TestServer server;

  /** What DUMP makes of them, so that they need not be made again. */
  private final Map<String, String> payloads = new HashMap<>();

  KeyMaker(TestServer server) {
    this.server = server;
  }

  static String[] split(String line) {
    return line.substring(isCrowded(line) ? 1 : 0).split(" ", -1);
  }

  private static boolean isCrowded(String line) {
    return line.startsWith("*");
  }

  /** The words of a line's command. */
  String[] words(String line) {
    String[] words = split(line);
    for (int i = 0; i < words.length; i++) {
      if (words[i].startsWith("dump(")) {
        String key = words[i].substring(5, words[i].length() - 1);
        server.send("FLUSHALL");
        make(key);
        words[i] = Objects.requireNonNull(payloads.get(key));
      } else if (words[i].startsWith("x*")) {
        words[i] = "x".repeat(Integer.parseInt(words[i].substring(2)));
      }
    }
    return words;
  }

  /** Has the server hold the keys of these words, and no others but for the crowd. */
  void make(String line, String[] words) {
    server.send("FLUSHALL");
    if (isCrowded(line)) {
      many(2000, i -> List.of(CROWD + i, ""), "MSET");
    }
    for (String word : words) {
      make(word);
    }
  }

  private void make(String key) {
    if (payloads.containsKey(key)) {
      server.send("RESTORE", key, "0", payloads.get(key), "REPLACE");
      return;
    }
    boolean isOne = makeString(key) || makeCollection(key);
    if (isOne && !key.equals("mortal") && !hasMortalFields(key)) {
      String dump = server.send("DUMP", key);
      payloads.put(key, dump.substring(dump.indexOf('\n') + 1, dump.length() - 2));
    }
  }

  private boolean makeString(String key) {
    switch (key) {
      case "str" -> server.send("SET", key, "abc");
      case "int" -> server.send("SET", key, "17");
      case "text" -> server.send("SET", key, "t".repeat(3000));
      case "huge" -> server.send("SETRANGE", key, "400000", "x");
      case "mortal" -> server.send("SET", key, "abc", "EX", "100000");
      case "hll" -> many(100, i -> List.of("e" + i), "PFADD", key);
      case "dense" -> many(5000, i -> List.of("e" + i), "PFADD", key);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean makeCollection(String key) {
    switch (key) {
      case "list:s" -> server.send("RPUSH", key, "a", "b", "c", "1", "2", "3");
      case "list:l" -> many(1500, i -> List.of("e" + i % 700), "RPUSH", key);
      case "list:h" -> server.send("RPUSH", key, "a", "x".repeat(9000), "b", "y".repeat(9000), "c");
      case "set:i" -> server.send("SADD", key, "1", "2", "3", "4", "5");
      case "set:s" -> server.send("SADD", key, "m1", "m2", "m3", "m4", "m5");
      case "set:l" -> many(1500, i -> List.of("m" + i), "SADD", key);
      case "set:j" -> many(600, i -> List.of("" + i), "SADD", key);
      case "hash:s" -> server.send("HSET", key, "f1", "v1", "f2", "v2", "f3", "3");
      case "hash:l" -> many(1500, i -> List.of("f" + i, "" + i), "HSET", key);
      case "hash:x" -> {
        server.send("HSET", key, "f1", "v1", "f2", "v2", "f3", "3");
        server.send("HPEXPIRE", key, "1000000", "FIELDS", "2", "f1", "f2");
      }
      case "hash:y" -> {
        many(600, i -> List.of("f" + i, "" + i), "HSET", key);
        many(300, i -> List.of("f" + i), "HPEXPIRE", key, "1000000", "FIELDS", "300");
      }
      case "zset:s" ->
          server.send("ZADD", key, "1", "m1", "2", "m2", "3", "m3", "3", "m4", "5", "m5");
      case "zset:l" -> many(1500, i -> List.of("" + i, "m" + i), "ZADD", key);
      case "zset:n" -> many(600, i -> List.of("0", "m" + i), "ZADD", key);
      case "geo" -> many(300, i -> List.of("10." + i, "20." + i, "m" + i), "GEOADD", key);
      case "stream:s" -> stream(key, 5);
      case "stream:l" -> stream(key, 500);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** A stream whose groups have read three quarters of it. */
  private void stream(String key, int count) {
    for (int i = 1; i <= count; i++) {
      server.send("XADD", key, i + "-1", "field", "value" + i, "other", "x".repeat(40));
    }
    for (String group : new String[] {"g", "h"}) {
      server.send("XGROUP", "CREATE", key, group, "0");
      read(key, group, "c", count / 2);
      read(key, group, "d", count / 4);
    }
  }

  private void read(String key, String group, String consumer, int count) {
    server.send("XREADGROUP", "GROUP", group, consumer, "COUNT", "" + count, "STREAMS", key, ">");
  }

  /** One command with many elements. */
  private void many(int count, IntFunction<List<String>> element, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    for (int i = 0; i < count; i++) {
      all.addAll(element.apply(i));
    }
    String reply = server.send(all.toArray(String[]::new));
    if (reply.startsWith("-")) {
      throw new IllegalStateException(words[0] + ": " + reply);
    }
  }

  /** A line for each key of databases 0 and 1, but for the crowd, with all that it holds. */
  String state() {
    StringBuilder state = new StringBuilder();
    for (String database : new String[] {"1", "0"}) {
      server.send("SELECT", database);
      for (String key : new TreeSet<>(elements(server.send("KEYS", "*")))) {
        if (!key.startsWith(CROWD)) {
          state
              .append(database)
              .append(' ')
              .append(key)
              .append(' ')
              .append(value(key))
              .append('\n');
        }
      }
    }
    return state.toString();
  }

  private String value(String key) {
    String type = server.send("TYPE", key);
    String more = "";
    if (type.contains("stream")) {
      // Groups aren't in the digest; how many blocks the entries lie in is not what counts.
      more =
          server
              .send("XINFO", "STREAM", key, "FULL", "COUNT", "0")
              .replaceAll("radix-tree-\\w+\r\n:\\d+", "");
    } else if (type.contains("hash") && hasMortalFields(key)) {
      more = fieldExpiries(key);
    }
    String digest = server.send("DEBUG", "DIGEST-VALUE", key);
    return (type + server.send("PEXPIRETIME", key) + digest + more).replace("\r\n", " ");
  }

  private static boolean hasMortalFields(String key) {
    return key.equals("hash:x") || key.equals("hash:y");
  }

  private String fieldExpiries(String key) {
    StringBuilder times = new StringBuilder();
    for (String field : new TreeSet<>(elements(server.send("HKEYS", key)))) {
      times.append(server.send("HPEXPIRETIME", key, "FIELDS", "1", field));
    }
    return times.toString();
  }

  /** The strings of an array. */
  private static List<String> elements(String reply) {
    String[] lines = reply.split("\r\n", -1);
    List<String> elements = new ArrayList<>();
    for (int i = 2; i < lines.length; i += 2) {
      elements.add(lines[i]);
    }
    return elements;
  }
}
