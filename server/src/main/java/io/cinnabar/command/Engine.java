package io.cinnabar.command;

import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Keyspace;

/**
 * The parts that execute commands, wired together once; handlers reach them through their {@link
 * Call}. It holds no logic of its own.
 *
 * @param lifecycle how a command stops the server
 */
public record Engine(
    Host host,
    Log log,
    Settings settings,
    Statistics statistics,
    Keyspace keyspace,
    CommandTable table,
    Sessions sessions,
    Unit unit,
    Expiry expiry,
    Lifecycle lifecycle) {

  /** Ends the server. */
  @FunctionalInterface
  public interface Lifecycle {
    /** Stops the loop after this turn; replies that are due leave first. */
    void shutdown();
  }

  /** Reads the machine's clock and moves the unit's time there. */
  public void refreshTime() {
    long nowMillis = host.wallClock().millis();
    unit.nowMillis(nowMillis);
    keyspace.accessClock().now(nowMillis);
  }
}
