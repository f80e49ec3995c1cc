package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.Version;
import io.cinnabar.host.Log;

/**
 * DEBUG ASSERT, OOM, PANIC and SEGFAULT: the process ends as one that the named signal has killed,
 * its data is gone, and no client gets a reply. Tools that watch over servers are tested with it.
 */
final class DebugCrash {

  private static final int SIGABRT = 6;
  private static final int SIGSEGV = 11;

  private DebugCrash() {}

  static void fail(Call call) {
    crash(call, "=== ASSERTION FAILED ===", SIGABRT);
  }

  static void panic(Call call) {
    long seconds = call.nowMillis() / 1000;
    crash(call, "Guru Meditation: DEBUG PANIC called at Unix time " + seconds, SIGABRT);
  }

  static void runOutOfMemory(Call call) {
    crash(call, "Out Of Memory allocating " + Long.MAX_VALUE + " bytes!", SIGABRT);
  }

  static void violateMemory(Call call) {
    crash(call, "DEBUG SEGFAULT was called", SIGSEGV);
  }

  private static void crash(Call call, String cause, int signal) {
    Log log = call.engine().log();
    log.warning(cause);
    log.warning("Cinnabar " + Version.CINNABAR + " crashed by signal: " + signal);
    call.engine().lifecycle().crash(signal);
  }
}
