package io.cinnabar;

import static io.cinnabar.config.PersistenceParameters.APPENDONLY;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Version;
import io.cinnabar.config.CommandLine;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.ConfigLoader;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Log;
import io.cinnabar.virtual.VirtualDisk;
import io.cinnabar.virtual.VirtualHost;
import io.cinnabar.virtual.VirtualPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A whole server over a virtual host, in the test's own thread. It does something only while a
 * method of this class or of a {@link Client} runs, and time passes only in {@link #advance} and in
 * commands that wait.
 */
public final class TestServer {

  private static final long SEED = 42;
  private static final String ADDRESS = "127.0.0.1";
  private static final int PORT = 6379;
  private static final String CONFIG_FILE = "cinnabar.conf";

  private final VirtualHost host;
  private final List<String> logLines = new ArrayList<>();
  private final ServerCore core;
  private final Client first;
  private boolean turning;

  private TestServer(VirtualHost host, Config config) {
    this.host = host;
    if (config.get(APPENDONLY) && !host.hasWorkers()) {
      host.startWorkers();
    }
    try {
      core = new ServerCore(host.host(), new ListLog(logLines), config);
      core.start(false);
      core.load();
    } catch (IOException e) {
      throw new UncheckedIOException(String.join("\n", logLines), e);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
    first = connect();
  }

  /**
   * Starts a server that listens on 127.0.0.1:6379, and has no save points unless it is told.
   *
   * @param directives lines of the configuration, their words separated by spaces
   */
  public static TestServer start(String... directives) {
    return startOn(new VirtualHost(SEED), directives);
  }

  /**
   * As {@link #start}, on a machine that has something on its disk already.
   *
   * @throws UncheckedIOException when that can't be loaded
   */
  public static TestServer startOn(VirtualHost host, String... directives) {
    host.network().advanceTimeWhenIdle();
    return startAmong(host, directives);
  }

  /** As {@link #startOn}, on a machine whose time others move. */
  static TestServer startAmong(VirtualHost host, String... directives) {
    Config config = new Config(host.disk());
    set(config, "bind " + ADDRESS);
    set(config, "save ");
    for (String directive : directives) {
      set(config, directive);
    }
    return new TestServer(host, config);
  }

  /**
   * Starts a server with a config file, which lies at /home/{@value #CONFIG_FILE} on the host's
   * disk.
   *
   * @param text of the file; {@code bind 127.0.0.1} is added by the command line
   * @param prepare puts further files there before the file is read
   */
  public static TestServer startWithFile(String text, Consumer<VirtualDisk> prepare)
      throws LoadException {
    VirtualHost host = new VirtualHost(SEED);
    host.disk().put(CONFIG_FILE, text.getBytes(StandardCharsets.ISO_8859_1));
    prepare.accept(host.disk());
    Config config = new Config(host.disk());
    new ConfigLoader(config, host.disk(), Version.REDIS)
        .load(CommandLine.parse(CONFIG_FILE, "--bind", ADDRESS), new byte[0]);
    host.network().advanceTimeWhenIdle();
    return new TestServer(host, config);
  }

  /** Makes a server as far as its configuration is looked at, without starting it. */
  public static void check(Config config) throws ConfigException {
    new ServerCore(new VirtualHost(SEED).host(), Log.SILENT, config);
  }

  private static void set(Config config, String directive) {
    String[] words = directive.split(" ", -1);
    try {
      config.set(words[0], Arrays.copyOfRange(words, 1, words.length));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(directive, e);
    }
  }

  /** A new client on the same machine. */
  public Client connect() {
    try {
      return new Client(host.network().connect(address()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new client from elsewhere, with its address as {@code ip:port}. */
  public Client connect(String from) {
    try {
      return new Client(host.network().connect(address(), from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ListenAddress address() {
    return new ListenAddress(ADDRESS, PORT, 0, 0);
  }

  /** Has the server's first client send a command; its reply as it comes over the wire. */
  public String send(String... words) {
    return first.send(words);
  }

  /** Lets the server run for so long, unless it ends. */
  public void advance(Duration duration) {
    long endNanos = host.time().nanos() + duration.toNanos();
    core.loop().timers().schedule(endNanos, () -> {});
    while (host.time().nanos() < endNanos && !core.loop().isStopping()) {
      core.loop().turn();
    }
  }

  /** Has it end as if told to by the machine, without waiting for clients. */
  public void close() {
    core.end();
    core.close();
  }

  public Engine engine() {
    return core.engine();
  }

  /** The machine that the server runs on. */
  public VirtualHost host() {
    return host;
  }

  /** What the server has logged. */
  public List<String> logLines() {
    return logLines;
  }

  /** Whether it is in the middle of a turn, in which the others of its group have theirs. */
  public boolean isTurning() {
    return turning;
  }

  /** One turn of the loop, in a group whose time others move; none within another one. */
  void turnUnlessTurning() {
    if (!turning) {
      turn();
    }
  }

  /** One turn of the loop that finds the network busy, so that it does not wait. */
  private void turn() {
    host.network().post(() -> {});
    turning = true;
    try {
      core.loop().turn();
    } finally {
      turning = false;
    }
  }

  /** One client: what it sends and what it has got. */
  public final class Client {

    private final VirtualPeer peer;

    private Client(VirtualPeer peer) {
      this.peer = peer;
      turn();
    }

    /** Sends a command, which is executed; the reply as it comes over the wire. */
    public String send(String... words) {
      StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      return sendRaw(request.toString());
    }

    /** Sends these characters, one byte each, and returns what comes back. */
    public String sendRaw(String bytes) {
      queue(bytes);
      return receive();
    }

    /** Has these bytes arrive as soon as the server looks at its network. */
    public void queue(String bytes) {
      peer.send(bytes);
    }

    /** Takes what has come, and what comes while the server finishes what it has to do. */
    public String receive() {
      StringBuilder received = new StringBuilder();
      String more;
      do {
        turn();
        more = peer.receiveText();
        received.append(more);
      } while (!more.isEmpty() || core.engine().sessions().hasReady() || host.isWorking());
      return received.toString();
    }

    /** Takes what has come, while the server does nothing. */
    public String take() {
      return peer.receiveText();
    }

    /** This client's {@code ip:port}. */
    public String address() {
      return peer.address();
    }

    /** Whether the server has closed the connection. */
    public boolean isClosed() {
      return peer.isEnded();
    }

    /** Says that nothing more follows; replies are still received. */
    public void endOutput() {
      peer.endOutput();
    }

    /** Closes the connection from this side. */
    public void close() {
      abandon();
      turn();
    }

    /** As {@link #close}, which the server notices when it looks at its network. */
    public void abandon() {
      peer.close();
    }
  }

  private record ListLog(List<String> lines) implements Log {
    @Override
    public void log(Level level, String text) {
      lines.add(text);
    }

    @Override
    public boolean isEnabled(Level level) {
      return true;
    }
  }
}
