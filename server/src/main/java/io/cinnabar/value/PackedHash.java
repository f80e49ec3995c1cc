package io.cinnabar.value;

import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.PackedElement;
import io.cinnabar.structure.PackedSequence;
import io.cinnabar.structure.Slice;

/**
 * A small hash: a {@link PackedSequence} of fields, each with its value behind it and, where fields
 * expire, with its time: 0 for those that don't, which come behind all others; those come in the
 * order of their times. In files, and to whoever looks at the encoding, it is a listpack.
 *
 * <p>A cursor over the packed bytes of {@link ValueBlock}s, which any change ends. What throws
 * {@link io.cinnabar.arena.ArenaFullException} has changed nothing.
 */
final class PackedHash {
  private static final byte[] NONE = {};

  private static final int WITHOUT_TIMES = 2;
  private static final int WITH_TIMES = 3;

  private final PackedBytes bytes;
  private final PackedScratch scratch = new PackedScratch();

  /** The scratch bytes, as what reads a sequence wants them. */
  private final Slice edited = new Slice();

  private final Slice fieldText = new Slice();
  private final Slice valueText = new Slice();
  private final byte[] fieldDigits = new byte[IntegerText.MAX_LONG_BYTES];
  private final byte[] valueDigits = new byte[IntegerText.MAX_LONG_BYTES];

  // The cursor: the array, where the field is in it, and where the last one ends.
  private byte[] a = NONE;
  private int at;
  private int end;

  PackedHash(PackedBytes bytes) {
    this.bytes = bytes;
  }

  void release() {
    a = NONE;
    fieldText.set(NONE, 0, 0);
    valueText.set(NONE, 0, 0);
    edited.set(NONE, 0, 0);
    bytes.release();
  }

  // Reading.

  boolean hasTimes() {
    return bytes.block.encoding().inEntry() == Encoding.LISTPACK_EX;
  }

  /** How many elements belong to a field. */
  private int stride() {
    return hasTimes() ? WITH_TIMES : WITHOUT_TIMES;
  }

  /** The bytes of all. */
  int length() {
    return bytes.length();
  }

  int count() {
    return PackedSequence.count(bytes.held()) / stride();
  }

  /** Moves over a field; false when it is not there. */
  boolean find(Slice field) {
    Slice held = bytes.held();
    return moveTo(held, PackedSequence.find(held, field, stride() - 1));
  }

  /** Moves over the first field; false when there is none. */
  boolean first() {
    Slice held = bytes.held();
    return moveTo(held, PackedSequence.first(held));
  }

  /** Moves over the field at a position; false when there is none. A walk. */
  boolean seekIndex(long index) {
    Slice held = bytes.held();
    boolean exists = index >= 0 && index < count();
    return exists && moveTo(held, PackedSequence.skip(held, 0, (int) index * stride()));
  }

  private boolean moveTo(Slice held, int position) {
    if (position == PackedSequence.NONE) {
      return false;
    }
    a = held.array;
    at = PackedSequence.start(held) + position;
    end = held.end();
    return true;
  }

  /** Moves over the field behind; false when there is none. */
  boolean next() {
    int behind = behind(at, stride());
    if (behind == end) {
      return false;
    }
    at = behind;
    return true;
  }

  private int behind(int from, int elements) {
    return PackedElement.skip(a, from, elements);
  }

  /** The name of the field under the cursor. */
  Slice field() {
    PackedElement.text(a, at, fieldText, fieldDigits);
    return fieldText;
  }

  /** The value of the field under the cursor. */
  Slice value() {
    PackedElement.text(a, behind(at, 1), valueText, valueDigits);
    return valueText;
  }

  /** When the field under the cursor expires, or {@link HashValue#NO_EXPIRY}. */
  long expiryMillis() {
    return hasTimes() ? millis(a, behind(at, 2)) : HashValue.NO_EXPIRY;
  }

  private static long millis(byte[] a, int timeAt) {
    long time = PackedElement.integer(a, timeAt);
    return time == 0 ? HashValue.NO_EXPIRY : time;
  }

  private static long timeAt(Slice sequence, int position) {
    int timeAt = PackedSequence.start(sequence) + PackedSequence.skip(sequence, position, 2);
    return millis(sequence.array, timeAt);
  }

