package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.LONG;
import static io.cinnabar.config.ParameterGroup.formerly;

import java.util.List;

/** When a value changes its encoding, and how large the parts of a large one are. */
public final class EncodingParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  public static final NumberParameter HASH_MAX_LISTPACK_ENTRIES =
      formerly("hash-max-ziplist-entries", TABLE.number("hash-max-listpack-entries", 512, 0, LONG));
  public static final NumberParameter HASH_MAX_LISTPACK_VALUE =
      formerly("hash-max-ziplist-value", TABLE.memory("hash-max-listpack-value", 64, 0, LONG));
  public static final NumberParameter SET_MAX_INTSET_ENTRIES =
      TABLE.number("set-max-intset-entries", 512, 0, LONG);
  public static final NumberParameter SET_MAX_LISTPACK_ENTRIES =
      TABLE.number("set-max-listpack-entries", 128, 0, LONG);
  public static final NumberParameter SET_MAX_LISTPACK_VALUE =
      TABLE.number("set-max-listpack-value", 64, 0, LONG);
  public static final NumberParameter ZSET_MAX_LISTPACK_ENTRIES =
      formerly("zset-max-ziplist-entries", TABLE.number("zset-max-listpack-entries", 128, 0, LONG));
  public static final NumberParameter ZSET_MAX_LISTPACK_VALUE =
      formerly("zset-max-ziplist-value", TABLE.memory("zset-max-listpack-value", 64, 0, LONG));
  public static final NumberParameter LIST_MAX_LISTPACK_SIZE =
      formerly("list-max-ziplist-size", TABLE.number("list-max-listpack-size", -2, -INT - 1, INT));
  public static final NumberParameter LIST_COMPRESS_DEPTH =
      TABLE.number("list-compress-depth", 0, 0, INT);
  public static final NumberParameter STREAM_NODE_MAX_BYTES =
      TABLE.memory("stream-node-max-bytes", 4096, 0, LONG);
  public static final NumberParameter STREAM_NODE_MAX_ENTRIES =
      TABLE.number("stream-node-max-entries", 100, 0, LONG);
  public static final NumberParameter HLL_SPARSE_MAX_BYTES =
      TABLE.memory("hll-sparse-max-bytes", 3000, 0, LONG);

  private EncodingParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
