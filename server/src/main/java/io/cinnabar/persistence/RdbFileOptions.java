package io.cinnabar.persistence;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Settings;
import io.cinnabar.keyspace.AccessClock;
import io.cinnabar.keyspace.EvictionPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is written, and what it says of the server: all that is taken from the server at the
 * moment at which the data set is frozen, so that another thread can write it.
 *
 * @param version which is raised to {@link RdbVersion#REDIS_7_4} where fields expire
 * @param compress whether strings are compressed
 * @param checksum whether a checksum ends the file
 * @param policy where it reads the access clocks, these are written
 * @param clock what they mean
 * @param seconds civil time, since 1970
 * @param usedBytes the server's memory
 * @param functions the sources of libraries of functions
 * @param hasKeys whether the keys are written
 * @param position where in the stream of changes it is; null where nobody could go on from there
 * @param isAofBase whether commands follow it in other files
 * @param forceInSteps whether the disk is to write while more is written to it
 * @param keyDelayMicros how long to wait after each key; negative: a microsecond after each so many
 */
record RdbFileOptions(
    int version,
    boolean compress,
    boolean checksum,
    EvictionPolicy policy,
    AccessClock clock,
    long seconds,
    long usedBytes,
    List<byte[]> functions,
    boolean hasKeys,
    @Nullable StreamPosition position,
    boolean isAofBase,
    boolean forceInSteps,
    long keyDelayMicros) {

  private static final int MILLIS_PER_SECOND = 1000;

  /** As the server is configured now. */
  static RdbFileOptions of(
      Engine engine,
      List<byte[]> functions,
      boolean hasKeys,
      @Nullable StreamPosition position,
      boolean isAofBase) {
    Settings settings = engine.settings();
    return new RdbFileOptions(
        settings.rdbVersion,
        settings.rdbCompression,
        settings.rdbChecksum,
        settings.evictionPolicy,
        engine.keyspace().accessClock().copy(),
        engine.unit().nowMillis() / MILLIS_PER_SECOND,
        engine.memory().approximateUsedBytes(),
        functions,
        hasKeys,
        position,
        isAofBase,
        settings.forceRdbInSteps,
        settings.rdbKeyDelayMicros);
  }
}
