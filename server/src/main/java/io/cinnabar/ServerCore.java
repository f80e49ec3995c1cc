package io.cinnabar;

import static io.cinnabar.config.Parameters.DATABASES;
import static io.cinnabar.config.Parameters.NOTIFY_KEYSPACE_EVENTS;
import static io.cinnabar.config.Parameters.TRACKING_TABLE_MAX_KEYS;
import static io.cinnabar.config.PersistenceParameters.APPENDONLY;

import io.cinnabar.acl.Users;
import io.cinnabar.arena.Arena;
import io.cinnabar.command.Availability;
import io.cinnabar.command.BlockedClients;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.Compactor;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Engine.Lifecycle;
import io.cinnabar.command.Eviction;
import io.cinnabar.command.Expiry;
import io.cinnabar.command.KeyspaceEvents;
import io.cinnabar.command.Memory;
import io.cinnabar.command.OwnExpiries;
import io.cinnabar.command.Pause;
import io.cinnabar.command.ReplyGate;
import io.cinnabar.command.Sessions;
import io.cinnabar.command.Settings;
import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.Statistics;
import io.cinnabar.command.Timers;
import io.cinnabar.command.TouchedKeys;
import io.cinnabar.command.Unit;
import io.cinnabar.command.Watches;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.loop.Loop;
import io.cinnabar.net.LoopThread;
import io.cinnabar.observe.Info;
import io.cinnabar.observe.LatencyMonitor;
import io.cinnabar.observe.SlowLog;
import io.cinnabar.observe.Slowness;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.Journal;
import io.cinnabar.persistence.SnapshotLoader;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.pubsub.PubSub;
import io.cinnabar.replication.Following;
import io.cinnabar.replication.Replication;
import io.cinnabar.tracking.Tracking;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A server's parts wired together over a host: the machine in production, virtual time and a
 * network without sockets in tests. All on one thread, the one that calls.
 */
final class ServerCore implements Lifecycle {

  private static final long MIN_SPARE_HEAP_BYTES = 32L << 20;
  private static final int SPARE_HEAP_PART = 8;
  private static final long MAX_KEPT_INPUT_BYTES = 64L << 20;
  private static final int KEPT_INPUT_PART = 64;

  /** Share of the heap that may be taken by what is remembered of the clients' caches. */
  private static final int TRACKING_PART = 8;

  private final Host host;
  private final Info info;
  private final Engine engine;
  private final Users users;
  private final Loop loop;
  private final Listeners listeners;
  private final Shutdown shutdown;
  private final Snapshots snapshots;
  private final SnapshotLoader snapshotLoader;
  private final AppendOnlyFile appendOnlyFile;
  private final Following following;
  private final Replication replication;
  private final Config config;
  private IntConsumer crash = signal -> {};
  private boolean failed;

