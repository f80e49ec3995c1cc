package io.cinnabar;

import static io.cinnabar.config.Parameters.PIDFILE;
import static io.cinnabar.config.Parameters.PORT;
import static io.cinnabar.config.Parameters.SHUTDOWN_ON_SIGINT;
import static io.cinnabar.config.Parameters.SHUTDOWN_ON_SIGTERM;
import static io.cinnabar.config.Parameters.UNIXSOCKET;
import static io.cinnabar.config.TlsParameters.TLS_PORT;

import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.ShutdownMode.Save;
import io.cinnabar.command.Version;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.ConfigLoader;
import io.cinnabar.config.WordSetParameter;
import io.cinnabar.host.Host;
import io.cinnabar.machine.LogWriter;
import io.cinnabar.machine.LogWriter.Role;
import io.cinnabar.machine.Machine;
import io.cinnabar.machine.PidFile;
import io.cinnabar.machine.Signals;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process around a server: what it tells its supervisor, what signals do to it, its pidfile and
 * its end. Signals come on threads of their own; all else is the main thread's, which is the
 * loop's.
 */
final class Program {

  /** Added to a signal's number in the exit status of a process that has died of it. */
  private static final int DIED_OF_SIGNAL = 128;

  private final LogWriter log;
  private final Config config;
  private final Supervision supervision;
  private final Host host;
  private final ServerCore core;
  private @Nullable PidFile pidFile;

  /** Whether a signal has asked for the end, and it was neither refused nor called off. */
  private volatile boolean ending;

  private Program(LogWriter log, Config config, Supervision supervision, EarlyNetwork network)
      throws ConfigException {
    this.log = log;
    this.config = config;
    this.supervision = supervision;
    host = Machine.host(network, supervision.supervisor());
    core = new ServerCore(host, log, config);
  }

  /**
   * Serves until the server is told to end.
   *
   * @return the status to exit with
   */
  static int serve(LogWriter log, Config config, Supervision supervision, EarlyNetwork network) {
    Program program;
    try {
      program = new Program(log, config, supervision, network);
    } catch (ConfigException contradiction) {
      System.err.println(ConfigLoader.report(Version.REDIS, contradiction.reason()));
      return 1;
    }
    return program.run();
  }

  private int run() {
    log.become(Role.PRIMARY);
    Signals.handle(this::signalled);
    core.onCrash(signal -> Runtime.getRuntime().halt(DIED_OF_SIGNAL + signal));
    core.ifItStays(() -> ending = false);
    try {
      core.start(
          config.get(PORT) == 0 && config.get(TLS_PORT) == 0 && config.get(UNIXSOCKET).isEmpty());
    } catch (IOException e) {
      return 1; // what failed is in the log
    }
    writePidFile();
    log.notice("Running mode=standalone, port=" + core.port() + ".");
    log.notice("Network transport: " + host.network().transportName());
    if (config.get(TLS_PORT) > 0) {
      log.notice("TLS library: " + host.network().tlsLibrary());
    }
    log.notice("Server initialized");
    tellWhatHasNoEffect();
    try {
      if (core.load()) {
        core.announce();
        supervision.ready();
        core.run();
      }
    } catch (IOException e) {
      end();
      return 1; // what failed is in the log
    }
    end();
    return core.hasFailed() ? 1 : 0; // what failed is in the log
  }

  /**
   * After the addresses are bound: one that can't serve must not claim the file of one that does.
   */
  private void writePidFile() {
    String path = config.path(PIDFILE);
    if (path.isEmpty()) {
      return;
    }
    try {
      pidFile = PidFile.write(path, host.process().processId());
    } catch (IOException e) {
      log.warning("Failed to write PID file: " + e.getMessage());
    }
  }

  /** Says what the operator may rely on in vain. */
  private void tellWhatHasNoEffect() {
    List<String> names = config.withoutEffect();
    if (!names.isEmpty()) {
      log.notice("Without effect in this version: " + String.join(", ", names));
    }
  }

  private void end() {
    supervision.stopping();
    if (pidFile != null) {
      log.notice("Removing the pid file.");
      pidFile.remove();
    }
    core.close();
    log.warning("Cinnabar is now ready to exit, bye bye...");
  }

  /** Whoever presses Ctrl-C twice doesn't want to wait for what the server is at. */
  private void signalled(String name) {
    boolean interrupted = name.equals("SIGINT");
    if (interrupted && ending) {
      log.signal("You insist... exiting now.");
      Runtime.getRuntime().halt(1);
    }
    log.signal("Received " + name + " scheduling shutdown...");
    ending = true;
    WordSetParameter how = interrupted ? SHUTDOWN_ON_SIGINT : SHUTDOWN_ON_SIGTERM;
    host.network().post(() -> core.shutdown(mode(how)));
  }

  private ShutdownMode mode(WordSetParameter how) {
    Save save =
        config.contains(how, "save")
            ? Save.ALWAYS
            : config.contains(how, "nosave") ? Save.NEVER : Save.IF_CONFIGURED;
    return new ShutdownMode(save, config.contains(how, "now"), config.contains(how, "force"));
  }
}
