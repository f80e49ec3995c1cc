package io.cinnabar.command;

import io.cinnabar.keyspace.EvictionPolicy;
import io.cinnabar.value.Thresholds;

/**
 * What the engine reads of the configuration, ready for use: plain fields, read on the hot path and
 * written by the configuration when it is loaded or changed, on the loop's thread.
 */
public final class Settings {

  /** With less nobody could tell the server to allow more. */
  private static final long MIN_CLIENT_MEMORY_BYTES = 128 << 10;

  public int maxClients = 10_000;

  /** Seconds after which an idle client is closed; 0 means never. */
  public int timeoutSeconds;

  /** Seconds between TCP keep-alive probes; 0 means none. */
  public int tcpKeepAliveSeconds = 300;

  public boolean protectedMode = true;

  /** Longest argument that a client may send, in bytes. */
  public long maxBulkLength = 512L * 1024 * 1024;

  /** Bytes of input that may wait at a client before it is cut. */
  public long queryBufferLimitBytes = 1024L * 1024 * 1024;

  /** When clients that don't read are cut. */
  public OutputLimits outputLimits = OutputLimits.DEFAULT;

  /**
   * Bytes that all clients together may cost before the largest are closed; below zero a percentage
   * of {@link #maxMemoryBytes}; 0 means that there is no limit.
   */
  public long maxMemoryClients;

  /** Whom the DEBUG command serves. */
  public DebugAccess debugAccess = DebugAccess.NO;

  /** When values change their encodings. */
  public final Thresholds thresholds = new Thresholds();

  /** The length up to which a HyperLogLog stays sparse, in bytes. */
  public long hllSparseMaxBytes = 3000;

  /** Commands that take at least so long go to the slow log; {@code Long.MAX_VALUE} for none. */
  public long slowLogFromNanos = 10_000_000;

  /** Delays of at least so long are told by LATENCY; {@code Long.MAX_VALUE} for none. */
  public long latencyEventFromNanos = Long.MAX_VALUE;

  /** Whether the distribution of each command's durations is kept. */
  public boolean latencyTracking = true;

  /** How often per second the periodic work runs. */
  public int hz = 10;

  /** From 1 (little) to 10 (much): the share of time given to active expiry. */
  public int activeExpireEffort = 1;

  /** {@code maxmemory}; 0, or less in an unsigned number that is huge: what the heap allows. */
  public long maxMemoryBytes;

  /** Which keys go when memory is short. */
  public EvictionPolicy evictionPolicy = EvictionPolicy.NOEVICTION;

  /** How many keys eviction looks at for each that goes. */
  public int evictionSamples = 5;

  /** From 0 to 100: how long one command may be held up by eviction. */
  public int evictionTenacity = 10;

  /** Whether the operator steers compaction with the figures that follow. */
  public boolean activeDefrag;

  /** Percent of the used memory that compaction should be able to give back before it begins. */
  public int defragLowerPercent = 10;

  /** The same, for its greatest effort. */
  public int defragUpperPercent = 100;

  /** Percent of the time that compaction takes at least while it runs. */
  public int defragMinEffort = 1;

  /** The same, at most. */
  public int defragMaxEffort = 25;

  /** What compaction should be able to give back at least, in bytes. */
  public long defragIgnoreBytes = 100L << 20;

  /** Whether followers hear of an evicted key as UNLINK rather than DEL. */
  public boolean lazyEviction;

  /** Whether followers hear of an expired key as UNLINK rather than DEL. */
  public boolean lazyExpire;

  /** Whether followers hear of a key that GETDEL has taken as UNLINK rather than DEL. */
  public boolean lazyUserDelete;

  /** The version of RDB that is written: 10, which Redis 7.0 reads, or 11. */
  public int rdbVersion = 11;

  /** Whether strings are compressed in RDB. */
  public boolean rdbCompression = true;

  /** Whether a checksum ends files in RDB, and is looked at. */
  public boolean rdbChecksum = true;

  /** Whether the disk is to write a file in RDB while more is written to it. */
  public boolean forceRdbInSteps = true;

  /** How long saving waits after each key; negative: a microsecond after each so many keys. */
  public long rdbKeyDelayMicros;

  /** The same for loading. */
  public long keyLoadDelayMicros;

  /** After how many bytes that were loaded the clients are looked at. */
  public long loadingEventsBytes = 2 << 20;

  /** Whether checksums are looked at; turned off by DEBUG SET-SKIP-CHECKSUM-VALIDATION. */
  public boolean skipChecksums;

  /** Whether the periodic work rests; set by DEBUG PAUSE-CRON. */
  public boolean cronPaused;

  /** Whether expired keys are looked for at all; turned off by DEBUG SET-ACTIVE-EXPIRE. */
  public boolean activeExpire = true;

  /** Whether clients of a replica may not write. */
  public boolean replicaReadOnly = true;

  /** Whether a replica answers from old data while it has no link to its primary. */
  public boolean replicaServesStaleData = true;

  /** Whether a replica leaves it to its primary which keys go for want of memory. */
  public boolean replicaIgnoresMaxMemory = true;

  /** Whether a replica goes on with its primary's changes though it can't save them. */
  public boolean replicaIgnoresDiskErrors;

  /** What {@link #maxMemoryClients} comes to in bytes, where it is a limit. */
  long clientMemoryBytes() {
    if (maxMemoryClients > 0) {
      return Math.max(maxMemoryClients, MIN_CLIENT_MEMORY_BYTES);
    }
    return maxMemoryBytes <= 0
        ? Long.MAX_VALUE
        : Math.max(maxMemoryBytes / 100 * -maxMemoryClients, MIN_CLIENT_MEMORY_BYTES);
  }
}