  /**
   * @throws ConfigException when the configuration contradicts itself; the reason is what stands
   *     below the headline of {@link io.cinnabar.config.ConfigLoader#report}
   */
  ServerCore(Host host, Log log, Config config) throws ConfigException {
    this.host = host;
    this.config = config;
    Settings settings = new Settings();
    ClientLimit.bind(config, host.process(), log);
    SettingsBinding.bind(config, settings);
    info =
        new Info(
            host,
            config,
            this::port,
            this::snapshots,
            this::snapshotLoader,
            this::appendOnlyFile,
            this::replication);
    Slowness slowness =
        new Slowness(new SlowLog(host.wallClock(), config), new LatencyMonitor(host.wallClock()));
    CommandTable table =
        CommandFamilies.table(
            config,
            info,
            slowness,
            this::users,
            this::snapshots,
            this::appendOnlyFile,
            this::replication,
            this::following);
    Statistics statistics = new Statistics(table.count());
    long heapBytes = host.process().maxHeapBytes();
    Arena arena = Arena.ofBytes(arenaBytes(heapBytes));
    Keyspace keyspace = new Keyspace(arena, host.random(), (int) config.get(DATABASES));
    AccessClockBinding.bind(config, keyspace.accessClock());
    Timers timers = new Timers();
    Pause pause = new Pause(timers, host.monotonicClock());
    BlockedClients blockedClients =
        new BlockedClients(keyspace, timers, host.monotonicClock(), pause);
    PubSub pubSub = new PubSub(host.random().nextLong());
    Watches watches = new Watches(keyspace);
    KeyspaceEvents events = new KeyspaceEvents(keyspace, pubSub);
    events.publish(config.get(NOTIFY_KEYSPACE_EVENTS));
    config.onChange(
        NOTIFY_KEYSPACE_EVENTS, () -> events.publish(config.get(NOTIFY_KEYSPACE_EVENTS)));
    Tracking tracking =
        new Tracking(
            host.random(),
            keyspace.keyHash(),
            heapBytes / TRACKING_PART,
            config.get(TRACKING_TABLE_MAX_KEYS));
    config.onChange(
        TRACKING_TABLE_MAX_KEYS, () -> tracking.maxKeys(config.get(TRACKING_TABLE_MAX_KEYS)));
    TouchedKeys touchedKeys = new TouchedKeys(keyspace);
    Availability availability = new Availability();
    OwnExpiries ownExpiries = new OwnExpiries(keyspace, availability, settings);
    Unit unit = new Unit(blockedClients, watches, events, tracking, touchedKeys, ownExpiries);
    unit.nowMillis(host.wallClock().millis());
    Journal journal = new Journal(host, log, timers, unit, availability, table);
    ReplyGate gate = new ReplyGate(journal, touchedKeys, host.monotonicClock());
    users = new Users(table, config, statistics, unit, log);
    users.checkDeclarations();
    Sessions sessions =
        new Sessions(
            settings,
            users,
            statistics,
            unit,
            pause,
            blockedClients,
            watches,
            pubSub,
            tracking,
            gate,
            timers,
            log,
            keptInputBytes(heapBytes));
    Expiry expiry =
        new Expiry(
            keyspace,
            unit,
            statistics,
            settings,
            pause,
            availability,
            host.monotonicClock(),
            slowness,
            ownExpiries);
    Memory memory = new Memory(keyspace, sessions, tracking, ownExpiries, settings);
    Eviction eviction =
        new Eviction(
            memory,
            keyspace,
            unit,
            statistics,
            settings,
            pause,
            availability,
            host.monotonicClock(),
            slowness);
    Compactor compactor = new Compactor(keyspace, settings, statistics, host.monotonicClock());
    engine =
        new Engine(
            host,
            log,
            settings,
            statistics,
            keyspace,
            table,
            users,
            sessions,
            unit,
            expiry,
            slowness,
            memory,
            eviction,
            compactor,
            pause,
            blockedClients,
            watches,
            pubSub,
            tracking,
            availability,
            this);
    snapshots = new Snapshots(engine, config);
    snapshotLoader = new SnapshotLoader(engine, config, snapshots);
    appendOnlyFile =
        new AppendOnlyFile(engine, config, timers, journal, snapshots, snapshotLoader.loading());
    loop =
        new Loop(
            engine,
            timers,
            List.of(
                expiry::slice,
                eviction::slice,
                new KeyspaceUpkeep(keyspace, compactor, host.monotonicClock()),
                new TrackingUpkeep(tracking, host.monotonicClock())));
    MaxMemoryBinding.bind(config, memory, loop, log);
    replication = new Replication(engine, config, snapshots);
    CommitAcksBinding.bind(config, gate);
    loop.atTurnEnd(this::endTurn);
    following =
        new Following(
            engine,
            config,
            timers,
            loop,
            this::port,
            replication,
            snapshots,
            snapshotLoader,
            appendOnlyFile);
    listeners = new Listeners(host.network(), config, log, sessions);
    shutdown = new Shutdown(engine, config, timers, snapshots, replication, this::endAll);
  }

  private void endTurn() {
    replication.endTurn();
    shutdown.goOn();
  }

  /**
   * The share of the heap that is counted as memory: the data set and the clients' buffers. The
   * rest is for what lives shortly; with a heap that is full to the brim a server could not even
   * read the DEL that makes room.
   */
  private static long arenaBytes(long heapBytes) {
    long spareBytes = Math.max(MIN_SPARE_HEAP_BYTES, heapBytes / SPARE_HEAP_PART);
    return heapBytes - Math.min(spareBytes, heapBytes / 2);
  }

