package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.TestServer;
import io.cinnabar.config.ConfigLoader.LoadException;
import org.junit.jupiter.api.Test;

/** {@code rename-command}: what it does was asked of a real server. */
final class CommandRenameTest {

  @Test
  void aCommandIsFoundUnderItsNewNameOnly() throws LoadException {
    TestServer server = start("rename-command SET Put\n");

    assertThat(server.send("put", "k", "v")).isEqualTo("+OK\r\n");
    assertThat(server.send("PUT", "k", "v")).isEqualTo("+OK\r\n");
    assertThat(server.send("SET", "k", "v"))
        .isEqualTo("-ERR unknown command 'SET', with args beginning with: 'k' 'v' \r\n");
    assertThat(server.send("GET", "k")).isEqualTo("$1\r\nv\r\n");
  }

  @Test
  void itIsTheSameCommandInAllElse() throws LoadException {
    TestServer server = start("rename-command set put\n");
    server.send("put", "k", "v");

    assertThat(server.send("put", "k"))
        .isEqualTo("-ERR wrong number of arguments for 'set' command\r\n");
    assertThat(server.send("COMMAND", "INFO", "put")).contains("$3\r\nset\r\n");
    assertThat(server.send("COMMAND", "INFO", "set")).isEqualTo("*1\r\n$-1\r\n");
    assertThat(server.send("COMMAND", "LIST", "FILTERBY", "PATTERN", "set"))
        .isEqualTo("*1\r\n$3\r\nset\r\n");
    assertThat(server.send("INFO", "commandstats")).contains("cmdstat_set:calls=1,");
  }

  @Test
  void anEmptyNameTakesItAway() throws LoadException {
    TestServer server = start("rename-command flushall ''\nrename-command config \"\"\n");

    assertThat(server.send("FLUSHALL")).startsWith("-ERR unknown command 'FLUSHALL'");
    assertThat(server.send("CONFIG", "GET", "hz")).startsWith("-ERR unknown command 'CONFIG'");
    assertThat(server.send("")).startsWith("-ERR unknown command ''");
  }

  @Test
  void containersTakeTheirSubcommandsAlong() throws LoadException {
    TestServer server = start("rename-command config cfg\n");

    assertThat(server.send("cfg", "GET", "hz")).isEqualTo("*2\r\n$2\r\nhz\r\n$2\r\n10\r\n");
    assertThat(server.send("cfg", "x")).startsWith("-ERR unknown subcommand 'x'");
    assertThat(server.send("cfg", "SET")).contains("'config|set'");
  }

  @Test
  void namesMayBeExchanged() throws LoadException {
    TestServer server =
        start("rename-command get g\nrename-command strlen get\nrename-command g strlen\n");
    server.send("SET", "k", "abc");

    assertThat(server.send("GET", "k")).isEqualTo(":3\r\n");
    assertThat(server.send("STRLEN", "k")).isEqualTo("$3\r\nabc\r\n");
    assertThat(server.send("g", "k")).startsWith("-ERR unknown command");
  }

  @Test
  void anyBytesAreAName() throws LoadException {
    TestServer server = start("rename-command get \"\\xff a\\x00b-longer-than-a-word\"\n");
    server.send("SET", "k", "v");

    assertThat(server.send("\u00ff A\u0000b-longer-than-a-word", "k")).isEqualTo("$1\r\nv\r\n");
  }

  @Test
  void whatCanNotBeRenamedEndsTheStart() {
    assertThatThrownBy(() -> start("rename-command gett x\n"))
        .hasMessageContaining(
            "Reading the configuration file, at line 1\n"
                + ">>> 'rename-command gett x'\nNo such command in rename-command");
    assertThatThrownBy(() -> start("hz 1\nrename-command get set\n"))
        .hasMessageContaining("Target command name already exists");
    assertThatThrownBy(() -> start("rename-command config|get x\n"))
        .hasMessageContaining("No such command in rename-command");
  }

  private static TestServer start(String text) throws LoadException {
    return TestServer.startWithFile(text, disk -> {});
  }
}
