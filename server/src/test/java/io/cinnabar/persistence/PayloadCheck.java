package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import java.util.Arrays;
import java.util.List;

/** Restores payloads that may be damaged, and uses what came of them. */
final class PayloadCheck {

  private static final String KEY = "k";
  private static final int VERSION_AND_CHECKSUM_BYTES = 10;

  /** They ask for all that there is, or change it; what doesn't fit the type is refused. */
  private static final List<String> USES =
      List.of(
          "DEBUG OBJECT k",
          "DEBUG LISTPACK k",
          "DEBUG QUICKLIST k 1",
          "DEBUG HTSTATS-KEY k",
          "OBJECT ENCODING k",
          "MEMORY USAGE k",
          "COPY k copy REPLACE",
          "GETRANGE k 1 3",
          "APPEND k x",
          "LRANGE k 0 -1",
          "LSET k 0 changed",
          "RPOPLPUSH k k",
          "LPOP k",
          "HSET k a 1 new 2",
          "HGETALL k",
          "HSCAN k 0",
          "HDEL k b",
          "SADD k 1 new",
          "SMEMBERS k",
          "SSCAN k 0",
          "SPOP k",
          "ZADD k 2 a 1 new",
          "ZRANGE k 0 -1 WITHSCORES",
          "ZRANK k a",
          "ZSCAN k 0",
          "ZPOPMAX k",
          "XINFO STREAM k FULL",
          "XRANGE k - +",
          "XREADGROUP GROUP g c STREAMS k >",
          "XAUTOCLAIM k g d 0 0",
          "XADD k 9999999999999-1 f v",
          "XDEL k 1-1",
          "XGROUP DELCONSUMER k g c",
          "XTRIM k MAXLEN 1");

  private final TestServer server;

  PayloadCheck(TestServer server) {
    this.server = server;
  }

  /** Restores a value; false if it was refused. */
  boolean accepts(byte[] typeAndValue, String description) {
    String reply = server.send("RESTORE", KEY, "0", Payloads.of(typeAndValue), "REPLACE");
    if (reply.equals("-ERR Bad data format\r\n")) {
      return false;
    }
    assertThat(reply).as(description).isEqualTo("+OK\r\n");
    // All of it can be read, and is what it will be on the next server.
    String digest = digest();
    assertThat(digest).as(description).doesNotContain("ERR");
    byte[] again = dumped();
    assertThat(server.send("RESTORE", KEY, "0", Payloads.of(again), "REPLACE"))
        .as(description)
        .isEqualTo("+OK\r\n");
    assertThat(digest()).as(description).isEqualTo(digest);
    return true;
  }

  /** Runs commands of all types over the value that was accepted, which changes it. */
  void use(String description) {
    for (String command : USES) {
      String reply = server.send(command.split(" ", -1));
      assertThat(reply).as(command + ", " + description).isNotEmpty().doesNotContain("internal");
    }
    server.send("DEL", "copy");
  }

  private String digest() {
    return server.send("DEBUG", "DIGEST-VALUE", KEY);
  }

  /** The type and value of the key. */
  byte[] dumped() {
    String reply = server.send("DUMP", KEY);
    byte[] payload = reply.substring(reply.indexOf('\n') + 1).getBytes(ISO_8859_1);
    return Arrays.copyOf(payload, payload.length - 2 - VERSION_AND_CHECKSUM_BYTES);
  }
}
