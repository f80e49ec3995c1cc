package io.cinnabar;

import static io.cinnabar.config.Parameters.ACTIVE_EXPIRE_EFFORT;
import static io.cinnabar.config.Parameters.CLIENT_OUTPUT_BUFFER_LIMIT;
import static io.cinnabar.config.Parameters.CLIENT_QUERY_BUFFER_LIMIT;
import static io.cinnabar.config.Parameters.ENABLE_DEBUG_COMMAND;
import static io.cinnabar.config.Parameters.HZ;
import static io.cinnabar.config.Parameters.LAZYFREE_LAZY_EXPIRE;
import static io.cinnabar.config.Parameters.LAZYFREE_LAZY_USER_DEL;
import static io.cinnabar.config.Parameters.MAXCLIENTS;
import static io.cinnabar.config.Parameters.PROTECTED_MODE;
import static io.cinnabar.config.Parameters.PROTO_MAX_BULK_LEN;
import static io.cinnabar.config.Parameters.REQUIREPASS;
import static io.cinnabar.config.Parameters.TCP_KEEPALIVE;
import static io.cinnabar.config.Parameters.TIMEOUT;

import io.cinnabar.command.Settings;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameter;
import java.util.List;

/** Keeps the engine's {@link Settings} as the configuration has them, now and after CONFIG SET. */
final class SettingsBinding {

  private static final List<Parameter> FOLLOWED =
      List.of(
          ACTIVE_EXPIRE_EFFORT,
          CLIENT_OUTPUT_BUFFER_LIMIT,
          CLIENT_QUERY_BUFFER_LIMIT,
          ENABLE_DEBUG_COMMAND,
          HZ,
          LAZYFREE_LAZY_EXPIRE,
          LAZYFREE_LAZY_USER_DEL,
          MAXCLIENTS,
          PROTECTED_MODE,
          PROTO_MAX_BULK_LEN,
          REQUIREPASS,
          TCP_KEEPALIVE,
          TIMEOUT);

  private SettingsBinding() {}

  static void bind(Config config, Settings settings) {
    apply(config, settings);
    Config.ChangeListener listener = () -> apply(config, settings);
    for (Parameter parameter : FOLLOWED) {
      config.onChange(parameter, listener);
    }
  }

  private static void apply(Config config, Settings settings) {
    settings.maxClients = (int) Math.min(Integer.MAX_VALUE, config.get(MAXCLIENTS));
    settings.timeoutSeconds = (int) config.get(TIMEOUT);
    settings.tcpKeepAliveSeconds = (int) config.get(TCP_KEEPALIVE);
    settings.protectedMode = config.get(PROTECTED_MODE);
    settings.password = config.bytes(REQUIREPASS);
    settings.maxBulkLength = config.get(PROTO_MAX_BULK_LEN);
    settings.queryBufferLimitBytes = config.get(CLIENT_QUERY_BUFFER_LIMIT);
    settings.outputLimits = config.get(CLIENT_OUTPUT_BUFFER_LIMIT);
    settings.debugAccess = config.get(ENABLE_DEBUG_COMMAND);
    settings.hz = (int) config.get(HZ);
    settings.lazyUserDelete = config.get(LAZYFREE_LAZY_USER_DEL);
    settings.lazyExpire = config.get(LAZYFREE_LAZY_EXPIRE);
    settings.activeExpireEffort = (int) config.get(ACTIVE_EXPIRE_EFFORT);
  }
}
