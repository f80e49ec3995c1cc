package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Version;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Pace;
import io.cinnabar.host.Workers;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Crc64;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes a frozen data set to a file, as {@link RdbOpcode} draws it, in a memory that does not
 * depend on the size of what is written. One thread writes, once; others may ask how far it is, and
 * cancel it.
 */
final class RdbFileWriter implements AofRewrite.Base {

  /** What is handed to the file at once; between two pieces it may be cancelled. */
  private static final int PIECE_BYTES = 256 << 10;

  /** After so many bytes the disk is made to write them, where the options say so. */
  private static final long FORCE_BYTES = 4L << 20;

  /** The longest wait between two looks at whether it was cancelled. */
  private static final long MAX_PAUSE_NANOS = 10_000_000;

  private static final int NANOS_PER_MICRO = 1000;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final String BITS = "64";

  private final FrozenKeyspace data;
  private final RdbFileOptions options;
  private final Workers workers;
  private final Pace pace;
  private final RdbWriter out = new RdbWriter(this::take);
  private final ValueWriter values = new ValueWriter(out);
  private final Entry entry = new Entry();
  private final AtomicLong keysDone = new AtomicLong();
  private volatile boolean cancelled;
  private @Nullable DiskFile file;
  private long checksum;
  private long unforcedBytes;

  /**
   * @param data stays frozen until it is written; the caller closes it
   * @param workers lets the thread wait that writes
   */
  RdbFileWriter(FrozenKeyspace data, RdbFileOptions options, Workers workers) {
    this.data = data;
    this.options = options;
    this.workers = workers;
    pace = workers.pace();
  }

  /** How many keys it has written. From any thread. */
  long keysDone() {
    return keysDone.get();
  }

  /** How many keys there are to write. From any thread. */
  long keysTotal() {
    long keys = 0;
    for (int i = 0; i < data.databases(); i++) {
      keys += data.size(i);
    }
    return keys;
  }

  /** Has {@link #write} end soon, without a whole file. From any thread. */
  @Override
  public void cancel() {
    cancelled = true;
  }

  /**
   * Writes all of it to an empty file, which is neither forced nor closed.
   *
   * @return whether it was written to its end, and not cancelled
   */
  @Override
  public boolean write(DiskFile into) throws IOException {
    file = into;
    try {
      writeAll();
      return true;
    } catch (Cancelled expected) {
      return false;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      entry.release();
    }
  }

  @Override
  public boolean isRdb() {
    return true;
  }

  private void writeAll() {
    int version = version();
    out.compress(options.compress());
    values.version(version);
    String header = RdbOpcode.SIGNATURE + String.format(Locale.ROOT, "%04d", version);
    out.bytes(header.getBytes(US_ASCII));
    writeAuxiliary("redis-ver", Version.REDIS);
    writeAuxiliary("redis-bits", BITS);
    writeAuxiliary("ctime", Long.toString(options.seconds()));
    writeAuxiliary("used-mem", Long.toString(options.usedBytes()));
    writeAuxiliary("aof-base", options.isAofBase() ? "1" : "0");
    for (byte[] source : options.functions()) {
      out.unsignedByte(RdbOpcode.FUNCTION);
      out.string(new Slice(source));
    }
    for (int i = 0; i < data.databases(); i++) {
      if (data.size(i) > 0) {
        writeDatabase(i);
      }
    }
    out.unsignedByte(RdbOpcode.EOF);
    out.drain();
    out.longValue(options.checksum() ? checksum : 0);
    out.drain();
  }

  /**
   * That of the options has no place for the expiry of fields, and to leave it out would lose it.
   */
  private int version() {
    values.version(options.version());
    if (options.version() >= RdbVersion.REDIS_7_4 || !data.mayHaveFieldExpiry()) {
      return options.version();
    }
    boolean canHoldAll = true;
    for (int i = 0; i < data.databases() && canHoldAll; i++) {
      while (canHoldAll && data.next(i, entry)) {
        canHoldAll = values.canHold(entry);
        checkCancelled();
      }
      data.rewind(i);
    }
    return canHoldAll ? options.version() : RdbVersion.REDIS_7_4;
  }

  private void writeAuxiliary(String name, String value) {
    out.unsignedByte(RdbOpcode.AUX);
    out.string(Slice.of(name));
    out.string(Slice.of(value));
  }

  private void writeDatabase(int database) {
    out.unsignedByte(RdbOpcode.SELECT_DB);
    out.length(database);
    out.unsignedByte(RdbOpcode.RESIZE_DB);
    out.length(data.size(database));
    out.length(data.expiringCount(database));
    while (data.take(database, entry)) {
      checkCancelled();
      pace.step();
      writeKey();
      long done = keysDone.get() + 1;
      keysDone.lazySet(done);
      if (options.keyDelayMicros() != 0) {
        delay(done);
      }
    }
  }

  private void writeKey() {
    if (entry.expires()) {
      out.unsignedByte(RdbOpcode.EXPIRY_MILLIS);
      out.longValue(entry.expiryMillis());
    }
    if (options.policy().readsClock()) {
      writeClock();
    }
    int type = values.type(entry);
    out.unsignedByte(type);
    out.string(entry.key());
    values.write(type, entry);
  }

  private void writeClock() {
    if (options.policy().isLfu()) {
      out.unsignedByte(RdbOpcode.FREQUENCY);
      out.unsignedByte(options.clock().frequency(entry.clock()));
    } else {
      out.unsignedByte(RdbOpcode.IDLE);
      out.length(options.clock().idleMillis(entry.clock()) / MILLIS_PER_SECOND);
    }
  }

  private void delay(long keys) {
    long micros = options.keyDelayMicros();
    if (micros < 0) {
      micros = keys % -micros == 0 ? 1 : 0;
    }
    for (long left = micros * NANOS_PER_MICRO; left > 0; left -= MAX_PAUSE_NANOS) {
      out.drain();
      checkCancelled();
      workers.pause(Math.min(left, MAX_PAUSE_NANOS));
    }
  }

  private void checkCancelled() {
    if (cancelled) {
      throw new Cancelled();
    }
  }

  /** What the writers of parts hand on. */
  private void take(byte[] array, int offset, int length) {
    DiskFile to = file;
    if (to == null) {
      throw new IllegalStateException("there is no file");
    }
    if (options.checksum()) {
      checksum = Crc64.update(checksum, array, offset, length);
    }
    try {
      for (int done = 0; done < length; done += PIECE_BYTES) {
        checkCancelled();
        pace.step();
        to.append(array, offset + done, Math.min(PIECE_BYTES, length - done));
      }
      unforcedBytes += length;
      if (options.forceInSteps() && unforcedBytes >= FORCE_BYTES) {
        to.force();
        unforcedBytes = 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
