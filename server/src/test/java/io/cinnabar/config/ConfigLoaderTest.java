package io.cinnabar.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cinnabar.config.CommandLine.Action;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.virtual.VirtualDisk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports were taken from a real server's standard error. */
final class ConfigLoaderTest {

  private static final byte[] NOTHING = {};

  private final VirtualDisk disk = new VirtualDisk();
  private final Config config = new Config(disk);

  @Test
  void readsAFile() throws LoadException {
    put(
        "a.conf",
        """
        # a comment
           \t# another

          Port   7000\t
        bind 127.0.0.1 ::1
        requirepass "a\\x20b\\"\\n"
        unixsocket '/tmp/it\\'s.sock'
        "timeout" 'a'\
        """
            .replace("'a'", "\"\\x35\""));

    load("a.conf");

    assertThat(config.get(Parameters.PORT)).isEqualTo(7000);
    assertThat(config.get(Parameters.BIND)).containsExactly("127.0.0.1", "::1");
    assertThat(config.get(Parameters.REQUIREPASS)).isEqualTo("a b\"\n");
    assertThat(config.get(Parameters.UNIXSOCKET)).isEqualTo("/tmp/it's.sock");
    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(5);
    assertThat(config.file()).isEqualTo("a.conf");
  }

  @Test
  void bytesOfAPasswordSurvive() throws LoadException {
    put("a.conf", "requirepass \"\\xff\\x00\"\n");

    load("a.conf");

    assertThat(config.bytes(Parameters.REQUIREPASS)).containsExactly(0xff, 0);
  }

  @Test
  void theCommandLineWinsOverStdinAndStdinOverTheFile() throws LoadException {
    put("a.conf", "port 1\ntimeout 1\nhz 1\n");

    new ConfigLoader(config, disk, "7.2.4")
        .load(CommandLine.parse("a.conf", "--hz", "3", "-"), "timeout 2\nhz 2\n".getBytes(UTF_8));

    assertThat(config.get(Parameters.PORT)).isEqualTo(1);
    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(2);
    assertThat(config.get(Parameters.HZ)).isEqualTo(3);
  }

  @Test
  void includedFilesAreReadWhereTheyAreNamed() throws LoadException {
    put("a.conf", "port 1\ninclude \"b.conf\"\nhz 5\n");
    put("b.conf", "port 2\nhz 6\n");

    load("a.conf");

    assertThat(config.get(Parameters.PORT)).isEqualTo(2);
    assertThat(config.get(Parameters.HZ)).isEqualTo(5);
  }

  @Test
  void filesThatIncludeThemselvesAreRefused() {
    put("a.conf", "include a.conf\n");

    assertThat(refusal("a.conf").report()).endsWith("too many files include each other");
  }

  @Test
  void aMissingFileIsALineOfTheLog() {
    LoadException refusal = refusal("none.conf");

    assertThat(refusal.isUnreadable()).isTrue();
    assertThat(refusal.report())
        .isEqualTo("Fatal error, can't open config file 'none.conf': No such file or directory");
  }

