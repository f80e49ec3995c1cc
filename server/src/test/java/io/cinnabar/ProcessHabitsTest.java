package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.command.Version;
import io.cinnabar.net.UnixDatagrams;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.SaveMode;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.ShutdownParams;

/** What operators, init scripts and supervisors expect of the process. */
@Timeout(120)
final class ProcessHabitsTest {

  private static final String[] LOCAL = {"--port", "0", "--bind", "127.0.0.1"};
  private static final long TIMEOUT_SECONDS = 60;

  @TempDir private Path folder;

  private static String[] local(String... more) {
    List<String> all = new ArrayList<>(List.of(LOCAL));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aHangUpIsIgnoredAndAnInterruptEndsIt() throws IOException {
    try (ServerProcess server = ServerProcess.start(LOCAL)) {
      int port = server.awaitReady();
      server.signal("HUP");
      try (Jedis client = new Jedis("127.0.0.1", port)) {
        assertThat(client.ping()).isEqualTo("PONG");
      }
      server.signal("INT");
      assertThat(server.awaitExit()).isZero();
      assertThat(server.lines())
          .anyMatch(
              line ->
                  line.matches(
                      server.pid()
                          + ":signal-handler \\(\\d{10}\\) Received SIGINT scheduling"
                          + " shutdown\\.\\.\\."));
      assertThat(server.lines()).last().asString().endsWith(" ready to exit, bye bye...");
    }
  }

  /** However long the command takes that is under way. */
  @Test
  void aSecondInterruptEndsItAtOnce() throws IOException {
    try (ServerProcess server = ServerProcess.start(local("--enable-debug-command", "local"))) {
      int port = server.awaitReady();
      try (java.net.Socket client = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
        // One behind the other: nothing else is looked at between the two.
        String commands = "DEBUG LOG asleep\r\nDEBUG SLEEP 100\r\n";
        client.getOutputStream().write(commands.getBytes(US_ASCII));
        server.awaitLine("DEBUG LOG: asleep");
        server.signal("INT");
        server.awaitLine("Received SIGINT scheduling shutdown...");
        server.signal("INT");
        assertThat(server.awaitExit()).isEqualTo(1);
      }
      assertThat(server.lines()).last().asString().endsWith(" You insist... exiting now.");
    }
  }

  @Test
  void aSignalThatShallSaveIsRefusedWhereThatFails() throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    try (ServerProcess server =
        ServerProcess.start(local("--shutdown-on-sigterm", "save", "--dir", gone.toString()))) {
      int port = server.awaitReady();
      Files.delete(gone);
      server.terminate();
      server.awaitLine("Received SIGTERM scheduling shutdown...");
      server.awaitLine(
          "Errors trying to shut down the server. Check the logs for more information.");
      try (Jedis client = new Jedis("127.0.0.1", port)) {
        client.configSet("shutdown-on-sigterm", "save force");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
    }
  }

  @Test
  void itsIdIsInAFileWhileItServes() throws IOException {
    Path file = folder.resolve("pid");
    try (ServerProcess server = ServerProcess.start(local("--pidfile", file.toString()))) {
      int port = server.awaitReady();
      assertThat(file).hasContent(server.pid() + "\n");
      try (ServerProcess second =
          ServerProcess.start("--port", port + "", "--pidfile", file.toString())) {
        assertThat(second.awaitExit()).isEqualTo(1);
      }
      assertThat(file).hasContent(server.pid() + "\n");
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(file).doesNotExist();
      assertThat(server.lines()).anyMatch(line -> line.endsWith(" * Removing the pid file."));
    }
  }

  @Test
  void aFileThatCanNotBeWrittenIsSaid() throws IOException {
    String file = folder.resolve("missing").resolve("pid").toString();
    try (ServerProcess server = ServerProcess.start(local("--pidfile", file))) {
      server.awaitReady();
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.lines())
          .anyMatch(
              line -> line.endsWith(" # Failed to write PID file: No such file or directory"));
    }
  }

