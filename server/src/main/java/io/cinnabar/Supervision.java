package io.cinnabar;

import io.cinnabar.host.Log;
import io.cinnabar.machine.Signals;
import io.cinnabar.net.UnixDatagrams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Who has started the process and wants to know when it serves: systemd is told over a socket, see
 * sd_notify(3); for upstart the process stops itself for a moment. Both say by a variable of the
 * environment that they are there.
 */
final class Supervision {

  private static final String UPSTART = "upstart";
  private static final String SYSTEMD = "systemd";
  private static final String NONE = "no";

  private final String supervisor;
  private final String socket;
  private final Log log;

  private Supervision(String supervisor, String socket, Log log) {
    this.supervisor = supervisor;
    this.socket = socket;
    this.log = log;
  }

  /**
   * Finds out who supervises.
   *
   * @param wanted what the configuration says: {@code auto} takes whoever is there
   */
  static Supervision find(String wanted, Log log) {
    Map<String, String> environment = wanted.equals(NONE) ? Map.of() : System.getenv();
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    boolean hasUpstart = environment.containsKey("UPSTART_JOB");
    String found = NONE;
    switch (wanted) {
      case SYSTEMD -> found = socket.isEmpty() ? NONE : SYSTEMD;
      case UPSTART -> found = hasUpstart ? UPSTART : NONE;
      case "auto" -> found = hasUpstart ? UPSTART : socket.isEmpty() ? NONE : SYSTEMD;
      default -> {}
    }
    if (found.equals(NONE) && wanted.equals(SYSTEMD)) {
      log.warning("systemd supervision error: NOTIFY_SOCKET not found!");
    } else if (found.equals(NONE) && wanted.equals(UPSTART)) {
      log.warning("upstart supervision requested, but UPSTART_JOB not found!");
    } else if (found.equals(SYSTEMD)) {
      log.notice(
          "Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec"
              + " and TimeoutStopSec in your service unit.");
    }
    return new Supervision(found, socket, log);
  }

  /** {@code systemd}, {@code upstart} or {@code no}. */
  String supervisor() {
    return supervisor;
  }

  boolean isSupervised() {
    return !supervisor.equals(NONE);
  }

  /** Says that clients can connect. */
  void ready() {
    if (supervisor.equals(SYSTEMD)) {
      tell("STATUS=Ready to accept connections\n", "READY=1\n");
    } else if (supervisor.equals(UPSTART)) {
      log.notice("supervised by upstart, will stop to signal readiness.");
      Signals.stopProcess();
    }
  }

  /** Says that the end has begun. */
  void stopping() {
    if (supervisor.equals(SYSTEMD)) {
      tell("STOPPING=1\n");
    }
  }

  private void tell(String... states) {
    try (UnixDatagrams datagrams = UnixDatagrams.open()) {
      for (String state : states) {
        datagrams.send(socket, state.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      log.warning("systemd supervision error: can't reach " + socket + ": " + e.getMessage());
    }
  }
}
