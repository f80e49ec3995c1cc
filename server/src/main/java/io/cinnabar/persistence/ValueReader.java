package io.cinnabar.persistence;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;

/**
 * Reads values in RDB, whatever version wrote them. All that is read is checked: damaged bytes are
 * refused, or read as another value that is valid.
 */
final class ValueReader {

  private final RdbReader in;
  private final RdbString string = new RdbString();
  private final RdbElements elements;
  private final ListReader lists;
  private final SortedSetReader sortedSets;
  private final HashReader hashes;
  private final SetReader sets;
  private final StreamReader streams;

  ValueReader(RdbReader in) {
    this.in = in;
    elements = new RdbElements(in);
    DistinctCheck distinct = new DistinctCheck();
    lists = new ListReader(in, elements);
    sortedSets = new SortedSetReader(in, elements, distinct);
    hashes = new HashReader(in, elements, distinct);
    sets = new SetReader(elements, distinct);
    streams = new StreamReader(in);
  }

  /** The data type of a value whose layout is this {@link RdbType}. */
  static ValueType valueType(int type) throws RdbException {
    return switch (type) {
      case RdbType.STRING -> ValueType.STRING;
      case RdbType.LIST, RdbType.LIST_ZIPLIST, RdbType.LIST_ZIPLISTS, RdbType.LIST_LISTPACKS ->
          ValueType.LIST;
      case RdbType.SORTED_SET_TEXT,
          RdbType.SORTED_SET,
          RdbType.SORTED_SET_ZIPLIST,
          RdbType.SORTED_SET_LISTPACK ->
          ValueType.SORTED_SET;
      case RdbType.HASH,
          RdbType.HASH_ZIPMAP,
          RdbType.HASH_ZIPLIST,
          RdbType.HASH_LISTPACK,
          RdbType.HASH_TIMES_0,
          RdbType.HASH_LISTPACK_TIMES_0,
          RdbType.HASH_TIMES,
          RdbType.HASH_LISTPACK_TIMES ->
          ValueType.HASH;
      case RdbType.SET, RdbType.SET_INTSET, RdbType.SET_LISTPACK -> ValueType.SET;
      case RdbType.STREAM, RdbType.STREAM_2, RdbType.STREAM_3 -> ValueType.STREAM;
      default -> throw new RdbException("has an unknown type of value, " + type);
    };
  }

  /** The string that comes next; valid until {@link #release}. */
  Slice string() throws RdbException {
    return in.string(string);
  }

  /**
   * Reads a value other than a string.
   *
   * @param into an empty value of the {@link #valueType}; where it throws, with part of the value
   * @param thresholds which give it its encoding, whatever that was
   */
  void read(int type, Entry into, Thresholds thresholds) throws RdbException {
    switch (into.type()) {
      case LIST -> lists.read(type, into.list(), thresholds);
      case SORTED_SET -> sortedSets.read(type, into, thresholds);
      case HASH -> hashes.read(type, into, thresholds);
      case SET -> sets.read(type, into, thresholds);
      case STREAM -> streams.read(type, into.stream());
      case STRING -> throw new IllegalArgumentException("a string");
    }
  }

  /** Lets go of what was read. */
  void release() {
    string.release();
    elements.release();
    lists.release();
    sortedSets.release();
    hashes.release();
    sets.release();
    streams.release();
  }
}
