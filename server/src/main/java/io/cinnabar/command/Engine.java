package io.cinnabar.command;

import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.pubsub.PubSub;
import io.cinnabar.tracking.Tracking;

/**
 * The parts that execute commands, wired together once; handlers reach them through their {@link
 * Call}. It holds no logic of its own.
 *
 * @param slowness hears of slow commands and of other delays
 * @param lifecycle how a command ends the server, and reaches its files
 */
public record Engine(
    Host host,
    Log log,
    Settings settings,
    Statistics statistics,
    Keyspace keyspace,
    CommandTable table,
    Access access,
    Sessions sessions,
    Unit unit,
    Expiry expiry,
    SlownessListener slowness,
    Memory memory,
    Eviction eviction,
    Compactor compactor,
    Pause pause,
    BlockedClients blockedClients,
    Watches watches,
    PubSub pubSub,
    Tracking tracking,
    Availability availability,
    Lifecycle lifecycle) {

  /** What commands ask of the server as a whole. */
  public interface Lifecycle {
    /**
     * Ends the server when its replicas have everything: saves what is to be saved, and stops the
     * loop after the turn; replies that are due leave first. If that can't be saved the server
     * stays: the log says why, and clients that wait for the end are answered.
     */
    void shutdown(ShutdownMode mode);

    /**
     * Has the server stay that waits for its replicas before it ends.
     *
     * @return false when it does not wait
     */
    boolean abortShutdown();

    /** How long the server waits for its replicas at most; below zero while it does not. */
    long millisToShutdown();

    /**
     * Ends the process at once, as if it had received that signal: nothing is saved, no reply
     * leaves. A server that is embedded ends itself alone.
     *
     * @param signal its number: 6 for SIGABRT, 11 for SIGSEGV
     */
    void crash(int signal);

    /** Goes on with a history of changes that no replica can go on with. */
    void restartHistory();

    /** All databases were emptied at once: what is saved of them is to go, too. */
    void emptied();

    /**
     * Reads the data set from its file again.
     *
     * @param save whether it is saved before
     * @param flush whether all keys are removed before
     * @param merge whether keys of the file replace those that are there, rather than be refused
     * @param servesOthers as {@link LongTask#run} says
     * @throws CommandError when that fails; the log says why
     */
    void reload(boolean save, boolean flush, boolean merge, boolean servesOthers);

    /**
     * Reads the data set from its append-only file again, while others are served: not from within
     * a command. If that fails the server ends, since what there is then is not the data set.
     *
     * @throws CommandError when there is no such file, or it can't be brought up to date; nothing
     *     has happened then
     */
    void loadAppendOnlyFile();
  }

  /** Reads the machine's clock and moves the unit's time there. */
  public void refreshTime() {
    long nowMillis = host.wallClock().millis();
    unit.nowMillis(nowMillis);
    keyspace.accessClock().now(nowMillis);
  }
}
