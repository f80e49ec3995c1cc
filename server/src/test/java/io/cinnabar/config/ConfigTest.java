package io.cinnabar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cinnabar.config.Config.ChangeRefused;
import io.cinnabar.host.Log;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigTest {

  private final Config config = new Config();

  @Test
  void readsEachKindOfValue() throws ConfigException {
    config.set("PORT", "7000");
    config.set("bind", "127.0.0.1", "-::1");
    config.set("protected-mode", "No");
    config.set("loglevel", "Verbose");
    config.set("requirepass", "pässword");
    config.set("unixsocketperm", "755");
    config.set("client-output-buffer-limit", "replica", "1kb", "1k", "3");
    config.set("save", "900", "1", "300", "10");

    assertThat(config.get(Parameters.PORT)).isEqualTo(7000);
    assertThat(config.get(Parameters.BIND)).containsExactly("127.0.0.1", "-::1");
    assertThat(config.get(Parameters.PROTECTED_MODE)).isFalse();
    assertThat(config.get(Parameters.LOGLEVEL)).isEqualTo(Log.Level.VERBOSE);
    assertThat(config.get(Parameters.REQUIREPASS)).isEqualTo("pässword");
    assertThat(config.get(Parameters.UNIXSOCKETPERM)).isEqualTo(0755);
    assertThat(config.format(Parameters.CLIENT_OUTPUT_BUFFER_LIMIT))
        .isEqualTo("normal 0 0 0 slave 1024 1000 3 pubsub 33554432 8388608 60");
    assertThat(config.get(PersistenceParameters.SAVE))
        .containsExactly(new SavePoint(900, 1), new SavePoint(300, 10));
    assertThat(config.format(Parameters.UNIXSOCKETPERM)).isEqualTo("755");
    assertThat(config.format(Parameters.BIND)).isEqualTo("127.0.0.1 -::1");
  }

  @Test
  void oneTextForAListIsSplitAtItsSpaces() throws ConfigException {
    config.set("bind", "127.0.0.1 -::1");

    assertThat(config.get(Parameters.BIND)).containsExactly("127.0.0.1", "-::1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "1048576 | 1048576",
        "2k | 2000",
        "2KB | 2048",
        "2m | 2000000",
        "2mB | 2097152",
        "1g | 1000000000",
        "1gb | 1073741824",
        "3000000b | 3000000",
      })
  void sizesHaveUnits(String text, String bytes) throws ConfigException {
    assertThat(Numbers.memory(text)).isEqualTo(Long.parseLong(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "port | 70000 | argument must be between 0 and 65535 inclusive",
        "port | +1 | argument couldn't be parsed into an integer",
        "port | 0x1 | argument couldn't be parsed into an integer",
        "port | ^^ | argument couldn't be parsed into an integer",
        "port | 10000000000000000000000 | argument couldn't be parsed into an integer",
        "maxclients | 0 | argument must be between 1 and 4294967295 inclusive",
        "unixsocketperm | 1000 | argument must be between 0 and 777 inclusive",
        "unixsocketperm | 778 | argument couldn't be parsed as an octal number",
        "protected-mode | true | argument must be 'yes' or 'no'",
        "loglevel | loud | argument(s) must be one of the following: debug, verbose, notice, warning,"
            + " nothing",
        "proto-max-bulk-len | 1k | argument must be between 1048576 and 9223372036854775807 inclusive",
        "proto-max-bulk-len | ^^ | argument must be between 1048576 and 9223372036854775807 inclusive",
        "proto-max-bulk-len | 99999999999999999999999 | argument must be between 1048576 and 9223372036854775807 inclusive",
        "proto-max-bulk-len | -1 | argument must be a memory value",
        "proto-max-bulk-len | 1.5m | argument must be a memory value",
        "save | 10 | Invalid save parameters",
        "save | 0 1 | Invalid save parameters",
        "save | 10 -1 | Invalid save parameters",
        "client-output-buffer-limit | normal 0 0 | Wrong number of arguments in buffer limit configuration.",
        "client-output-buffer-limit | master 0 0 0 | Invalid client class specified in buffer limit configuration.",
        "client-output-buffer-limit | normal 0 0 -1 | Error in hard, soft or soft_seconds setting in buffer limit configuration.",
        "bind | a b c d e f g h i j k l m n o p q | Too many bind addresses specified.",
        "nonsense | 1 | Bad directive or wrong number of arguments",
      })
  void refusesWhatRedisRefuses(String name, String value, String reason) {
    assertThatThrownBy(() -> config.set(name, value))
        .isInstanceOf(ConfigException.class)
        .hasMessage(reason);
  }

  @Test
  void hzIsClampedNotRefused() throws ConfigException {
    config.set("hz", "1000");
    assertThat(config.get(Parameters.HZ)).isEqualTo(500);

    config.set("hz", "0");
    assertThat(config.get(Parameters.HZ)).isEqualTo(1);
  }

  @Test
  void saveLinesAddUpAndAnEmptyOneTakesThemBack() throws ConfigException {
    config.set("save", "10", "1");
    config.set("save");
    config.set("save", "20", "2");
    assertThat(config.format(PersistenceParameters.SAVE)).isEqualTo("10 1 20 2");

    config.set("save", "");
    config.set("save", "30", "3");
    assertThat(config.format(PersistenceParameters.SAVE)).isEqualTo("30 3");
  }

  @Test
  void aChangeReplacesTheSavePoints() throws Exception {
    config.set("save", "10", "1");
    config.change(List.of(PersistenceParameters.SAVE), List.of("20 2"));

    assertThat(config.format(PersistenceParameters.SAVE)).isEqualTo("20 2");
  }

  @Test
  void aChangeIsToldToTheListenersOfWhatIsNewOnly() throws Exception {
    List<String> told = new ArrayList<>();
    config.onChange(Parameters.PORT, () -> told.add("port " + config.get(Parameters.PORT)));
    config.onChange(Parameters.TIMEOUT, () -> told.add("timeout"));
    config.onChange(Parameters.REQUIREPASS, () -> told.add("password"));

    config.change(
        List.of(Parameters.PORT, Parameters.TIMEOUT, Parameters.REQUIREPASS),
        List.of("7000", "0", ""));

    assertThat(told).containsExactly("port 7000");
  }

  @Test
  void aBadValueLeavesAllAsItWas() {
    config.onChange(
        Parameters.TIMEOUT,
        () -> {
          throw new AssertionError("told although nothing changed");
        });

    ChangeRefused refused =
        catchThrowableOfType(
            ChangeRefused.class,
            () -> config.change(List.of(Parameters.TIMEOUT, Parameters.HZ), List.of("5", "x")));

    assertThat(refused.position).isEqualTo(1);
    assertThat(config.get(Parameters.TIMEOUT)).isZero();
  }

  @Test
  void aListenersRefusalTakesAllBackAndTellsThoseWhoKnew() {
    List<Long> seen = new ArrayList<>();
    config.onChange(Parameters.TIMEOUT, () -> seen.add(config.get(Parameters.TIMEOUT)));
    config.onChange(
        Parameters.PORT,
        () -> {
          throw new ConfigException("taken");
        });

    ChangeRefused refused =
        catchThrowableOfType(
            ChangeRefused.class,
            () ->
                config.change(List.of(Parameters.TIMEOUT, Parameters.PORT), List.of("5", "7000")));

    assertThat(refused.position).isEqualTo(1);
    assertThat(refused.refusal.reason()).isEqualTo("taken");
    assertThat(seen).containsExactly(5L, 0L);
    assertThat(config.get(Parameters.PORT)).isEqualTo(6379);
  }

  @Test
  void serversDoNotShareValues() throws ConfigException {
    Config other = new Config();
    config.set("port", "1");

    assertThat(other.get(Parameters.PORT)).isEqualTo(6379);
  }
}
