package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.config.NumberParameter;
import io.cinnabar.config.Parameter;
import io.cinnabar.config.Parameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Every parameter is given the same good and bad values here and at a real server. */
final class ConfigSetDifferentialTest {

  private static final List<String> VALUES =
      List.of(
          "yes",
          "NO",
          "maybe",
          "",
          " ",
          "0",
          "1",
          "-1",
          "+1",
          "01",
          "1.5",
          "3",
          "100",
          "101",
          "1000",
          "65535",
          "65536",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "4294967295",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "18446744073709551615",
          "99999999999999999999",
          "1b",
          "1k",
          "1kb",
          "1MB",
          "1Gb",
          "1tb",
          "1.5mb",
          "17179869184gb",
          "5%",
          "0%",
          "100%",
          "101%",
          "-5%",
          "%",
          "5%%",
          "abc",
          "a b",
          "a.b-c",
          "a_b",
          "a/b",
          "no yes",
          "1 2",
          "1 2 3",
          "1  2 3",
          "3 2 1",
          "1 2 3 4",
          "-2000 0 2000",
          "-2001 0 0",
          "50 99.9 100",
          "100.1",
          "1e1",
          "nan",
          "0.0000001 33.3333333",
          "K",
          "KEA",
          "Kg$",
          "KEAmn",
          "xyz",
          "save",
          "nosave now",
          "save nosave",
          "now force NOW",
          "default",
          "pubsub 1mb 2mb 3",
          "slave 1 2 3 replica 4 5 6",
          "pubsub 1 2",
          "pubsub 1 2 x",
          "nobody 1 2 3",
          "{title}",
          "{{title}",
          "{nothing}",
          "}",
          "{title",
          "volatile-lru",
          "ALLKEYS-LFU",
          "always",
          "everysec",
          "debug",
          "notice",
          "warning",
          "clients",
          "allchannels",
          "swapdb",
          "hostname",
          "unknown-endpoint",
          "panic-on-replicas",
          "optional",
          "\u0001\u00ff\"'\\");

  /** What is not asked, each with its reason. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "port", "the connections of other tests are on it",
          "bind", "as for the port",
          "loglevel", "a newer server knows one word more",
          "tls-port", "the network of a test asks for no certificates",
          "tls-replication", "as for the TLS port",
          "dir", "the two servers have folders of their own",
          "maxmemory-clients", "a limit of a few bytes ends the connection that sets it",
          "maxclients", "what the system allows differs between the two processes",
          "watchdog-period", "nothing watches here, so no period is too short",
          "oom-score-adj", "the real server asks the system for it, which may refuse");

  /** Values that mean something else to a server with another allocator. */
  private static final Set<String> DEFRAGMENTATION = Set.of("activedefrag", "jemalloc-bg-thread");

  /** Some C libraries take them for 0, others for an error. */
  private static final Set<String> DIGITLESS_SIZES = Set.of("", "K");

  private final SoftAssertions softly = new SoftAssertions();

  @Test
  void goodAndBadValuesOfEachParameter() throws IOException {
    TestServer server = TestServer.start("enable-debug-command yes");
    try (RealRedis redis = RealRedis.start("redis");
        RespClient client = RespClient.connect(redis.subject())) {
      int compared = 0;
      for (Parameter parameter : Parameters.all()) {
        List<String> names = new ArrayList<>(List.of(parameter.name()));
        if (parameter.formerName() != null) {
          names.add(parameter.formerName());
        }
        for (String name : names) {
          compared += compare(server, client, name);
        }
      }
      softly.assertAll();
      assertThat(compared).isGreaterThan(180 * VALUES.size() / 2);
    }
  }

  private int compare(TestServer server, RespClient client, String name) {
    String before = client.call(Command.of("CONFIG", "GET", name)).bytes();
    if (LEFT_OUT.containsKey(name) || before.equals("*0\r\n")) {
      return 0; // one that 7.2 brought
    }
    int compared = 0;
    for (String value : VALUES) {
      if (Parameters.find(name) instanceof NumberParameter && DIGITLESS_SIZES.contains(value)) {
        continue;
      }
      String reply = server.send("CONFIG", "SET", name, value);
      if (reply.endsWith(" not supported by this version\r\n")
          || (DEFRAGMENTATION.contains(name) && value.equals("yes"))) {
        continue;
      }
      softly
          .assertThat(reply)
          .as("CONFIG SET %s %s", name, Escapes.quote(value))
          .isEqualTo(client.call(Command.of("CONFIG", "SET", name, value)).bytes());
      softly
          .assertThat(server.send("CONFIG", "GET", name))
          .as("CONFIG GET %s after %s", name, Escapes.quote(value))
          .isEqualTo(client.call(Command.of("CONFIG", "GET", name)).bytes());
      compared++;
    }
    restore(server, client, name, before);
    return compared;
  }

  private static void restore(TestServer server, RespClient client, String name, String before) {
    String value = before.split("\r\n", -1)[4];
    server.send("CONFIG", "SET", name, value);
    client.call(Command.of("CONFIG", "SET", name, value));
  }
}
