package io.cinnabar;

import io.cinnabar.acl.AclCommands;
import io.cinnabar.acl.Users;
import io.cinnabar.command.CommandTable;
import io.cinnabar.config.CommandRename;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigCommands;
import io.cinnabar.config.ConfigException;
import io.cinnabar.family.BitmapCommands;
import io.cinnabar.family.ClientCommands;
import io.cinnabar.family.CommandCommands;
import io.cinnabar.family.ConnectionCommands;
import io.cinnabar.family.CounterCommands;
import io.cinnabar.family.DatabaseCommands;
import io.cinnabar.family.ExpireCommands;
import io.cinnabar.family.GeoCommands;
import io.cinnabar.family.HashCommands;
import io.cinnabar.family.HashCounterCommands;
import io.cinnabar.family.HashExCommands;
import io.cinnabar.family.HashExpireCommands;
import io.cinnabar.family.HashSampleCommands;
import io.cinnabar.family.HyperLogLogCommands;
import io.cinnabar.family.KeyCommands;
import io.cinnabar.family.ListCommands;
import io.cinnabar.family.MonitorCommand;
import io.cinnabar.family.PubSubCommands;
import io.cinnabar.family.ScanCommands;
import io.cinnabar.family.ServerCommands;
import io.cinnabar.family.SetAlgebraCommands;
import io.cinnabar.family.SetCommands;
import io.cinnabar.family.SetSampleCommands;
import io.cinnabar.family.SortCommands;
import io.cinnabar.family.SortedSetAlgebra;
import io.cinnabar.family.SortedSetCommands;
import io.cinnabar.family.SortedSetPops;
import io.cinnabar.family.SortedSetRanges;
import io.cinnabar.family.SortedSetSamples;
import io.cinnabar.family.StreamCommands;
import io.cinnabar.family.StreamGroupCommands;
import io.cinnabar.family.StreamInfoCommands;
import io.cinnabar.family.StreamPendingCommands;
import io.cinnabar.family.StreamReadCommands;
import io.cinnabar.family.StringCommands;
import io.cinnabar.family.SubstringCommands;
import io.cinnabar.family.TransactionCommands;
import io.cinnabar.family.WaitCommands;
import io.cinnabar.observe.Info;
import io.cinnabar.observe.InfoCommands;
import io.cinnabar.observe.LatencyCommands;
import io.cinnabar.observe.MemoryCommands;
import io.cinnabar.observe.SlowLogCommands;
import io.cinnabar.observe.Slowness;
import io.cinnabar.persistence.AofCommands;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.DumpCommands;
import io.cinnabar.persistence.SnapshotCommands;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.FailoverCommand;
import io.cinnabar.replication.FollowCommands;
import io.cinnabar.replication.Following;
import io.cinnabar.replication.Replication;
import io.cinnabar.replication.ReplicationCommands;
import java.util.function.Supplier;

/** Every command there is, family by family. */
final class CommandFamilies {

  private CommandFamilies() {}

  /**
   * @throws ConfigException when the configuration renames what can't be renamed; the reason says
   *     where
   */
  static CommandTable table(
      Config config,
      Info info,
      Slowness slowness,
      Supplier<Users> users,
      Supplier<Snapshots> snapshots,
      Supplier<AppendOnlyFile> appendOnlyFile,
      Supplier<Replication> replication,
      Supplier<Following> following)
      throws ConfigException {
    CommandTable.Builder table = CommandTable.builder();
    AclCommands.declare(table, users);
    BitmapCommands.declare(table);
    ClientCommands.declare(table);
    CommandCommands.declare(table);
    ConnectionCommands.declare(table);
    DatabaseCommands.declare(table);
    ExpireCommands.declare(table);
    GeoCommands.declare(table);
    HashCommands.declare(table);
    HashCounterCommands.declare(table);
    HashExCommands.declare(table);
    HashExpireCommands.declare(table);
    HashSampleCommands.declare(table);
    HyperLogLogCommands.declare(table);
    KeyCommands.declare(table);
    ListCommands.declare(table);
    MonitorCommand.declare(table);
    PubSubCommands.declare(table);
    ScanCommands.declare(table);
    ServerCommands.declare(table);
    SetCommands.declare(table);
    SetAlgebraCommands.declare(table);
    SetSampleCommands.declare(table);
    SortCommands.declare(table);
    SortedSetCommands.declare(table);
    SortedSetAlgebra.declare(table);
    SortedSetPops.declare(table);
    SortedSetRanges.declare(table);
    SortedSetSamples.declare(table);
    StreamCommands.declare(table);
    StreamGroupCommands.declare(table);
    StreamInfoCommands.declare(table);
    StreamPendingCommands.declare(table);
    StreamReadCommands.declare(table);
    StringCommands.declare(table);
    CounterCommands.declare(table);
    SubstringCommands.declare(table);
    TransactionCommands.declare(table);
    WaitCommands.declare(table);
    ConfigCommands.declare(table, config);
    DumpCommands.declare(table);
    InfoCommands.declare(table, info);
    LatencyCommands.declare(table, slowness.latencyMonitor());
    SlowLogCommands.declare(table, slowness.slowLog());
    SnapshotCommands.declare(table, snapshots);
    AofCommands.declare(table, appendOnlyFile);
    FollowCommands.declare(table, following);
    ReplicationCommands.declare(table, replication);
    FailoverCommand.declare(table, replication);
    MemoryCommands.declare(table, info);
    for (CommandRename rename : config.commandRenames()) {
      String refusal = table.rename(rename.command(), rename.name());
      if (refusal != null) {
        throw new ConfigException(rename.place() + refusal);
      }
    }
    return table.build();
  }
}
