package io.cinnabar.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.User;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.structure.Slice;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a redis-server of version 7.0 can't be asked. */
final class AclCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String NO_FILE =
      "-ERR This Redis instance is not configured to use an ACL file.";

  private final TestServer server = TestServer.start();

  private Client loggedIn(String... rules) {
    String[] words = new String[rules.length + 6];
    System.arraycopy(
        new String[] {"ACL", "SETUSER", "alice", "reset", "on", "nopass"}, 0, words, 0, 6);
    System.arraycopy(rules, 0, words, 6, rules.length);
    assertThat(server.send(words)).isEqualTo(OK);
    Client client = server.connect();
    assertThat(client.send("AUTH", "alice", "any")).isEqualTo(OK);
    return client;
  }

  @Test
  void denialsAreWordedAsIn72() {
    Client client = loggedIn("+get", "+config|get", "~a");
    assertThat(client.send("SET", "a", "b"))
        .isEqualTo("-NOPERM User alice has no permissions to run the 'set' command\r\n");
    assertThat(client.send("CONFIG", "SET", "a", "b"))
        .isEqualTo("-NOPERM User alice has no permissions to run the 'config|set' command\r\n");
    assertThat(client.send("GET", "b")).isEqualTo("-NOPERM No permissions to access a key\r\n");
    assertThat(server.send("ACL", "DRYRUN", "alice", "get", "b"))
        .isEqualTo("$51\r\nUser alice has no permissions to access the 'b' key\r\n");
    assertThat(server.send("ACL", "DRYRUN", "alice", "set", "b", "c"))
        .contains("User alice has no permissions to run the 'set' command");
  }

  @Test
  void denialsAreCounted() {
    Client client = loggedIn("+get", "~a");
    client.send("SET", "a", "b");
    client.send("GET", "b");
    client.send("GET", "b");
    client.send("AUTH", "alice2", "x");
    assertThat(server.send("INFO", "stats"))
        .contains(
            "acl_access_denied_auth:1\r\n",
            "acl_access_denied_cmd:1\r\n",
            "acl_access_denied_key:2\r\n",
            "acl_access_denied_channel:0\r\n");
    assertThat(server.send("INFO", "commandstats"))
        .contains("cmdstat_get:calls=0,usec=0,usec_per_call=0.00,rejected_calls=2,failed_calls=0");
    assertThat(server.send("INFO", "errorstats")).contains("errorstat_NOPERM:count=3\r\n");
    server.send("CONFIG", "RESETSTAT");
    assertThat(server.send("INFO", "stats")).contains("acl_access_denied_key:0\r\n");
  }

  @Test
  void newUsersAreLookedAtClosely() {
    server.send("ACL", "SETUSER", "bob");
    assertThat(server.send("ACL", "LIST"))
        .isEqualTo(
            """
            *2\r
            $49\r
            user bob off sanitize-payload resetchannels -@all\r
            $51\r
            user default on nopass sanitize-payload ~* &* +@all\r
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "+@all -@admin +config|get ; +@all -@admin +config|get",
        "+get +set -get +acl +acl|whoami ; -@all +set -get +acl +acl|whoami",
        "+acl|whoami +acl ; -@all +acl",
        "+@read -@read +@READ ; -@all +@read",
        "+select|0 +select|1 +SELECT|0 ; -@all +select|1 +select|0",
        "+get -@all ; -@all",
        "-@all -@dangerous ; -@all -@dangerous",
        "+@all +get ; +@all +get",
        "-get +@all -@all +Config|GET -config ; -@all -config",
      })
  void rulesAreShownInTheirOrder(String rules, String shown) {
    String[] words = ("ACL SETUSER bob " + rules).split(" ");
    assertThat(server.send(words)).isEqualTo(OK);
    assertThat(server.send("ACL", "GETUSER", "bob"))
        .contains("$8\r\ncommands\r\n$" + shown.length() + "\r\n" + shown + "\r\n");
    String[] again = ("ACL SETUSER carl " + shown).split(" ");
    assertThat(server.send(again)).isEqualTo(OK);
    assertThat(server.send("ACL", "GETUSER", "carl")).contains("\r\n" + shown + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%~x", "%~", "(%~x)"})
  void aPatternOfKeysIsForSomething(String rule) {
    assertThat(server.send("ACL", "SETUSER", "bob", rule))
        .isEqualTo("-ERR Error in ACL SETUSER modifier '" + rule + "': Syntax error\r\n");
    assertThat(server.send("ACL", "GETUSER", "bob")).isEqualTo("$-1\r\n");
  }

  @Test
  void aFirstArgumentIsWarnedOf() {
    server.send("ACL", "SETUSER", "bob", "+select|0");
    assertThat(server.logLines())
        .contains(
            "Deprecation warning: Allowing a first arg of an otherwise blocked command is a misuse"
                + " of ACL and may get disabled in the future (offender: +select|0)");
  }

  // ---- the log

  @Test
  void theLogGroupsWhatHappensWithinAMinute() {
    Client client = loggedIn("+get");
    client.send("SET", "a", "b");
    server.advance(Duration.ofMillis(1500));
    client.send("SET", "c", "d");
    server.advance(Duration.ofMillis(500));
    String log = server.send("ACL", "LOG");
    assertThat(log)
        .startsWith(
            """
            *1\r
            *20\r
            $5\r
            count\r
            :2\r
            $6\r
            reason\r
            $7\r
            command\r
            $7\r
            context\r
            $8\r
            toplevel\r
            $6\r
            object\r
            $3\r
            set\r
            $8\r
            username\r
            $5\r
            alice\r
            $11\r
            age-seconds\r
            $3\r
            0.5\r
            $11\r
            client-info\r
            $""")
        .contains(" user=alice ", "\r\n$8\r\nentry-id\r\n:0\r\n$17\r\ntimestamp-created\r\n:");
    assertThat(number(log, "timestamp-last-updated") - number(log, "timestamp-created"))
        .isEqualTo(1500);

    server.advance(Duration.ofSeconds(61));
    client.send("SET", "a", "b");
    assertThat(server.send("ACL", "LOG"))
        .startsWith("*2\r\n*20\r\n$5\r\ncount\r\n:1\r\n")
        .contains("$8\r\nentry-id\r\n:1\r\n");
    assertThat(server.send("ACL", "LOG", "1")).startsWith("*1\r\n");
    assertThat(server.send("ACL", "LOG", "RESET")).isEqualTo(OK);
    assertThat(server.send("ACL", "LOG")).isEqualTo("*0\r\n");
  }

  private static long number(String log, String field) {
    int at = log.indexOf(field + "\r\n:") + field.length() + 3;
    return Long.parseLong(log.substring(at, log.indexOf('\r', at)));
  }

  @Test
  void theLogKeepsSoManyEntriesAsConfigured() {
    Client client = loggedIn("-@all");
    server.send("CONFIG", "SET", "acllog-max-len", "3");
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      client.send("AUTH", name, "x");
    }
    assertThat(server.send("ACL", "LOG", "100"))
        .startsWith("*3\r\n")
        .contains("\r\n$1\r\ne\r\n", "\r\n$1\r\nd\r\n", "\r\n$1\r\nc\r\n")
        .doesNotContain("\r\n$1\r\nb\r\n");
  }

  // ---- live connections

  @Test
  void whoSaysNoPasswordMayDoNothingOnceOneIsAskedFor() {
    Client before = server.connect();
    server.send("ACL", "SETUSER", "default", ">secret");
    Client after = server.connect();
    assertThat(before.send("PING")).isEqualTo("+PONG\r\n");
    assertThat(after.send("PING")).startsWith("-NOAUTH");
    assertThat(after.send("AUTH", "secret")).isEqualTo(OK);
    assertThat(after.send("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void aPipelineFeelsAChangeInItsMiddle() {
    Client client = loggedIn("+@all", "~*");
    assertThat(client.sendRaw("SET a b\r\nACL SETUSER alice -set\r\nSET a c\r\nGET a\r\n"))
        .isEqualTo(
            OK
                + OK
                + "-NOPERM User alice has no permissions to run the 'set' command\r\n"
                + "$1\r\nb\r\n");
  }

  @Test
  void aCommandThatWaitsIsLookedAtAgain() {
    Client client = loggedIn("+blpop", "~l");
    assertThat(client.send("BLPOP", "l", "0")).isEmpty();
    server.send("ACL", "SETUSER", "alice", "resetkeys");
    server.send("RPUSH", "l", "x");
    assertThat(client.receive()).isEqualTo("-NOPERM No permissions to access a key\r\n");
    assertThat(server.send("LLEN", "l")).isEqualTo(":1\r\n");
  }

  @Test
  void aDeniedCommandDoesNotWaitForTheEndOfAPause() {
    Client client = loggedIn("+get", "~*");
    server.send("CLIENT", "PAUSE", "100000", "ALL");
    assertThat(client.send("SET", "a", "b")).startsWith("-NOPERM");
  }

  @Test
  void whoDeletesItselfIsAnsweredFirst() {
    Client client = loggedIn("+@all");
    assertThat(client.send("ACL", "DELUSER", "alice")).isEqualTo(":1\r\n");
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void secretsDontShow() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "0");
    Client monitor = server.connect();
    monitor.send("MONITOR");
    server.send("ACL", "SETUSER", "bob", ">secret");
    server.send("AUTH", "bob", "secret");
    server.send("HELLO", "2", "AUTH", "bob", "secret");
    assertThat(server.send("SLOWLOG", "GET")).doesNotContain("secret").contains("(redacted)");
    assertThat(monitor.receive()).doesNotContain("secret");
  }

  @Test
  void anyBytesMayBeAPassword() {
    String password = "\0\r\n \u00ff\u0080%s*";
    server.send("ACL", "SETUSER", "bob", "on", ">" + password);
    assertThat(server.send("AUTH", "bob", password.substring(0, 5))).startsWith("-WRONGPASS");
    assertThat(server.send("AUTH", "bob", password)).isEqualTo(OK);
    assertThat(server.send("AUTH", "bob", "x".repeat(10_000))).startsWith("-WRONGPASS");
  }

  @Test
  void passwordsAreMadeUpInTheLengthAskedFor() {
    String first = server.send("ACL", "GENPASS");
    assertThat(first).matches("\\$64\r\n[0-9a-f]{64}\r\n");
    assertThat(server.send("ACL", "GENPASS")).isNotEqualTo(first);
    assertThat(server.send("ACL", "GENPASS", "5")).matches("\\$2\r\n[0-9a-f]{2}\r\n");
    assertThat(server.send("ACL", "GENPASS", "1")).matches("\\$1\r\n[0-9a-f]\r\n");
    assertThat(server.send("ACL", "GENPASS", "4096")).matches("\\$1024\r\n[0-9a-f]{1024}\r\n");
  }

  @Test
  void channelsAreAllowedByPattern() {
    server.send("ACL", "SETUSER", "bob", "&news.*", "(&chat)");
    User bob = Objects.requireNonNull(server.engine().access().find(Slice.of("bob")));
    assertThat(bob.mayUseChannel(Slice.of("news.1"), false)).isTrue();
    assertThat(bob.mayUseChannel(Slice.of("chat"), false)).isTrue();
    assertThat(bob.mayUseChannel(Slice.of("other"), false)).isFalse();
    assertThat(bob.mayUseChannel(Slice.of("news.*"), true)).isTrue();
    assertThat(bob.mayUseChannel(Slice.of("news.1"), true)).isFalse();
    server.send("ACL", "SETUSER", "bob", "allchannels");
    assertThat(bob.mayUseChannel(Slice.of("other"), true)).isTrue();
  }

  @Test
  void whoMayDoEverythingIsNotAsked() {
    User standard = server.engine().access().defaultUser();
    assertThat(standard.isUnrestricted()).isTrue();
    server.send("ACL", "SETUSER", "bob", "+get", "(~* &* +@all)");
    assertThat(
            Objects.requireNonNull(server.engine().access().find(Slice.of("bob"))).isUnrestricted())
        .isTrue();
    server.send("ACL", "SETUSER", "default", "-get");
    assertThat(standard.isUnrestricted()).isFalse();
    server.send("ACL", "SETUSER", "default", "+get");
    assertThat(standard.isUnrestricted()).isTrue();
  }

  @Test
  void renamedCommandsKeepTheirNamesInRules() throws LoadException {
    TestServer renamed =
        TestServer.startWithFile(
            "rename-command GET read\nuser bob on nopass ~* +get\n", disk -> {});
    Client client = renamed.connect();
    client.send("AUTH", "bob", "x");
    assertThat(client.send("READ", "k")).isEqualTo("$-1\r\n");
    assertThat(client.send("SET", "k", "v")).startsWith("-NOPERM");
    assertThat(renamed.send("ACL", "SETUSER", "carl", "+read")).startsWith("-ERR Error in ACL");
  }

  // ---- files

  @Test
  void usersOfTheConfigFileAreThereAtTheStart() throws LoadException {
    TestServer configured =
        TestServer.startWithFile(
            """
            requirepass forgotten
            user bob on >secret ~a* +get (~b +set)
            user default on nopass ~d* +@all
            user carl
            """,
            disk -> {});
    Client client = configured.connect();
    assertThat(client.send("GET", "d")).isEqualTo("$-1\r\n");
    assertThat(client.send("GET", "a")).startsWith("-NOPERM");
    assertThat(client.send("AUTH", "bob", "secret")).isEqualTo(OK);
    assertThat(client.send("GET", "a")).isEqualTo("$-1\r\n");
    assertThat(client.send("SET", "b", "x")).isEqualTo(OK);
    assertThat(configured.logLines())
        .contains(
            "The user 'carl' is disabled (there is no 'on' modifier in the user description). Make"
                + " sure this is not a configuration error.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "user bob on foo | Error in user declaration 'foo': Syntax error",
        "user bob on (~x | Error in user declaration '(~x': Syntax error",
        "user bob #1 | Error in user declaration '#1': The password hash must be exactly 64"
            + " characters and contain only lowercase hexadecimal characters",
      })
  void usersThatMakeNoSenseAreRefused(String line, String reason) {
    IllegalArgumentException refusal =
        catchThrowableOfType(
            IllegalArgumentException.class,
            () -> TestServer.startWithFile("hz 10\n" + line + "\n", disk -> {}));
    assertThat(refusal.getCause())
        .hasMessage("Reading the configuration file, at line 2\n>>> '" + line + "'\n" + reason);
  }

  @Test
  void aUserIsDeclaredOnce() {
    assertThat(
            catchThrowableOfType(
                    IllegalArgumentException.class,
                    () -> TestServer.startWithFile("user bob on\nuser bob off\n", disk -> {}))
                .getCause())
        .hasMessageEndingWith(
            "Error in user declaration 'bob': Duplicate user found. A user can only be defined once"
                + " in config files");
  }

  @Test
  void unknownCommandsOfUsersEndTheStart() {
    UncheckedIOException end =
        catchThrowableOfType(
            UncheckedIOException.class,
            () -> TestServer.startWithFile("user bob on +nosuch\n", disk -> {}));
    assertThat(end).hasMessageContaining("Critical error while loading ACLs. Exiting.");
  }

  @Test
  void theConfigFileIsWrittenWithItsUsers() throws LoadException {
    TestServer configured =
        TestServer.startWithFile("user bob on nopass\nhz 10\nuser carl\nuser dora on\n", d -> {});
    configured.send("ACL", "DELUSER", "carl");
    configured.send("ACL", "SETUSER", "dora", "+get", "~k", "(+set ~x)");
    assertThat(configured.send("CONFIG", "REWRITE")).isEqualTo(OK);
    assertThat(read(configured.host().disk(), "cinnabar.conf"))
        .startsWith(
            "user bob on nopass sanitize-payload resetchannels -@all\nhz 10\n"
                + "user default on nopass sanitize-payload ~* &* +@all\n"
                + "user dora on sanitize-payload ~k resetchannels -@all +get"
                + " (~x resetchannels -@all +set)\n");
  }

  private static String read(VirtualDisk disk, String path) {
    try {
      return new String(disk.read(path), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestServer withFile(String users) throws LoadException {
    return TestServer.startWithFile(
        "aclfile users.acl\n",
        disk -> disk.put("users.acl", users.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void usersOfTheirOwnFileAreLoadedAndSaved() throws LoadException {
    TestServer filed = withFile("user bob on nopass  ~* +get\n\n \r\n");
    Client client = filed.connect();
    assertThat(client.send("AUTH", "bob", "x")).isEqualTo(OK);
    filed.send("ACL", "SETUSER", "carl", ">a\r\nb", "~\u00ff");
    assertThat(filed.send("ACL", "SAVE")).isEqualTo(OK);
    assertThat(read(filed.host().disk(), "users.acl"))
        .isEqualTo(
            "user bob on nopass sanitize-payload ~* resetchannels -@all +get\n"
                + "user carl off sanitize-payload"
                + " #"
                + Passwords.hash(ByteText.bytes("a\r\nb"))
                + " ~\u00ff resetchannels -@all\n"
                + "user default on nopass sanitize-payload ~* &* +@all\n");

    filed.host().disk().put("users.acl", ByteText.bytes("user dora\n"));
    assertThat(filed.send("ACL", "LOAD")).isEqualTo(OK);
    assertThat(filed.send("ACL", "USERS")).isEqualTo("*2\r\n$7\r\ndefault\r\n$4\r\ndora\r\n");
    assertThat(client.isClosed()).isTrue();
    assertThat(filed.send("CONFIG", "REWRITE")).isEqualTo(OK);
    assertThat(read(filed.host().disk(), "cinnabar.conf")).doesNotContain("user ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "user | users.acl:1 should start with user keyword followed by the username. ",
        "foo bar | users.acl:1 should start with user keyword followed by the username. ",
        "# user | users.acl:1 should start with user keyword followed by the username. ",
        "user bob +nosuch foo bar | users.acl:1: Error in applying operation '+nosuch': Unknown"
            + " command or category name in ACL. users.acl:1: Syntax error. ",
        "user bob (+get | users.acl:1: Unmatched parenthesis in selector definition.",
        "user a\tb | 'users.acl:1: username 'a\tb' contains invalid characters. ",
      })
  void aBadFileChangesNothing(String line, String reason) throws LoadException {
    TestServer filed = withFile("user bob on nopass\n");
    filed.host().disk().put("users.acl", ByteText.bytes(line + "\nuser carl on\n"));
    assertThat(filed.send("ACL", "LOAD"))
        .startsWith("-ERR " + reason)
        .endsWith(
            "WARNING: ACL errors detected, no change to the previously active ACL rules was"
                + " performed\r\n");
    assertThat(filed.send("ACL", "USERS")).isEqualTo("*2\r\n$3\r\nbob\r\n$7\r\ndefault\r\n");
  }

  @Test
  void withoutTheFileThereIsNoServer() {
    assertThat(
            catchThrowableOfType(
                UncheckedIOException.class,
                () -> TestServer.startWithFile("aclfile nosuch.acl\n", disk -> {})))
        .hasMessageContaining(
            "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file"
                + " 'nosuch.acl': No such file or directory");
    assertThat(
            catchThrowableOfType(
                UncheckedIOException.class,
                () -> TestServer.startWithFile("aclfile a\nuser bob on\n", disk -> {})))
        .hasMessageContaining("please define either an ACL file or declare users directly");
  }

  @Test
  void aFileThatCantBeWrittenStaysAsItIs() throws LoadException {
    TestServer filed = withFile("user bob on\n");
    filed.host().disk().makeReadOnly(VirtualDisk.HOME);
    assertThat(filed.send("ACL", "SAVE"))
        .isEqualTo(
            "-ERR There was an error trying to save the ACLs. Please check the server logs for more"
                + " information\r\n");
    assertThat(filed.logLines()).contains("Writing ACL file for ACL SAVE: Permission denied");
    assertThat(server.send("ACL", "SAVE")).startsWith(NO_FILE);
  }
}
