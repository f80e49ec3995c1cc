package io.cinnabar.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.config.Config.ChangeRefused;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.config.Parameter.Effect;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All parameters of Redis 7.2.4: their names, defaults and values, as read off such a server. */
final class ParametersTest {

  private static final List<String> NAMES = lines("names.txt");

  /** Values of which at least one is another one than the default, for each kind of parameter. */
  private static final List<String> OTHER_VALUES =
      List.of(
          "yes",
          "no",
          "3",
          "5 6 7",
          "0.5",
          "10 20",
          "/",
          "KEA",
          "normal 1 2 3",
          "local7",
          "always",
          "allkeys-lru",
          "verbose",
          "local",
          "auto",
          "now",
          "hostname",
          "relative",
          "allchannels",
          "swapdb",
          "panic",
          "127.0.0.1",
          "1mb",
          "4096",
          "10",
          "a",
          "replicas 1 timeout 5");

  @Test
  void allNamesAreKnownAndShown() throws IOException {
    Map<String, String> shown = get(TestServer.start(), "*");

    assertThat(shown.keySet()).containsExactlyInAnyOrderElementsOf(NAMES);
  }

  @Test
  void eachHasItsDefault() throws IOException {
    Map<String, String> expected = pairs("defaults.tsv");
    expected.putAll(pairs("exceptions.tsv"));
    TestServer server = startWithFile("");
    Map<String, String> actual = new HashMap<>();
    for (String name : expected.keySet()) {
      actual.putAll(get(server, name));
    }
    // what the test's server is started with
    expected.put("bind", "127.0.0.1");
    // the server that told the others was started without
    expected.put("save", "3600 1 300 100 60 10000");

    assertThat(actual).isEqualTo(expected);
  }

  /** A name of which nobody knows the default would escape the test above. */
  @Test
  void defaultsThatDependOnTheMachineAreShownToo() throws IOException {
    TestServer server = startWithFile("");
    Map<String, String> dependent = new TreeMap<>();
    for (String name : NAMES) {
      if (!pairs("defaults.tsv").containsKey(name)) {
        dependent.putAll(get(server, name));
      }
    }

    assertThat(dependent)
        .containsEntry("port", "6379")
        .containsEntry("dir", "/home")
        .containsEntry("dbfilename", "dump.rdb")
        .containsEntry("appendfilename", "appendonly.aof")
        .containsEntry("appenddirname", "appendonlydir")
        .containsEntry("cluster-config-file", "nodes.conf")
        .containsEntry("cluster-port", "0")
        .containsEntry("tls-port", "0")
        .containsEntry("slave-announce-port", "0")
        .containsEntry("rdb-del-sync-files", "no")
        .containsEntry("tls-key-file-pass", "")
        .containsEntry("pidfile", "");
  }

  @Test
  void eachTakesItsOwnValueOrIsRefusedAsRedisDoes() throws IOException {
    TestServer server = startWithFile("");
    for (String name : NAMES) {
      Parameter parameter = parameter(name);
      String kind = parameter.isImmutable() ? "immutable" : "protected";
      String refusal =
          "-ERR CONFIG SET failed (possibly related to argument '"
              + name
              + "') - can't set "
              + kind
              + " config\r\n";
      boolean refused = parameter.isImmutable() || parameter.isGuarded();
      String value = get(server, name).getOrDefault(name, "none");

      assertThat(server.send("CONFIG", "SET", name, value))
          .as(name)
          .isEqualTo(refused ? refusal : "+OK\r\n");
    }
  }

  @Test
  void allSurviveARewriteAndARestart() throws IOException {
    TestServer server = startWithFile("# the only line\n");
    for (String name : NAMES) {
      if (!parameter(name).isImmutable()) {
        server.send("CONFIG", "SET", name, get(server, name).getOrDefault(name, "none"));
      }
    }
    Map<String, String> before = get(server, "*");

    assertThat(server.send("CONFIG", "REWRITE")).isEqualTo("+OK\r\n");
    String written = new String(server.host().disk().read("cinnabar.conf"), ISO_8859_1);

    assertThat(written).startsWith("# the only line\n");
    assertThat(get(startWithFile(written), "*")).isEqualTo(before);
  }

