package io.cinnabar;

import static io.cinnabar.config.Parameters.LOGFILE;
import static io.cinnabar.config.Parameters.LOGLEVEL;
import static io.cinnabar.config.Parameters.PORT;
import static io.cinnabar.config.Parameters.SAVE;
import static io.cinnabar.config.Parameters.UNIXSOCKET;

import io.cinnabar.command.Version;
import io.cinnabar.config.CommandLine;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigLoader;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.machine.LogWriter;
import io.cinnabar.machine.LogWriter.Role;
import io.cinnabar.machine.Machine;
import io.cinnabar.net.NettyNetwork;
import io.cinnabar.net.NettySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The program: reads its command line as redis-server does, serves until it is told to stop. */
public final class Main {

  private Main() {}

  /** Runs the server on this thread. */
  public static void main(String[] arguments) throws IOException {
    CommandLine commandLine = CommandLine.parse(arguments);
    switch (commandLine.action()) {
      case SHOW_VERSION -> System.out.println(Version.line());
      case SHOW_HELP -> System.out.print(CommandLine.HELP);
      case RUN -> System.exit(run(commandLine, arguments.length > 0));
    }
  }

  private static int run(CommandLine commandLine, boolean configured) throws IOException {
    LogWriter log =
        LogWriter.toStandardOutput(InstantSource.system(), ProcessHandle.current().pid());
    Config config = new Config();
    byte[] stdin = commandLine.fromStdin() ? System.in.readAllBytes() : new byte[0];
    try {
      new ConfigLoader(config, Machine.disk(), Version.REDIS)
          .load(commandLine.withConfigFile(absolute(commandLine.configFile())), stdin);
    } catch (LoadException e) {
      if (e.isUnreadable()) {
        log.warning(e.report());
      } else {
        System.err.println(e.report());
      }
      return 1;
    }
    if (!direct(log, config)) {
      return 1;
    }
    announce(configured, log);
    return serve(config, log);
  }

  /** The path as INFO and messages show it: without steps up at its beginning, else as given. */
  private static @Nullable String absolute(@Nullable String path) {
    if (path == null) {
      return null;
    }
    Path absolute = Path.of(path).toAbsolutePath();
    return (path.startsWith("../") ? absolute.normalize() : absolute).toString();
  }

  /** Has the log as the configuration wants it; false when its file can't be written. */
  private static boolean direct(LogWriter log, Config config) {
    log.show(config.get(LOGLEVEL));
    config.onChange(LOGLEVEL, () -> log.show(config.get(LOGLEVEL)));
    String file = config.get(LOGFILE);
    if (file.isEmpty()) {
      return true;
    }
    try {
      log.appendTo(file);
      return true;
    } catch (IOException e) {
      String reason = "Can't open the log file: " + e.getMessage();
      System.err.println(ConfigLoader.report(Version.REDIS, reason));
      return false;
    }
  }

  private static void announce(boolean configured, Log log) {
    log.notice("oO0OoO0OoO0Oo Cinnabar is starting oO0OoO0OoO0Oo");
    log.notice(Version.startLine() + ", pid=" + ProcessHandle.current().pid() + ", just started");
    if (configured) {
      log.notice("Configuration loaded");
    } else {
      log.warning(
          "Warning: no config file specified, using the default config. In order to specify a"
              + " config file use cinnabar-server /path/to/cinnabar.conf");
    }
  }

  private static int serve(Config config, LogWriter log) {
    NettySettings.apply();
    Host host = Machine.host(new NettyNetwork());
    ServerCore core = new ServerCore(host, log, config);
    log.become(Role.PRIMARY);
    try {
      core.start(config.get(PORT) == 0 && config.get(UNIXSOCKET).isEmpty());
    } catch (IOException e) {
      return 1; // what failed is in the log
    }
    log.notice("Running mode=standalone, port=" + core.port() + ".");
    log.notice("Network transport: " + host.network().transportName());
    log.notice("Server initialized");
    if (!config.get(SAVE).isEmpty()) {
      log.notice("Nothing is saved to disk: this version does not act on 'save'");
    }
    CountDownLatch ended = stopOnSignal(host, core, log);
    core.announce();
    try {
      core.loop().run();
      log.notice("User requested shutdown...");
      core.close();
      log.warning("Cinnabar is now ready to exit, bye bye...");
    } finally {
      ended.countDown();
    }
    return 0;
  }

  /**
   * SIGTERM and SIGINT (and SIGHUP, which the launcher has ignored) reach a JVM as its shutdown
   * hooks. This one asks the loop to stop and then ends the process with the status of an orderly
   * stop, which the JVM by itself would not. A further signal changes nothing.
   */
  private static CountDownLatch stopOnSignal(Host host, ServerCore core, Log log) {
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              if (ended.getCount() == 0) {
                return;
              }
              log.warning("Received shutdown signal, scheduling shutdown...");
              host.network().post(core::stop);
              try {
                ended.await();
              } catch (InterruptedException e) {
                return;
              }
              Runtime.getRuntime().halt(0);
            },
            "cinnabar-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    return ended;
  }
}
