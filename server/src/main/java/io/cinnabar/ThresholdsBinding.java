package io.cinnabar;

import io.cinnabar.config.Config;
import io.cinnabar.config.EncodingParameters;
import io.cinnabar.config.Parameter;
import io.cinnabar.value.Thresholds;
import java.util.List;

/** Keeps the {@link Thresholds} of the encodings what the configuration says. */
final class ThresholdsBinding {

  private static final List<Parameter> FOLLOWED =
      List.of(
          EncodingParameters.HASH_MAX_LISTPACK_ENTRIES,
          EncodingParameters.HASH_MAX_LISTPACK_VALUE,
          EncodingParameters.SET_MAX_INTSET_ENTRIES,
          EncodingParameters.SET_MAX_LISTPACK_ENTRIES,
          EncodingParameters.SET_MAX_LISTPACK_VALUE,
          EncodingParameters.ZSET_MAX_LISTPACK_ENTRIES,
          EncodingParameters.ZSET_MAX_LISTPACK_VALUE,
          EncodingParameters.LIST_MAX_LISTPACK_SIZE,
          EncodingParameters.LIST_COMPRESS_DEPTH,
          EncodingParameters.STREAM_NODE_MAX_BYTES,
          EncodingParameters.STREAM_NODE_MAX_ENTRIES);

  private ThresholdsBinding() {}

  static void bind(Config config, Thresholds thresholds) {
    apply(config, thresholds);
    for (Parameter parameter : FOLLOWED) {
      config.onChange(parameter, () -> apply(config, thresholds));
    }
  }

  private static void apply(Config config, Thresholds thresholds) {
    thresholds.hashMaxListpackEntries = config.get(EncodingParameters.HASH_MAX_LISTPACK_ENTRIES);
    thresholds.hashMaxListpackBytes = config.get(EncodingParameters.HASH_MAX_LISTPACK_VALUE);
    thresholds.setMaxIntsetEntries = config.get(EncodingParameters.SET_MAX_INTSET_ENTRIES);
    thresholds.setMaxListpackEntries = config.get(EncodingParameters.SET_MAX_LISTPACK_ENTRIES);
    thresholds.setMaxListpackBytes = config.get(EncodingParameters.SET_MAX_LISTPACK_VALUE);
    thresholds.sortedSetMaxListpackEntries =
        config.get(EncodingParameters.ZSET_MAX_LISTPACK_ENTRIES);
    thresholds.sortedSetMaxListpackBytes = config.get(EncodingParameters.ZSET_MAX_LISTPACK_VALUE);
    thresholds.listMaxListpackSize = (int) config.get(EncodingParameters.LIST_MAX_LISTPACK_SIZE);
    thresholds.listCompressDepth = (int) config.get(EncodingParameters.LIST_COMPRESS_DEPTH);
    thresholds.streamNodeMaxBytes = config.get(EncodingParameters.STREAM_NODE_MAX_BYTES);
    thresholds.streamNodeMaxEntries = config.get(EncodingParameters.STREAM_NODE_MAX_ENTRIES);
  }
}
