package io.cinnabar.persistence;

import io.cinnabar.TestServer;
import java.util.List;
import java.util.SplittableRandom;

/** Values of every type and encoding, and random changes to them. */
final class SampleData {

  /** Each makes or changes keys; all together make every encoding. */
  static final List<String> COMMANDS =
      List.of(
          "CONFIG SET hash-max-listpack-entries 4 set-max-listpack-entries 4"
              + " set-max-intset-entries 6 zset-max-listpack-entries 4 list-max-listpack-size 3",
          "SET int 12345",
          "SET embstr hello",
          "SETRANGE raw 3000 x",
          "SETRANGE block 200000 x",
          "SET expiring v PX 10000000",
          "RPUSH list a 1 -1000 bcd 70000 5000000000",
          "RPUSH list:small a b",
          "HSET hash:small a b c 12",
          "HSET hash a b c 12 d -70000 e fgh f g 1 2",
          "SADD intset 1 2 300 -4",
          "SADD set:small a 1 bcd",
          "SADD set a b c 17 70000 5000000000 z",
          "ZADD zset:small 1 a 2 b 2 c",
          "ZADD zset 1 a 2 b 2 c 2.5 d -inf e inf f 1e300 12",
          "XADD stream 1-1 f v",
          "XADD stream 1-2 f w",
          "XADD stream 5-0 f w g 7000",
          "XDEL stream 1-2",
          "XGROUP CREATE stream group 0",
          "XREADGROUP GROUP group one COUNT 1 STREAMS stream >",
          "XREADGROUP GROUP group two COUNT 1 STREAMS stream >",
          "XGROUP CREATE empty other $ MKSTREAM",
          "PFADD hll a b c d e f g",
          "SELECT 3",
          "SET elsewhere v",
          "EXPIREAT elsewhere 4000000000",
          "SELECT 0");

  private static final int KEYS = 12;

  private SampleData() {}

  /** Makes a value of every encoding. */
  static void fill(TestServer server) {
    for (String command : COMMANDS) {
      String reply = server.send(command.split(" ", -1));
      if (reply.startsWith("-")) {
        throw new AssertionError(command + ": " + reply);
      }
    }
  }

  /** A command that changes some key, of whatever type that is; often one that fails for that. */
  static String[] change(SplittableRandom random) {
    String key = "k" + random.nextInt(KEYS);
    String[] templates = {
      "SET K V",
      "SET K N",
      "APPEND K V",
      "SETRANGE K P V",
      "SETRANGE K 9000 L",
      "INCRBY K 7",
      "DEL K",
      "EXPIRE K 100000",
      "PERSIST K",
      "RENAME K J",
      "COPY K J REPLACE",
      "GETDEL K",
      "RPUSH list:K V N L",
      "LPUSH list:K V N",
      "LPOP list:K",
      "LSET list:K 0 N",
      "LTRIM list:K 0 40",
      "LINSERT list:K BEFORE V N",
      "LREM list:K 1 N",
      "HSET hash:K V N N V P L",
      "HDEL hash:K V N",
      "HINCRBY hash:K P 3",
      "DEL hash:K",
      "SADD set:K V N P",
      "SREM set:K V N",
      "SPOP set:K",
      "SMOVE set:K set:J N",
      "SADD ints:K N P",
      "SREM ints:K P",
      "ZADD zset:K P V N L",
      "ZINCRBY zset:K 2 V",
      "ZREM zset:K V",
      "ZPOPMIN zset:K",
      "DEL zset:K",
      "XADD stream:K * V N P L",
      "XTRIM stream:K MAXLEN 30",
      "XGROUP CREATE stream:K g 0",
      "XREADGROUP GROUP g c COUNT 2 STREAMS stream:K >",
      "XREADGROUP GROUP g d COUNT 2 STREAMS stream:K >",
      "XAUTOCLAIM stream:K g c 0 0",
      "XGROUP DELCONSUMER stream:K g d",
      "PFADD hll:K V N P"
    };
    String[] words = templates[random.nextInt(templates.length)].split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.equals("K") || word.endsWith(":K")) {
        words[i] = word.replace("K", key);
      } else if (word.equals("J") || word.endsWith(":J")) {
        words[i] = word.replace("J", "k" + random.nextInt(KEYS));
      } else if (word.equals("V")) {
        words[i] = "value:" + random.nextInt(40);
      } else if (word.equals("N")) {
        words[i] = "" + (random.nextBoolean() ? random.nextInt(50) : random.nextInt());
      } else if (word.equals("P")) {
        words[i] = "" + random.nextInt(200);
      } else if (word.equals("L")) {
        words[i] = ("" + (char) ('a' + random.nextInt(26))).repeat(1 + random.nextInt(3000));
      }
    }
    return words;
  }
}
