package io.cinnabar;

import static io.cinnabar.config.PersistenceParameters.APPENDONLY;
import static io.cinnabar.config.PersistenceParameters.SAVE;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.machine.Machine;
import io.cinnabar.net.NettyNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A server inside this JVM, on a thread of its own.
 *
 * <pre>{@code
 * try (CinnabarServer server = CinnabarServer.builder().start()) {
 *   Jedis client = new Jedis("127.0.0.1", server.port());
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class CinnabarServer implements AutoCloseable {

  private final ServerCore core;
  private final Host host;
  private final Thread thread;
  private final int port;

  private CinnabarServer(ServerCore core, Host host, Thread thread, int port) {
    this.core = core;
    this.host = host;
    this.thread = thread;
    this.port = port;
  }

  /** A server on the loopback address and a free port, with nothing else configured. */
  public static Builder builder() {
    return new Builder();
  }

  /** The TCP port that it listens on; 0 if it was told to listen on none. */
  public int port() {
    return port;
  }

  /**
   * Stops it and waits until all its connections are closed. What it held is gone, unless it was
   * configured with save points, and so saves before.
   */
  @Override
  public void close() {
    host.network().post(core::end);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the server shall be like. Not thread-safe. */
  public static final class Builder {

    /** Who names one of these wants the data set to be in a file. */
    private static final Set<String> FILE_OPTIONS = Set.of("dir", "dbfilename");

    private final Config config = new Config(Machine.disk());
    private @Nullable InstantSource wallClock;
    private boolean choosePort;
    private boolean hasFiles;

    private Builder() {
      option("bind", "127.0.0.1");
      option("save", "");
      port(0);
    }

    /** The TCP port; 0, the default, takes one that is free. */
    public Builder port(int port) {
      choosePort = port == 0;
      return option("port", Integer.toString(port));
    }

    /**
     * A directive of redis.conf with its arguments. The server touches no files unless one of them
     * says where: with {@code dir} or {@code dbfilename} it begins with what is in that file, and
     * with {@code save} it writes it; with {@code appendonly} it keeps all changes.
     *
     * @throws IllegalArgumentException when there is none of this name, or it doesn't take these
     */
    public Builder option(String name, String... arguments) {
      hasFiles |= FILE_OPTIONS.contains(name.toLowerCase(Locale.ROOT));
      try {
        config.set(name, arguments);
      } catch (ConfigException e) {
        throw new IllegalArgumentException(name + ": " + e.reason(), e);
      }
      return this;
    }

    /**
     * The clock by which keys expire, instead of the machine's: a test moves it rather than wait.
     * Read on the server's thread.
     */
    public Builder clock(InstantSource wallClock) {
      this.wallClock = wallClock;
      return this;
    }

    /**
     * Starts it; it accepts connections when this returns.
     *
     * @throws UncheckedIOException when the address can't be bound
     */
    public CinnabarServer start() {
      Host host = Machine.host(new NettyNetwork());
      if (wallClock != null) {
        host = host.withWallClock(wallClock);
      }
      return new Starter(
              host,
              Log.SILENT,
              config,
              choosePort,
              hasFiles || !config.get(SAVE).isEmpty() || config.get(APPENDONLY))
          .start();
    }
  }

  /** Starts a server on its own thread, which has to make all of it, and waits for the outcome. */
  private static final class Starter {

    private final Host host;
    private final Log log;
    private final Config config;
    private final boolean choosePort;
    private final boolean hasFiles;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile @Nullable ServerCore core;
    private volatile @Nullable Exception failure;

    Starter(Host host, Log log, Config config, boolean choosePort, boolean hasFiles) {
      this.host = host;
      this.hasFiles = hasFiles;
      this.log = log;
      this.config = config;
      this.choosePort = choosePort;
    }

    CinnabarServer start() {
      Thread thread = new Thread(this::run, "cinnabar");
      thread.setDaemon(true);
      thread.start();
      awaitUninterruptibly(started);
      Exception reason = failure;
      if (reason instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      ServerCore running = core;
      if (running == null) {
        throw new IllegalStateException("the server did not start", reason);
      }
      return new CinnabarServer(running, host, thread, running.port());
    }

    private void run() {
      boolean hasRun = false;
      ServerCore made = null;
      try {
        made = new ServerCore(host, log, config);
        made.start(choosePort);
        if (hasFiles) {
          made.load();
        }
        core = made;
        started.countDown();
        made.run();
        hasRun = true;
      } catch (IOException | ConfigException | RuntimeException e) {
        failure = e;
      } finally {
        started.countDown();
        if (hasRun && made != null) {
          made.close();
        } else {
          host.network().close();
        }
      }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      boolean interrupted = false;
      while (true) {
        try {
          latch.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
