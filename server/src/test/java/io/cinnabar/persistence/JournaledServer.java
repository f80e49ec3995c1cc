package io.cinnabar.persistence;

import io.cinnabar.TestServer;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Replay;
import io.cinnabar.command.Timers;
import io.cinnabar.config.FsyncPolicy;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A server in memory, and a journal of its changes on a disk that outlives it. What is on the disk
 * is loaded first. Workers and timers run only when a method of this says so.
 */
final class JournaledServer {

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Timers timers = new Timers();
  private final VirtualDisk disk;
  private final AofFolder folder;
  private final Journal journal;
  private final AofRewrite rewrite;

  JournaledServer(VirtualDisk disk, FsyncPolicy policy) throws IOException, AofLoadException {
    this(disk, policy, true);
  }

  JournaledServer(VirtualDisk disk, FsyncPolicy policy, boolean mayTruncate)
      throws IOException, AofLoadException {
    this.disk = disk;
    folder = new AofFolder(disk, VirtualDisk.HOME, "appendonlydir", "appendonly.aof");
    Engine engine = server.engine();
    Host host = engine.host();
    Log log = engine.log();
    AofLoader loader =
        new AofLoader(
            folder, log, host.monotonicClock(), new Replay(engine), new NoSnapshots(), mayTruncate);
    AofManifest manifest = loader.prepare();
    engine.unit().loading(true);
    loader.load(manifest);
    engine.unit().loading(false);
    folder.make();
    journal = new Journal(host, log, timers, engine.unit(), engine.availability(), engine.table());
    journal.policy(policy);
    rewrite = new AofRewrite(engine, journal, data -> new AofBaseWriter(data, false, () -> {}));
    journal.open(JournalWriter.resume(folder, log, manifest), true);
  }

  Journal journal() {
    return journal;
  }

  AofRewrite rewrite() {
    return rewrite;
  }

  AofFolder folder() {
    return folder;
  }

  Engine engine() {
    return server.engine();
  }

  List<String> logLines() {
    return server.logLines();
  }

  /** Has a turn execute one command. */
  String send(String... words) {
    String reply = server.send(words);
    journal.commit();
    return reply;
  }

  void startRewrite() {
    rewrite.start(folder);
  }

  /** Lets the oldest task of a worker run, and the loop hear of it; whether there was one. */
  boolean work() {
    if (disk.isStalled() || !server.host().workers().runNext()) {
      return false;
    }
    server.host().network().poll(0);
    journal.commit();
    return true;
  }

  /** Lets the workers do all that there is to do. */
  void settle() {
    while (work()) {
      // The call does the work.
    }
  }

  /** Lets time pass, in steps of a tenth of a second. */
  void advance(Duration duration) {
    for (long millis = 0; millis < duration.toMillis(); millis += 100) {
      server.host().time().advanceMillis(100);
      timers.run(server.host().time().nanos());
      journal.commit();
      settle();
    }
  }

  /** What the data set is, in short. */
  String digest() {
    return server.send("DEBUG", "DIGEST");
  }

  private static final class NoSnapshots implements AofLoader.Source {
    @Override
    public long loadSnapshot(DiskFile file, String name) throws RdbException {
      throw new RdbException("no snapshots here");
    }

    @Override
    public void progress(long bytes) {}
  }
}
