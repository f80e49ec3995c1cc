package io.cinnabar;

import io.cinnabar.acl.Users;
import io.cinnabar.command.CommandTable;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Host;
import io.cinnabar.observe.Info;
import io.cinnabar.observe.LatencyMonitor;
import io.cinnabar.observe.SlowLog;
import io.cinnabar.observe.Slowness;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.SnapshotLoader;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.Following;
import io.cinnabar.replication.Replication;
import io.cinnabar.virtual.VirtualHost;

/** The commands of all families, for tests of the table as a whole. */
public final class DeclaredCommands {

  private DeclaredCommands() {}

  public static CommandTable table() {
    Config config = new Config();
    Host host = new VirtualHost(1).host();
    Info info =
        new Info(
            host,
            config,
            () -> 0,
            DeclaredCommands::noSnapshots,
            DeclaredCommands::noLoader,
            DeclaredCommands::noAppendOnlyFile,
            DeclaredCommands::noReplication);
    Slowness slowness =
        new Slowness(new SlowLog(host.wallClock(), config), new LatencyMonitor(host.wallClock()));
    try {
      return CommandFamilies.table(
          config,
          info,
          slowness,
          DeclaredCommands::noUsers,
          DeclaredCommands::noSnapshots,
          DeclaredCommands::noAppendOnlyFile,
          DeclaredCommands::noReplication,
          DeclaredCommands::noFollowing);
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Users noUsers() {
    throw new IllegalStateException("no command is run");
  }

  private static Snapshots noSnapshots() {
    throw new IllegalStateException("nothing is saved");
  }

  private static SnapshotLoader noLoader() {
    throw new IllegalStateException("nothing is loaded");
  }

  private static AppendOnlyFile noAppendOnlyFile() {
    throw new IllegalStateException("nothing is appended");
  }

  private static Replication noReplication() {
    throw new IllegalStateException("nothing is replicated");
  }

  private static Following noFollowing() {
    throw new IllegalStateException("nobody is followed");
  }
}