  @Test
  void itServesInTheBackground() throws Exception {
    Path log = folder.resolve("log");
    int port = freePort();
    String[] options = {
      "-", "--port", port + "", "--daemonize", "yes", "--pidfile", folder.resolve("pid") + ""
    };
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      folder.register(watch, ENTRY_CREATE, ENTRY_MODIFY);
      try (ServerProcess starter =
          ServerProcess.startWithInput("bind 127.0.0.1\nlogfile \"" + log + "\"", options)) {
        assertThat(starter.awaitExit()).isZero();
        long pid = awaitPid(watch);
        try (Jedis client = new Jedis("127.0.0.1", port)) {
          assertThat(client.info("server")).contains("process_id:" + pid + "\r\n");
          assertThat(pid).isNotEqualTo(starter.pid());
          shutDown(client);
        }
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
      }
    }
    assertThat(log).content().contains("pid=", " * Ready to accept connections tcp\n");
    assertThat(log).content().endsWith("Cinnabar is now ready to exit, bye bye...\n");
    assertThat(folder.resolve("pid")).doesNotExist();
  }

  private long awaitPid(WatchService watch) throws IOException, InterruptedException {
    while (!Files.exists(folder.resolve("pid")) || Files.size(folder.resolve("pid")) == 0) {
      var key = watch.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(key).as("the pidfile appears").isNotNull();
      key.pollEvents();
      key.reset();
    }
    return Long.parseLong(Files.readString(folder.resolve("pid")).trim());
  }

  private static void shutDown(Jedis client) {
    assertThatThrownBy(
            () -> {
              client.shutdown(ShutdownParams.shutdownParams().saveMode(SaveMode.NOSAVE));
              client.ping();
            })
        .isInstanceOf(JedisConnectionException.class);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** It does not leave the foreground before it knows what is wrong. */
  @Test
  void aWrongConfigurationIsSaidInTheForeground() throws IOException {
    try (ServerProcess server = ServerProcess.start("--daemonize", "yes", "--port", "x")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.errors())
          .contains("*** FATAL CONFIG FILE ERROR (Redis " + Version.REDIS + ") ***");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"systemd", "auto"})
  void systemdIsToldWhenItServes(String mode) throws IOException {
    String path = folder.resolve("notify").toString();
    assertThat(told(mode, path, path))
        .containsExactly("STATUS=Ready to accept connections\n", "READY=1\n", "STOPPING=1\n");
  }

  /** Such sockets are Linux's own. */
  @Test
  void systemdMayUseAnAbstractSocket() throws IOException {
    String name = "cinnabar-test-" + ProcessHandle.current().pid();
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    assertThat(told("systemd", "@" + name, "\0" + name)).contains("READY=1\n");
  }

  /** What a server tells that is started and ended; it ignores daemonize meanwhile. */
  private static List<String> told(String mode, String path, String bound) throws IOException {
    assertThat(UnixDatagrams.isAvailable()).isTrue(); // which loads what the next line needs
    Socket socket = Socket.newSocketDomainDgram();
    try {
      socket.bind(new DomainSocketAddress(bound));
      String[] options = local("--supervised", mode, "--daemonize", "yes", "--pidfile", "");
      try (ServerProcess server = ServerProcess.startIn(Map.of("NOTIFY_SOCKET", path), options)) {
        try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
          assertThat(client.info("server")).contains("process_supervised:systemd\r\n");
        }
        server.terminate();
        assertThat(server.awaitExit()).isZero();
        assertThat(server.lines()).anyMatch(line -> line.contains(" * Supervised by systemd. "));
      }
      return received(socket);
    } finally {
      socket.close();
    }
  }

  private static List<String> received(Socket socket) throws IOException {
    List<String> messages = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
    DomainDatagramSocketAddress from;
    while ((from = socket.recvFromDomainSocket(buffer, 0, buffer.capacity())) != null) {
      byte[] bytes = new byte[from.receivedAmount()];
      buffer.get(0, bytes);
      messages.add(new String(bytes, US_ASCII));
    }
    return messages;
  }

  @ParameterizedTest
  @CsvSource({
    "systemd, systemd supervision error: NOTIFY_SOCKET not found!",
    "upstart, 'upstart supervision requested, but UPSTART_JOB not found!'"
  })
  void aSupervisorThatIsNotThereIsSaid(String mode, String line) throws IOException {
    try (ServerProcess server = ServerProcess.start(local("--supervised", mode))) {
      server.awaitReady();
      assertThat(server.lines()).anyMatch(each -> each.endsWith(" # " + line));
    }
  }

  @ParameterizedTest
  @CsvSource({"SEGFAULT, 139", "PANIC, 134"})
  void aCrashShowsInTheExitStatus(String subcommand, int status) throws IOException {
    try (ServerProcess server = ServerProcess.start(local("--enable-debug-command", "yes"))) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        assertThatThrownBy(() -> client.sendCommand(() -> "DEBUG".getBytes(US_ASCII), subcommand))
            .isInstanceOf(JedisConnectionException.class);
      }
      assertThat(server.awaitExit()).isEqualTo(status);
    }
  }
}
