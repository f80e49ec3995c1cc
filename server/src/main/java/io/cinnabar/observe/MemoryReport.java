package io.cinnabar.observe;

import io.cinnabar.arena.Arena;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Memory;
import io.cinnabar.command.Session;
import io.cinnabar.host.ProcessInfo;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;

/**
 * The figures of the server's memory at one moment, for INFO and MEMORY. Bytes all of them. The
 * allocator is the arena: what it has handed out, the slabs that something of it lies in, and those
 * with the empty ones.
 */
final class MemoryReport {

  final long used;
  final long peak;
  final long startup = Memory.FIXED_BYTES;

  /** Clients that are no replicas. */
  final long clients;

  /** Replicas, with what is kept only since they are slow. */
  final long replicas;

  /** What is kept of the stream of changes in case a replica comes back. */
  final long backlog;

  /** Tables: segments and directories. */
  final long tables;

  final long snapshots;

  /** All but keys and values. */
  final long overhead;

  final long dataset;
  final long keys;
  final long allocated;
  final long active;
  final long reserved;

  /** What the process takes of the computer's memory, or {@link ProcessInfo#UNKNOWN}. */
  final long resident;

  MemoryReport(Engine engine, Samples samples) {
    Memory memory = engine.memory();
    Keyspace keyspace = engine.keyspace();
    Arena arena = keyspace.arena();
    used = memory.usedBytes();
    peak = samples.peakMemoryBytes(engine);
    long replicaBytes = 0;
    for (Session session : engine.sessions().all()) {
      replicaBytes += session.isFollowing() ? session.memoryBytes() : 0;
    }
    backlog = memory.streamBytes() - memory.excessStreamBytes();
    replicas = replicaBytes + memory.excessStreamBytes();
    clients = memory.clientBytes() - replicaBytes;
    snapshots = memory.snapshotBytes();
    long tableBytes = 0;
    long keyCount = 0;
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(i);
      tableBytes += database.tableBytes();
      keyCount += database.size();
    }
    tables = tableBytes;
    keys = keyCount;
    overhead =
        startup
            + clients
            + replicas
            + backlog
            + tables
            + snapshots
            + engine.tracking().memoryBytes();
    dataset = used - overhead;
    allocated = arena.usedBytes() + snapshots;
    reserved = arena.reservedBytes();
    active = reserved - arena.pooledBytes();
    resident = engine.host().process().residentBytes();
  }

  double datasetPercent() {
    return percent(dataset, used - startup);
  }

  double peakPercent() {
    return percent(used, peak);
  }

  /** How much larger {@code whole} is than {@code part}; 1 where there is nothing. */
  static double ratio(long whole, long part) {
    return part == 0 ? 1 : (double) whole / part;
  }

  static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }
}