  private static long keptInputBytes(long heapBytes) {
    return Math.min(MAX_KEPT_INPUT_BYTES, heapBytes / KEPT_INPUT_PART);
  }

  /** Binds the addresses and starts the timers. */
  void start(boolean choosePort) throws IOException {
    listeners.open(choosePort);
    users.load();
    new Cron(engine, loop, info, snapshots, appendOnlyFile, replication).start();
  }

  /**
   * Fills the keyspace with what was saved, if there is something, and serves the clients meanwhile
   * as far as they can be.
   *
   * @return false when the server was told to end meanwhile
   * @throws IOException when it can't be loaded; the log says why
   */
  boolean load() throws IOException {
    return load(true);
  }

  /**
   * As {@link #load()}, and follows the primary that is configured, if there is one.
   *
   * @param hasFiles whether the server has files at all
   */
  boolean load(boolean hasFiles) throws IOException {
    following.prepare(hasFiles);
    boolean isLoaded = !hasFiles || loadFiles();
    if (isLoaded) {
      following.start();
    }
    return isLoaded;
  }

  private boolean loadFiles() throws IOException {
    snapshots.removeLeftovers();
    return config.get(APPENDONLY)
        ? appendOnlyFile.loadAtStart(loop::turnWhileLoading)
        : snapshotLoader.loadAtStart(loop::turnWhileLoading);
  }

  private Snapshots snapshots() {
    return snapshots;
  }

  private SnapshotLoader snapshotLoader() {
    return snapshotLoader;
  }

  private Following following() {
    return following;
  }

  private AppendOnlyFile appendOnlyFile() {
    return appendOnlyFile;
  }

  private Replication replication() {
    return replication;
  }

  private Users users() {
    return users;
  }

  Engine engine() {
    return engine;
  }

  Loop loop() {
    return loop;
  }

  /** Serves the clients on this thread until the server ends. */
  void run() {
    LoopThread.run(loop::run);
  }

  /** Whether it has ended since it could not go on, although nobody has told it to. */
  boolean hasFailed() {
    return failed;
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
    replication.close();
    appendOnlyFile.close();
    engine.sessions().flush();
    listeners.close();
    host.network().close();
  }

  /** What becomes of the process when the server is to crash; else only the server ends. */
  void onCrash(IntConsumer process) {
    crash = process;
  }

  /** What is done when the server was told to end, and stays. */
  void ifItStays(Runnable task) {
    shutdown.ifItStays(task);
  }

  @Override
  public void shutdown(ShutdownMode mode) {
    shutdown.begin(mode);
  }

  @Override
  public boolean abortShutdown() {
    return shutdown.abort();
  }

  @Override
  public long millisToShutdown() {
    return shutdown.remainingMillis();
  }

  @Override
  public void crash(int signal) {
    crash.accept(signal);
    endAll();
  }

  @Override
  public void restartHistory() {
    replication.restartHistory();
  }

  @Override
  public void emptied() {
    snapshots.emptied();
    appendOnlyFile.emptied();
  }

  @Override
  public void reload(boolean save, boolean flush, boolean merge, boolean servesOthers) {
    snapshotLoader.reload(save, flush, merge, servesOthers ? loop::turnWhileLoading : this::poll);
  }

  /** What comes in meanwhile queues behind the command that has asked for it. */
  private boolean poll(long maxWaitNanos) {
    host.network().poll(maxWaitNanos);
    return true;
  }

  @Override
  public void loadAppendOnlyFile() {
    if (!appendOnlyFile.reload(loop::turnWhileLoading)) {
      failed = !loop.isStopping();
      endAll();
    }
  }

  /** Nobody's command runs any more, although others of this turn are decoded already. */
  private void endAll() {
    engine.sessions().closeAllAfterReply();
    loop.stop();
  }

  /** Ends at once and whatever happens, after it has saved what it is configured to save. */
  void end() {
    shutdown.force();
  }
}