  /** The earliest time at which a field expires, or {@link HashValue#NEVER}. */
  long earliestExpiryMillis() {
    Slice held = bytes.held();
    if (!hasTimes() || PackedSequence.count(held) == 0) {
      return HashValue.NEVER;
    }
    long time = timeAt(held, 0);
    return time == HashValue.NO_EXPIRY ? HashValue.NEVER : time;
  }

  // Changing.

  /**
   * Gives a field a value and a time.
   *
   * @param isNew that it is not there; otherwise it is under the cursor
   * @param expiryMillis only where it {@link #hasTimes}
   */
  void put(Slice field, Slice value, long expiryMillis, boolean isNew) {
    Slice held = bytes.held();
    if (hasTimes()) {
      putWithTime(field, value, expiryMillis, isNew);
    } else if (isNew) {
      PackedSequence.insertPair(bytes, PackedSequence.end(held), field, value);
    } else {
      PackedSequence.replace(bytes, behind(at, 1) - PackedSequence.start(held), value);
    }
  }

  /** Puts a field at its place in the order of the times. */
  private void putWithTime(Slice field, Slice value, long expiryMillis, boolean isNew) {
    boolean stays =
        !isNew && expiryMillis == HashValue.NO_EXPIRY && expiryMillis() == HashValue.NO_EXPIRY;
    int start = PackedSequence.start(bytes.held());
    scratch.take(bytes);
    if (stays) {
      PackedSequence.replace(scratch, behind(at, 1) - start, value);
    } else {
      if (!isNew) {
        PackedSequence.delete(scratch, at - start, WITH_TIMES);
      }
      int place = placeOf(expiryMillis);
      PackedSequence.insertPair(scratch, place, field, value);
      int timeAt = PackedSequence.skip(edited(), place, 2);
      PackedSequence.insert(scratch, timeAt, Math.max(0, expiryMillis));
    }
    scratch.give(bytes);
  }

  private Slice edited() {
    return edited.set(scratch.array(), 0, scratch.length());
  }

  /** Where in the scratch bytes a field belongs that expires then. */
  private int placeOf(long expiryMillis) {
    Slice sequence = edited();
    int sequenceEnd = PackedSequence.end(sequence);
    if (expiryMillis == HashValue.NO_EXPIRY) {
      return sequenceEnd;
    }
    int place = 0;
    while (place < sequenceEnd) {
      long time = timeAt(sequence, place);
      if (time == HashValue.NO_EXPIRY || time > expiryMillis) {
        break;
      }
      place = PackedSequence.skip(sequence, place, WITH_TIMES);
    }
    return place;
  }

  /** Gives each field a place for a time. */
  void addTimes() {
    PackedSequence.format(scratch);
    for (boolean more = first(); more; more = next()) {
      PackedSequence.insertPair(scratch, PackedSequence.end(edited()), field(), value());
      PackedSequence.insert(scratch, PackedSequence.end(edited()), 0);
    }
    scratch.giveAs(Encoding.LISTPACK_EX, bytes);
  }

  /** Removes the field under the cursor. */
  void remove() {
    PackedSequence.delete(bytes, at - PackedSequence.start(bytes.held()), stride());
  }

  // Listpacks.

  /** Whether so many bytes more would make a listpack in files that others read. */
  boolean hasListpackRoomFor(long addedBytes) {
    return PackedSequence.hasListpackRoomFor(bytes.held(), addedBytes);
  }

  /** Makes {@code listpack} the one that stands for it in files. */
  void toListpack(EditableBytes listpack) {
    PackedSequence.toListpack(bytes.held(), listpack);
  }

  /** Puts what a valid listpack holds in the place of what it was; with times or without. */
  void replaceWith(Slice listpack, boolean withTimes) {
    PackedSequence.ofListpack(listpack, scratch);
    scratch.giveAs(withTimes ? Encoding.LISTPACK_EX : Encoding.LISTPACK, bytes);
  }

  void validate() {
    Slice held = bytes.held();
    if (!PackedSequence.validate(held) || PackedSequence.count(held) % stride() != 0) {
      throw new IllegalStateException("a damaged sequence");
    }
    if (!hasTimes()) {
      return;
    }
    long last = 0;
    for (boolean more = first(); more; more = next()) {
      if (!PackedElement.isInteger(a, behind(at, 2))) {
        throw new IllegalStateException("a time that is no number");
      }
      long millis = expiryMillis();
      long order = millis == HashValue.NO_EXPIRY ? HashValue.NEVER : millis;
      if (order < last) {
        throw new IllegalStateException("times in disorder");
      }
      last = order;
    }
  }
}
