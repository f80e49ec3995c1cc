package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Pace;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Crc64;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.SortedSetValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a frozen data set as the commands that make it, in batches with checksums like those of an
 * increment, in a memory that depends on the largest string alone. One thread writes, once; others
 * may cancel it.
 */
final class AofBaseWriter implements AofRewrite.Base {

  /** Elements of a collection that one command adds. */
  private static final int MAX_ELEMENTS = 64;

  /** A batch ends when it has reached this size. */
  private static final int BATCH_BYTES = 512 << 10;

  /** After so many bytes the disk is made to write them, where that is asked for. */
  private static final long FORCE_BYTES = 4L << 20;

  private static final byte[] SELECT = "SELECT".getBytes(US_ASCII);
  private static final byte[] SET = "SET".getBytes(US_ASCII);
  private static final byte[] RPUSH = "RPUSH".getBytes(US_ASCII);
  private static final byte[] SADD = "SADD".getBytes(US_ASCII);
  private static final byte[] ZADD = "ZADD".getBytes(US_ASCII);
  private static final byte[] HMSET = "HMSET".getBytes(US_ASCII);
  private static final byte[] HPEXPIREAT = "HPEXPIREAT".getBytes(US_ASCII);
  private static final byte[] FIELDS = "FIELDS".getBytes(US_ASCII);
  private static final byte[] ONE = "1".getBytes(US_ASCII);
  private static final byte[] PEXPIREAT = "PEXPIREAT".getBytes(US_ASCII);

  private final FrozenKeyspace data;
  private final boolean forceInSteps;
  private final Pace pace;
  private final JournalBuffer out = new JournalBuffer();
  private final AofStreamWriter streams = new AofStreamWriter(out, this::spill);
  private final Entry entry = new Entry();
  private final SetMember member = new SetMember();
  private final byte[] line = new byte[AofSeal.BYTES];
  private final byte[] digits =
      new byte[Math.max(DoubleText.MAX_BYTES, IntegerText.MAX_LONG_BYTES)];
  private final Slice number = new Slice();
  private volatile boolean cancelled;
  private @Nullable DiskFile file;
  private long unforcedBytes;

  /**
   * @param data stays frozen until it is written; the caller closes it
   */
  AofBaseWriter(FrozenKeyspace data, boolean forceInSteps, Pace pace) {
    this.data = data;
    this.pace = pace;
    this.forceInSteps = forceInSteps;
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
      for (int i = 0; i < data.databases(); i++) {
        if (data.size(i) > 0) {
          out.begin(2);
          out.argument(SELECT);
          argument(i);
          while (data.take(i, entry)) {
            pace.step();
            writeKey();
          }
        }
      }
      writeBatch(into);
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
    return false;
  }

  /** Between two commands: writes what there is if it is enough for a batch. */
  private void spill() {
    if (cancelled) {
      throw new Cancelled();
    }
    DiskFile into = file;
    if (into != null && out.sizeBytes() >= BATCH_BYTES) {
      try {
        writeBatch(into);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** All of a base is on disk before anybody reads it, so nothing is known to be unforced. */
  private void writeBatch(DiskFile into) throws IOException {
    long checksum = AofSeal.begin(line, out.sizeBytes(), 0);
    for (int i = 0; i < out.pieces(); i++) {
      checksum = Crc64.update(checksum, out.piece(i), 0, out.pieceBytes(i));
    }
    AofSeal.end(line, checksum);
    into.append(line, 0, line.length);
    for (int i = 0; i < out.pieces(); i++) {
      into.append(out.piece(i), 0, out.pieceBytes(i));
    }
    unforcedBytes += line.length + out.sizeBytes();
    out.clear();
    if (forceInSteps && unforcedBytes >= FORCE_BYTES) {
      into.force();
      unforcedBytes = 0;
    }
  }

  private void writeKey() {
    switch (entry.type()) {
      case STRING -> {
        begin(SET, 1);
        out.argument(entry.string().bytes());
      }
      case LIST -> writeList(entry.list());
      case SET -> writeSet(entry.set());
      case SORTED_SET -> writeSortedSet(entry.sortedSet());
      case HASH -> writeHash(entry.hashValue());
      case STREAM -> streams.write(entry.key(), entry.stream());
    }
    if (entry.expires()) {
      begin(PEXPIREAT, 1);
      argument(entry.expiryMillis());
    }
  }

  /** Begins a command on the key, with so many arguments behind that. */
  private void begin(byte[] name, int arguments) {
    spill();
    out.begin(2 + arguments);
    out.argument(name);
    out.argument(entry.key());
  }

  private void argument(long value) {
    out.argument(number.set(digits, 0, IntegerText.write(value, digits, 0)));
  }

  private static int most(long left) {
    return (int) Math.min(left, MAX_ELEMENTS);
  }

  private void writeList(ListValue list) {
    ListWalk walk = list.walk();
    long left = list.length();
    walk.start(0, false);
    while (left > 0) {
      int count = most(left);
      begin(RPUSH, count);
      for (int i = 0; i < count; i++) {
        out.argument(walk.text());
        walk.next();
      }
      left -= count;
    }
  }

  private void writeSet(SetValue set) {
    long left = set.count();
    int room = 0;
    for (boolean found = set.first(member); found; found = set.next(member)) {
      if (room == 0) {
        room = most(left);
        left -= room;
        begin(SADD, room);
      }
      out.argument(member.text());
      room--;
    }
  }

  private void writeSortedSet(SortedSetValue sortedSet) {
    long left = sortedSet.count();
    int room = 0;
    for (boolean found = sortedSet.seekRank(0); found; found = sortedSet.next()) {
      if (room == 0) {
        room = most(left);
        left -= room;
        begin(ZADD, 2 * room);
      }
      out.argument(number.set(digits, 0, DoubleText.write(sortedSet.score(), digits, 0)));
      out.argument(sortedSet.member());
      room--;
    }
  }

  private void writeHash(HashValue hash) {
    long left = hash.count();
    int room = 0;
    for (boolean found = hash.first(); found; found = hash.next()) {
      if (room == 0) {
        room = most(left);
        left -= room;
        begin(HMSET, 2 * room);
      }
      out.argument(hash.field());
      out.argument(hash.value());
      room--;
    }
    if (hash.earliestExpiryMillis() != HashValue.NEVER) {
      for (boolean found = hash.first(); found; found = hash.next()) {
        if (hash.expiryMillis() != HashValue.NO_EXPIRY) {
          begin(HPEXPIREAT, 4);
          argument(hash.expiryMillis());
          out.argument(FIELDS);
          out.argument(ONE);
          out.argument(hash.field());
        }
      }
    }
  }
}