  /** Another value than the default, for each: at the end of the file, and in its own line. */
  @Test
  void otherValuesSurviveARewrite() throws LoadException, ConfigException {
    Config config = new Config(disk(""));
    for (Parameter parameter : Parameters.all()) {
      if (parameter.effect() != Effect.ONLY_DEFAULT) {
        setOther(config, parameter);
      }
    }

    String appended = rewrite(config, "");
    assertThat(values(load(appended))).isEqualTo(values(config));

    String lines = String.join(" 1\n", NAMES) + " 1\n";
    String replaced = rewrite(config, lines);
    assertThat(values(load(replaced))).isEqualTo(values(config));
    assertThat(rewrite(config, appended)).isEqualTo(rewrite(config, rewrite(config, appended)));
  }

  /** What would be a false promise is refused in a file and by CONFIG SET alike. */
  @Test
  void whatIsNotSupportedIsRefused() {
    TreeSet<String> refusing = new TreeSet<>();
    for (Parameter parameter : Parameters.all()) {
      if (parameter.effect() == Effect.ONLY_DEFAULT) {
        refusing.add(parameter.name());
        assertThat(refusals(parameter))
            .as(parameter.name())
            .anyMatch(reason -> reason.endsWith(" not supported by this version"));
      }
    }

    assertThat(refusing)
        .containsExactlyInAnyOrder("cluster-enabled", "enable-module-command", "tls-cluster");
  }

  private static List<String> refusals(Parameter parameter) {
    List<String> reasons = new ArrayList<>();
    for (String value : List.of("yes", "1", "/etc/users.acl", "127.0.0.1 6379")) {
      Config config = new Config();
      String before = config.format(parameter);
      try {
        config.change(List.of(parameter), List.of(value));
      } catch (ChangeRefused refused) {
        reasons.add(refused.refusal.reason());
      }
      assertThat(config.format(parameter)).isEqualTo(before);
    }
    return reasons;
  }

  private static void setOther(Config config, Parameter parameter) {
    String before = config.format(parameter);
    for (String value : OTHER_VALUES) {
      try {
        config.set(parameter.name(), value);
      } catch (ConfigException notOfThisKind) {
        continue;
      }
      if (!config.format(parameter).equals(before)) {
        return;
      }
    }
    throw new AssertionError("no other value for " + parameter);
  }

  private static Config load(String text) throws LoadException {
    VirtualDisk disk = disk(text);
    Config config = new Config(disk);
    new ConfigLoader(config, disk, "7.2.4").load(CommandLine.parse("a.conf"), new byte[0]);
    return config;
  }

  private static String rewrite(Config config, String before) {
    return config.rewritten(before);
  }

  private static Map<String, String> values(Config config) {
    Map<String, String> values = new TreeMap<>();
    for (Parameter parameter : Parameters.all()) {
      values.put(parameter.name(), config.format(parameter));
    }
    return values;
  }

  private static VirtualDisk disk(String text) {
    VirtualDisk disk = new VirtualDisk();
    disk.put("a.conf", text.getBytes(ISO_8859_1));
    return disk;
  }

  private static TestServer startWithFile(String text) throws IOException {
    try {
      return TestServer.startWithFile(text, disk -> {});
    } catch (LoadException e) {
      throw new IOException(e);
    }
  }

  private static Parameter parameter(String name) {
    return requireNonNull(Parameters.find(name), name);
  }

  /** What CONFIG GET answers, which has no line breaks in its names and values. */
  private static Map<String, String> get(TestServer server, String pattern) throws IOException {
    String[] lines = server.send("CONFIG", "GET", pattern).split("\r\n", -1);
    Map<String, String> values = new TreeMap<>();
    for (int i = 2; i + 2 < lines.length; i += 4) {
      values.put(lines[i], lines[i + 2]);
    }
    return values;
  }

  private static Map<String, String> pairs(String resource) {
    Map<String, String> pairs = new TreeMap<>();
    for (String line : lines(resource)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\t", -1);
        pairs.put(cells[0], cells[1]);
      }
    }
    return pairs;
  }

  private static List<String> lines(String resource) {
    try (InputStream bytes = ParametersTest.class.getResourceAsStream(resource)) {
      assertThat(bytes).as(resource).isNotNull();
      return new String(bytes.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