  @Test
  void theReportNamesLineAndReason() {
    put("a.conf", "# one\n\n  port   abc  \n");

    LoadException refusal = refusal("a.conf");

    assertThat(refusal.isUnreadable()).isFalse();
    assertThat(refusal.report())
        .isEqualTo(
            """

            *** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***
            Reading the configuration file, at line 3
            >>> 'port   abc'
            argument couldn't be parsed into an integer\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "timeout 5 6 | wrong number of arguments",
        "timeout | wrong number of arguments",
        "timeout 5 # not a comment | wrong number of arguments",
        "timeout \"5 | Unbalanced quotes in configuration line",
        "timeout \"5\"x | Unbalanced quotes in configuration line",
        "timeout '5\\' | Unbalanced quotes in configuration line",
        "\"\" x | Bad directive or wrong number of arguments",
        "include | Bad directive or wrong number of arguments",
        "save 10 | Invalid save parameters",
        "cluster-enabled yes | cluster mode is not supported by this version",
      })
  void badLines(String line, String reason) {
    put("a.conf", line + "\n");

    assertThat(refusal("a.conf").report()).endsWith(">>> '" + line + "'\n" + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "--port abc | 2 | port \"abc\"",
        "--hz 1 --port x | 3 | port \"x\"",
        "--port 1 2 | 2 | port \"1\" \"2\"",
        "--port | 2 | port",
        "--timeout=7 | 2 | timeout=7",
        "--save --port x | 3 | port \"x\"",
        "--requirepass --abc --port x | 3 | port \"x\"",
        "--port 1 -v | 2 | port \"1\" \"-v\"",
        "-x | 2 | \"-x\"",
        "-- --port 1 | 2 | \"--port\" \"1\"",
      })
  void optionsAreLinesOfTheirOwn(String arguments, int lineNumber, String line) {
    String report = refusal(arguments.split(" ")).report();

    assertThat(report).contains(", at line " + lineNumber + "\n>>> '" + line + "'\n");
  }

  @Test
  void anOptionMayHoldItsValue() throws LoadException {
    load("--timeout 7", "--bind", "127.0.0.1 -::1", "--save", "", "--port", "0");

    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(7);
    assertThat(config.get(Parameters.BIND)).containsExactly("127.0.0.1", "-::1");
    assertThat(config.get(Parameters.PORT)).isZero();
    assertThat(config.file()).isNull();
  }

  @Test
  void optionsKeepAllCharacters() throws LoadException {
    load("--requirepass", "é \"'\\\n\t\u0001");

    assertThat(config.get(Parameters.REQUIREPASS)).isEqualTo("é \"'\\\n\t\u0001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v", "--version"})
  void asksForTheVersion(String argument) {
    assertThat(CommandLine.parse(argument, "x").action()).isEqualTo(Action.SHOW_VERSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void asksForHelp(String argument) {
    assertThat(CommandLine.parse(argument).action()).isEqualTo(Action.SHOW_HELP);
  }

  @Test
  void aHyphenIsStandardInputOnlyAtTheEnds() {
    assertThat(CommandLine.parse("-").fromStdin()).isTrue();
    assertThat(CommandLine.parse("--port", "1", "-").fromStdin()).isTrue();
    assertThat(CommandLine.parse("--port", "-", "1").fromStdin()).isFalse();
  }

  @Test
  void includesMayHaveWildcards() throws LoadException {
    put("a.conf", "include conf.d/*.conf\ninclude conf.d/[!b]?\ninclude none/*\n");
    put("conf.d/1.conf", "timeout 1\nhz 11");
    put("conf.d/2.conf", "timeout 2\n");
    put("conf.d/.3.conf", "timeout 3\n");
    put("conf.d/4.txt", "timeout 4\n");
    put("conf.d/b5", "timeout 5\n");
    put("conf.d/c6", "tcp-keepalive 6\n");

    load("a.conf");

    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(2);
    assertThat(config.get(Parameters.HZ)).isEqualTo(11);
    assertThat(config.get(Parameters.TCP_KEEPALIVE)).isEqualTo(6);
  }

  @Test
  void wildcardsMayStandInFoldersToo() throws LoadException {
    put("a.conf", "include /etc/*/redis.conf\ninclude '/etc/b c/?.conf'\n");
    put("/etc/b c/redis.conf", "timeout 5\n");
    put("/etc/d/other.conf", "timeout 6\n");
    put("/etc/b c/x.conf", "hz 7\n");

    load("a.conf");

    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(5);
    assertThat(config.get(Parameters.HZ)).isEqualTo(7);
  }

  @Test
  void relativePathsStartAtTheFolderThatWasNamedBefore() throws LoadException {
    put("a.conf", "include b.conf\ndir sub\ninclude b.conf\nlogfile x.log\npidfile /run/x\n");
    put("b.conf", "timeout 1\n");
    put("sub/b.conf", "hz 11\n");

    load("a.conf");

    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(1);
    assertThat(config.get(Parameters.HZ)).isEqualTo(11);
    assertThat(config.get(Parameters.LOGFILE)).isEqualTo("x.log");
    assertThat(config.path(Parameters.LOGFILE)).isEqualTo("/home/sub/x.log");
    assertThat(config.path(Parameters.PIDFILE)).isEqualTo("/run/x");
    assertThat(config.path(Parameters.UNIXSOCKET)).isEmpty();
  }

  @Test
  void filesThatIncludeThemselvesByPatternAreRefusedToo() {
    put("a.conf", "include a*.conf\n");

    assertThat(refusal("a.conf").report()).endsWith("too many files include each other");
  }

  @Test
  void whiteSpaceOfAllKindsIsNoDirective() throws LoadException {
    put(
        "a.conf",
        " \t\r\n\u000b\n\f\n \u000b \ntimeout\u000b5\n".replace("timeout\u000b5", "hz 5"));

    load("a.conf");

    assertThat(config.get(Parameters.HZ)).isEqualTo(5);
  }

  @Test
  void usersAreKeptUntilThereAreCommands() throws LoadException {
    put("a.conf", "user default on >secret ~* +@all\n\nUSER bob \"~\\xff x\" nosuch\n");

    load("a.conf");

    assertThat(config.userDeclarations())
        .containsExactly(
            new UserDeclaration(
                "default",
                List.of("on", ">secret", "~*", "+@all"),
                """
                Reading the configuration file, at line 1
                >>> 'user default on >secret ~* +@all'
                """),
            new UserDeclaration(
                "bob",
                List.of("~\u00ff x", "nosuch"),
                """
                Reading the configuration file, at line 3
                >>> 'USER bob "~\\xff x" nosuch'
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "loadmodule /lib/x.so a b | modules are not supported by this version: '/lib/x.so'",
        "tls-cluster yes | TLS between servers of a cluster is not supported by this version",
        "cluster-enabled yes | cluster mode is not supported by this version",
      })
  void whatThisVersionHasNotIsRefusedByName(String line, String reason) {
    put("a.conf", "timeout 1\n" + line + "\n");

    assertThat(refusal("a.conf").report()).endsWith("at line 2\n>>> '" + line + "'\n" + reason);
  }

  private void load(String... arguments) throws LoadException {
    new ConfigLoader(config, disk, "7.2.4").load(CommandLine.parse(arguments), NOTHING);
  }

  private LoadException refusal(String... arguments) {
    return catchThrowableOfType(LoadException.class, () -> load(arguments));
  }

  private void put(String path, String text) {
    disk.put(path, text.getBytes(ISO_8859_1));
  }
}
