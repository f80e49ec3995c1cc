package io.cinnabar.persistence;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;

/** Writes the values of entries in RDB, as a version of it has them. */
final class ValueWriter {

  private final RdbWriter out;
  private final ListWriter lists;
  private final SortedSetWriter sortedSets;
  private final HashWriter hashes;
  private final SetWriter sets;
  private final StreamWriter streams;
  private int version = RdbVersion.REDIS_7_2;

  ValueWriter(RdbWriter out) {
    this.out = out;
    lists = new ListWriter(out);
    sortedSets = new SortedSetWriter(out);
    hashes = new HashWriter(out);
    sets = new SetWriter(out);
    streams = new StreamWriter(out);
  }

  /** Chooses the version of RDB that the values are written in. */
  void version(int version) {
    this.version = version;
  }

  /** Whether the version has a place for all of a value: the times of fields are new in one. */
  boolean canHold(Entry entry) {
    return version >= RdbVersion.REDIS_7_4
        || entry.type() != ValueType.HASH
        || HashWriter.earliestExpiryMillis(entry.hashValue()) == HashValue.NEVER;
  }

  /**
   * The byte that says how {@link #write} lays the value out, which the version {@link #canHold}.
   */
  int type(Entry entry) {
    return switch (entry.type()) {
      case STRING -> RdbType.STRING;
      case LIST -> RdbType.LIST_LISTPACKS;
      case SORTED_SET -> isListpack(entry) ? RdbType.SORTED_SET_LISTPACK : RdbType.SORTED_SET;
      case HASH -> typeOfHash(entry);
      case SET -> typeOfSet(entry);
      case STREAM -> isOld() ? RdbType.STREAM_2 : RdbType.STREAM_3;
    };
  }

  private static int typeOfHash(Entry entry) {
    if (isListpack(entry)) {
      return RdbType.HASH_LISTPACK;
    }
    HashValue hash = entry.hashValue();
    if (HashWriter.earliestExpiryMillis(hash) == HashValue.NEVER) {
      return RdbType.HASH;
    }
    return hash.isPacked() ? RdbType.HASH_LISTPACK_TIMES : RdbType.HASH_TIMES;
  }

  private int typeOfSet(Entry entry) {
    if (entry.encoding() == Encoding.INTSET || entry.encoding() == Encoding.INTSET_BLOCK) {
      return RdbType.SET_INTSET;
    }
    return isListpack(entry) && !isOld() ? RdbType.SET_LISTPACK : RdbType.SET;
  }

  private boolean isOld() {
    return version < RdbVersion.REDIS_7_2;
  }

  /**
   * Whether it is a listpack here and one to Redis, too; another one would be found to be larger
   * than its thresholds allow.
   */
  private static boolean isListpack(Entry entry) {
    return entry.encoding() == Encoding.LISTPACK || entry.encoding() == Encoding.LISTPACK_BLOCK;
  }

  /** Writes a value, without its {@link #type}. */
  void write(int type, Entry entry) {
    switch (type) {
      case RdbType.STRING -> out.string(entry.string().bytes());
      case RdbType.LIST_LISTPACKS -> lists.write(entry.list());
      case RdbType.SORTED_SET_LISTPACK -> sortedSets.writeListpack(entry.sortedSet());
      case RdbType.SORTED_SET -> sortedSets.writeMembers(entry.sortedSet());
      case RdbType.HASH_LISTPACK -> hashes.writeListpack(entry.hashValue());
      case RdbType.HASH -> hashes.writeFields(entry.hashValue());
      case RdbType.HASH_LISTPACK_TIMES -> hashes.writeTimedListpack(entry.hashValue());
      case RdbType.HASH_TIMES -> hashes.writeTimedFields(entry.hashValue());
      case RdbType.SET_INTSET, RdbType.SET_LISTPACK -> sets.writePacked(entry.set());
      case RdbType.SET -> sets.writeMembers(entry.set());
      case RdbType.STREAM_2 -> streams.write(entry.stream(), false);
      case RdbType.STREAM_3 -> streams.write(entry.stream(), true);
      default -> throw new IllegalStateException("no layout for a " + entry.type());
    }
  }
}
