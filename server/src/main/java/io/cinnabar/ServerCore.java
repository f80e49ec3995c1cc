package io.cinnabar;

import static io.cinnabar.config.Parameters.DATABASES;

import io.cinnabar.arena.Arena;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Expiry;
import io.cinnabar.command.Sessions;
import io.cinnabar.command.Settings;
import io.cinnabar.command.Statistics;
import io.cinnabar.command.Unit;
import io.cinnabar.config.Config;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.loop.Loop;
import io.cinnabar.observe.Info;
import java.io.IOException;
import java.util.List;

/**
 * A server's parts wired together over a host: the machine in production, virtual time and a
 * network without sockets in tests. All on one thread, the one that calls.
 */
final class ServerCore {

  private static final long MIN_SPARE_HEAP_BYTES = 32L << 20;
  private static final int SPARE_HEAP_PART = 8;

  private final Host host;
  private final Info info;
  private final Engine engine;
  private final Loop loop;
  private final Listeners listeners;

  ServerCore(Host host, Log log, Config config) {
    this.host = host;
    Settings settings = new Settings();
    ClientLimit.bind(config, host.process(), log);
    SettingsBinding.bind(config, settings);
    info = new Info(host, config, this::port);
    CommandTable table = CommandFamilies.table(config, info);
    Statistics statistics = new Statistics(table.count());
    Unit unit = new Unit();
    unit.nowMillis(host.wallClock().millis());
    Arena arena = Arena.ofBytes(arenaBytes(host.process().maxHeapBytes()));
    Keyspace keyspace = new Keyspace(arena, host.random(), (int) config.get(DATABASES));
    AccessClockBinding.bind(config, keyspace.accessClock());
    Sessions sessions = new Sessions(settings, statistics, unit, log);
    Expiry expiry = new Expiry(keyspace, unit, statistics, settings, host.monotonicClock());
    engine =
        new Engine(
            host, log, settings, statistics, keyspace, table, sessions, unit, expiry, this::stop);
    loop =
        new Loop(
            engine, List.of(expiry::slice, new KeyspaceUpkeep(keyspace, host.monotonicClock())));
    listeners = new Listeners(host.network(), config, log, sessions);
  }

  /**
   * The data set's share of the heap. The rest is for the clients' buffers: with a heap that is
   * full to the brim a server could not even read the DEL that makes room.
   */
  private static long arenaBytes(long heapBytes) {
    return heapBytes - Math.max(MIN_SPARE_HEAP_BYTES, heapBytes / SPARE_HEAP_PART);
  }

  /** Binds the addresses and starts the timers. */
  void start(boolean choosePort) throws IOException {
    listeners.open(choosePort);
    new Cron(engine, loop, info).start();
  }

  Engine engine() {
    return engine;
  }

  Loop loop() {
    return loop;
  }

  int port() {
    return listeners.port();
  }

  /** Says in the log what clients can connect to now. */
  void announce() {
    listeners.announce();
  }

  /** Closes all listeners and connections; after the loop has ended. */
  void close() {
    listeners.close();
    host.network().close();
  }

  /** Ends the loop after the turn under way; on the loop's thread. */
  void stop() {
    loop.stop();
  }
}
