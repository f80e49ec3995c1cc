package io.cinnabar.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cinnabar.config.CommandLine.Action;
import io.cinnabar.config.ConfigLoader.LoadException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports were taken from a real server's standard error. */
final class ConfigLoaderTest {

  private static final byte[] NOTHING = {};

  private final Map<String, String> files = new HashMap<>();
  private final Config config = new Config();

  @Test
  void readsAFile() throws LoadException {
    files.put(
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
    files.put("a.conf", "requirepass \"\\xff\\x00\"\n");

    load("a.conf");

    assertThat(config.bytes(Parameters.REQUIREPASS)).containsExactly(0xff, 0);
  }

  @Test
  void theCommandLineWinsOverStdinAndStdinOverTheFile() throws LoadException {
    files.put("a.conf", "port 1\ntimeout 1\nhz 1\n");

    new ConfigLoader(config, this::read, "7.2.4")
        .load(CommandLine.parse("a.conf", "--hz", "3", "-"), "timeout 2\nhz 2\n".getBytes(UTF_8));

    assertThat(config.get(Parameters.PORT)).isEqualTo(1);
    assertThat(config.get(Parameters.TIMEOUT)).isEqualTo(2);
    assertThat(config.get(Parameters.HZ)).isEqualTo(3);
  }

  @Test
  void includedFilesAreReadWhereTheyAreNamed() throws LoadException {
    files.put("a.conf", "port 1\ninclude \"b.conf\"\nhz 5\n");
    files.put("b.conf", "port 2\nhz 6\n");

    load("a.conf");

    assertThat(config.get(Parameters.PORT)).isEqualTo(2);
    assertThat(config.get(Parameters.HZ)).isEqualTo(5);
  }

  @Test
  void filesThatIncludeThemselvesAreRefused() {
    files.put("a.conf", "include a.conf\n");

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
    files.put("a.conf", "# one\n\n  port   abc  \n");

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
        "appendonly yes | append only files are not supported by this version, use 'no'",
      })
  void badLines(String line, String reason) {
    files.put("a.conf", line + "\n");

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

  private void load(String... arguments) throws LoadException {
    new ConfigLoader(config, this::read, "7.2.4").load(CommandLine.parse(arguments), NOTHING);
  }

  private LoadException refusal(String... arguments) {
    return catchThrowableOfType(LoadException.class, () -> load(arguments));
  }

  private byte[] read(String path) throws IOException {
    String text = files.get(path);
    if (text == null) {
      throw new IOException("No such file or directory");
    }
    return text.getBytes(ISO_8859_1);
  }
}
