package io.cinnabar;

import static io.cinnabar.config.Parameters.DAEMONIZE;
import static io.cinnabar.config.Parameters.LOGFILE;
import static io.cinnabar.config.Parameters.LOGLEVEL;
import static io.cinnabar.config.Parameters.PIDFILE;
import static io.cinnabar.config.Parameters.SUPERVISED;
import static io.cinnabar.config.Parameters.SYSLOG_ENABLED;
import static io.cinnabar.config.Parameters.SYSLOG_FACILITY;
import static io.cinnabar.config.Parameters.SYSLOG_IDENT;

import io.cinnabar.command.Version;
import io.cinnabar.config.CommandLine;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.ConfigLoader;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.host.Log;
import io.cinnabar.machine.Background;
import io.cinnabar.machine.LogWriter;
import io.cinnabar.machine.Machine;
import io.cinnabar.machine.MachineProcessInfo;
import io.cinnabar.machine.Syslog;
import io.cinnabar.net.UnixDatagrams;
import io.cinnabar.persistence.AofCheck;
import io.cinnabar.persistence.RdbCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The program: reads its command line as redis-server does, serves until it is told to stop. */
public final class Main {

  /** Where a server in the background leaves its process id unless it is told otherwise. */
  private static final String DEFAULT_PIDFILE = "/var/run/redis.pid";

  /** The system's log: on Linux, on macOS. */
  private static final List<String> SYSLOG_SOCKETS = List.of("/dev/log", "/var/run/syslog");

  private Main() {}

  /** Runs the server on this thread. */
  public static void main(String[] arguments) throws IOException {
    CommandLine commandLine = CommandLine.parse(arguments);
    switch (commandLine.action()) {
      case SHOW_VERSION -> System.out.println(Version.line());
      case SHOW_HELP -> {
        System.err.print(CommandLine.HELP);
        System.exit(1); // as redis-server does
      }
      case CHECK_RDB -> System.exit(checkRdb(commandLine.configFile()));
      case CHECK_AOF -> System.exit(checkAof(commandLine.configFile(), false));
      case FIX_AOF -> System.exit(checkAof(commandLine.configFile(), true));
      case RUN -> System.exit(run(commandLine, arguments.length > 0));
    }
  }

  private static int checkRdb(@Nullable String path) {
    return path != null && rdbCheck().run(Machine.disk(), path) ? 0 : 1;
  }

  private static int checkAof(@Nullable String path, boolean isFixing) {
    AofCheck check =
        new AofCheck(Machine.disk(), System.out::println, rdbCheck()::examine, isFixing);
    return path != null && check.run(path) ? 0 : 1;
  }

  private static RdbCheck rdbCheck() {
    return new RdbCheck(
        System.out::println,
        Runtime.getRuntime().maxMemory(),
        new SplittableRandom(),
        System.currentTimeMillis());
  }

  private static int run(CommandLine commandLine, boolean configured) throws IOException {
    EarlyNetwork network = EarlyNetwork.start();
    long processId = MachineProcessInfo.currentProcessId();
    LogWriter log = LogWriter.toStandardOutput(InstantSource.system(), processId);
    Config config = new Config(Machine.disk());
    byte[] stdin = new byte[0];
    if (commandLine.fromStdin()) {
      log.notice("Reading config from stdin");
      stdin = System.in.readAllBytes();
    }
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
    if (!direct(log, config, network)) {
      return 1;
    }
    Supervision supervision = Supervision.find(config.word(SUPERVISED), log);
    if (config.get(DAEMONIZE) && !supervision.isSupervised()) {
      if (!Background.isHere()) {
        return detach(stdin);
      }
      nameDefaultPidFile(config);
    }
    connectSyslog(config, log, processId);
    announce(configured, log, processId);
    return Program.serve(log, config, supervision, network);
  }

  /** The path as INFO and messages show it: without steps up at its beginning, else as given. */
  private static @Nullable String absolute(@Nullable String path) {
    if (path == null) {
      return null;
    }
    Path absolute = Path.of(path).toAbsolutePath();
    return (path.startsWith("../") ? absolute.normalize() : absolute).toString();
  }

  /** Has the log as the configuration wants it; false when that can't be. */
  private static boolean direct(LogWriter log, Config config, EarlyNetwork network) {
    log.show(config.get(LOGLEVEL));
    config.onChange(LOGLEVEL, () -> log.show(config.get(LOGLEVEL)));
    if (config.get(SYSLOG_ENABLED)) {
      network.await(); // whose library the datagrams need, too
    }
    if (config.get(SYSLOG_ENABLED) && !UnixDatagrams.isAvailable()) {
      return refuse(
          "syslog-enabled: the system's log can't be reached from a JVM on this machine, for which"
              + " there is no native library");
    }
    String file = config.path(LOGFILE);
    if (file.isEmpty()) {
      return true;
    }
    try {
      log.appendTo(file);
      return true;
    } catch (IOException e) {
      return refuse("Can't open the log file: " + e.getMessage());
    }
  }

  private static boolean refuse(String reason) {
    System.err.println(ConfigLoader.report(Version.REDIS, reason));
    return false;
  }

  /** Leaves the server to a copy of this process, all of whose configuration has proved right. */
  private static int detach(byte[] stdin) {
    try {
      Background.start(stdin);
      return 0;
    } catch (IOException e) {
      System.err.println("Can't daemonize: " + e.getMessage());
      return 1;
    }
  }

  private static void nameDefaultPidFile(Config config) {
    if (config.get(PIDFILE).isEmpty()) {
      try {
        config.set(PIDFILE.name(), DEFAULT_PIDFILE);
      } catch (ConfigException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void announce(boolean configured, Log log, long processId) {
    log.notice("oO0OoO0OoO0Oo Cinnabar is starting oO0OoO0OoO0Oo");
    log.notice(Version.startLine() + ", pid=" + processId + ", just started");
    if (configured) {
      log.notice("Configuration loaded");
    } else {
      log.warning(
          "Warning: no config file specified, using the default config. In order to specify a"
              + " config file use cinnabar-server /path/to/cinnabar.conf");
    }
  }

  /** From here on the system's log has every line, too, also if it is only started later. */
  private static void connectSyslog(Config config, LogWriter log, long processId) {
    if (!config.get(SYSLOG_ENABLED)) {
      return;
    }
    String path =
        SYSLOG_SOCKETS.stream()
            .filter(socket -> Files.exists(Path.of(socket)))
            .findFirst()
            .orElse(SYSLOG_SOCKETS.get(0));
    try {
      UnixDatagrams datagrams = UnixDatagrams.open();
      if (!Files.exists(Path.of(path))) {
        log.warning("syslog-enabled: no system log receives at " + path);
      }
      log.alsoTo(
          new Syslog(
              message -> datagrams.send(path, message),
              config.get(SYSLOG_IDENT),
              config.word(SYSLOG_FACILITY),
              processId));
    } catch (IOException e) {
      log.warning("syslog-enabled: " + e.getMessage());
    }
  }
}
