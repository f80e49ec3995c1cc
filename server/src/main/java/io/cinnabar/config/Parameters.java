package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.LONG;
import static io.cinnabar.config.ParameterGroup.MIB;
import static io.cinnabar.config.ParameterGroup.UNSIGNED_INT;
import static io.cinnabar.config.ParameterGroup.formerly;
import static io.cinnabar.config.ParameterGroup.guarded;
import static io.cinnabar.config.ParameterGroup.hidden;
import static io.cinnabar.config.ParameterGroup.immutable;
import static io.cinnabar.config.ParameterGroup.never;
import static io.cinnabar.config.ParameterGroup.notYet;
import static io.cinnabar.config.ParameterGroup.secret;
import static io.cinnabar.config.ParameterGroup.unsupported;

import io.cinnabar.command.DebugAccess;
import io.cinnabar.command.OutputLimits;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.EvictionPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All parameters, each declared in one line: kind, name, default, bounds. */
public final class Parameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  // Where to listen.
  public static final NumberParameter PORT = TABLE.number("port", 6379, 0, 65535);
  public static final ListParameter BIND =
      TABLE.add(
          new ListParameter(
              "bind", List.of("*", "-::*"), 16, "Too many bind addresses specified."));
  public static final TextParameter UNIXSOCKET = immutable(TABLE.optionalText("unixsocket"));
  public static final NumberParameter UNIXSOCKETPERM =
      immutable(TABLE.octal("unixsocketperm", 0, 0777));
  public static final NumberParameter TCP_BACKLOG =
      immutable(TABLE.number("tcp-backlog", 511, 0, INT));
  public static final BooleanParameter PROTECTED_MODE = TABLE.yesNo("protected-mode", true);

  // Clients; times in seconds, 0 means never.
  public static final NumberParameter MAXCLIENTS =
      TABLE.number("maxclients", 10_000, 1, UNSIGNED_INT);
  public static final NumberParameter TIMEOUT = TABLE.number("timeout", 0, 0, INT);
  public static final NumberParameter TCP_KEEPALIVE = TABLE.number("tcp-keepalive", 300, 0, INT);
  public static final OutputLimitsParameter CLIENT_OUTPUT_BUFFER_LIMIT =
      TABLE.add(new OutputLimitsParameter("client-output-buffer-limit", OutputLimits.DEFAULT));
  public static final NumberParameter CLIENT_QUERY_BUFFER_LIMIT =
      TABLE.memory("client-query-buffer-limit", 1024 * MIB, MIB, LONG);
  public static final NumberParameter PROTO_MAX_BULK_LEN =
      TABLE.memory("proto-max-bulk-len", 512 * MIB, MIB, LONG);
  public static final NumberParameter MAXMEMORY_CLIENTS =
      TABLE.memoryOrPercent("maxmemory-clients", 0);
  public static final NumberParameter TRACKING_TABLE_MAX_KEYS =
      TABLE.number("tracking-table-max-keys", 1_000_000, 0, LONG);
  public static final KeyspaceEventsParameter NOTIFY_KEYSPACE_EVENTS =
      TABLE.add(new KeyspaceEventsParameter("notify-keyspace-events"));

  // Who may do what.
  public static final TextParameter REQUIREPASS = secret(TABLE.optionalText("requirepass"));
  public static final TextParameter ACLFILE = immutable(TABLE.optionalText("aclfile"));
  public static final NumberParameter ACLLOG_MAX_LEN = TABLE.number("acllog-max-len", 128, 0, LONG);
  public static final WordParameter ACL_PUBSUB_DEFAULT =
      TABLE.word("acl-pubsub-default", "resetchannels", "allchannels", "resetchannels");
  public static final ChoiceParameter<DebugAccess> ENABLE_PROTECTED_CONFIGS =
      immutable(TABLE.choice("enable-protected-configs", DebugAccess.NO));
  public static final ChoiceParameter<DebugAccess> ENABLE_DEBUG_COMMAND =
      immutable(TABLE.choice("enable-debug-command", DebugAccess.NO));
  public static final ChoiceParameter<DebugAccess> ENABLE_MODULE_COMMAND =
      unsupported("modules are", immutable(TABLE.choice("enable-module-command", DebugAccess.NO)));

  // The data set and its housekeeping.
  public static final NumberParameter DATABASES = immutable(TABLE.number("databases", 16, 1, INT));
  public static final NumberParameter HZ = TABLE.number("hz", 10, 0, INT).clampedTo(1, 500);
  public static final BooleanParameter DYNAMIC_HZ = never(TABLE.yesNo("dynamic-hz", true));
  public static final NumberParameter ACTIVE_EXPIRE_EFFORT =
      TABLE.number("active-expire-effort", 1, 1, 10);

  // What happens when memory is short.
  public static final NumberParameter MAXMEMORY = TABLE.unsignedMemory("maxmemory", 0);
  public static final ChoiceParameter<EvictionPolicy> MAXMEMORY_POLICY =
      TABLE.choice("maxmemory-policy", EvictionPolicy.NOEVICTION);
  public static final NumberParameter MAXMEMORY_SAMPLES =
      TABLE.number("maxmemory-samples", 5, 1, INT);
  public static final NumberParameter MAXMEMORY_EVICTION_TENACITY =
      TABLE.number("maxmemory-eviction-tenacity", 10, 0, 100);
  public static final NumberParameter LFU_LOG_FACTOR = TABLE.number("lfu-log-factor", 10, 0, INT);
  public static final NumberParameter LFU_DECAY_TIME = TABLE.number("lfu-decay-time", 1, 0, INT);

  // Compaction; thresholds and efforts in percent: docs/decisions/0008 says what they mean here.
  public static final BooleanParameter ACTIVEDEFRAG = TABLE.yesNo("activedefrag", false);
  public static final NumberParameter ACTIVE_DEFRAG_IGNORE_BYTES =
      TABLE.memory("active-defrag-ignore-bytes", 100 * MIB, 1, LONG);
  public static final NumberParameter ACTIVE_DEFRAG_THRESHOLD_LOWER =
      TABLE.number("active-defrag-threshold-lower", 10, 0, 1000);
  public static final NumberParameter ACTIVE_DEFRAG_THRESHOLD_UPPER =
      TABLE.number("active-defrag-threshold-upper", 100, 0, 1000);
  public static final NumberParameter ACTIVE_DEFRAG_CYCLE_MIN =
      TABLE.number("active-defrag-cycle-min", 1, 1, 99);
  public static final NumberParameter ACTIVE_DEFRAG_CYCLE_MAX =
      TABLE.number("active-defrag-cycle-max", 25, 1, 99);
  public static final NumberParameter ACTIVE_DEFRAG_MAX_SCAN_FIELDS =
      never(TABLE.number("active-defrag-max-scan-fields", 1000, 1, LONG));

  /*
   * Whether memory is given back later, in slices, rather than at once: when a key is evicted,
   * expires, is replaced by a command such as RENAME, is deleted by DEL, or goes with FLUSHDB and
   * FLUSHALL.
   */
  public static final BooleanParameter LAZYFREE_LAZY_EVICTION =
      TABLE.yesNo("lazyfree-lazy-eviction", false);
  public static final BooleanParameter LAZYFREE_LAZY_EXPIRE =
      TABLE.yesNo("lazyfree-lazy-expire", false);
  public static final BooleanParameter LAZYFREE_LAZY_SERVER_DEL =
      never(TABLE.yesNo("lazyfree-lazy-server-del", false));
  public static final BooleanParameter LAZYFREE_LAZY_USER_DEL =
      TABLE.yesNo("lazyfree-lazy-user-del", false);
  public static final BooleanParameter LAZYFREE_LAZY_USER_FLUSH =
      never(TABLE.yesNo("lazyfree-lazy-user-flush", false));

  // Scripts; milliseconds.
  public static final NumberParameter BUSY_REPLY_THRESHOLD =
      notYet(formerly("lua-time-limit", TABLE.number("busy-reply-threshold", 5000, 0, LONG)));
  public static final BooleanParameter LUA_ENABLE_DEPRECATED_API =
      notYet(hidden(immutable(TABLE.yesNo("lua-enable-deprecated-api", false))));

  // Diagnosis: microseconds, milliseconds, percent.
  public static final NumberParameter SLOWLOG_LOG_SLOWER_THAN =
      TABLE.number("slowlog-log-slower-than", 10_000, -1, LONG);
  public static final NumberParameter SLOWLOG_MAX_LEN =
      TABLE.number("slowlog-max-len", 128, 0, LONG);
  public static final NumberParameter LATENCY_MONITOR_THRESHOLD =
      TABLE.number("latency-monitor-threshold", 0, 0, LONG);
  public static final BooleanParameter LATENCY_TRACKING = TABLE.yesNo("latency-tracking", true);
  public static final PercentilesParameter LATENCY_TRACKING_INFO_PERCENTILES =
      TABLE.add(new PercentilesParameter("latency-tracking-info-percentiles", 50, 99, 99.9));

  // The server itself; seconds.
  public static final DirectoryParameter DIR = guarded(TABLE.add(new DirectoryParameter("dir")));
  public static final ChoiceParameter<Log.Level> LOGLEVEL =
      TABLE.choice("loglevel", Log.Level.NOTICE);
  public static final TextParameter LOGFILE = immutable(TABLE.text("logfile", ""));
  public static final BooleanParameter SYSLOG_ENABLED =
      immutable(TABLE.yesNo("syslog-enabled", false));
  public static final TextParameter SYSLOG_IDENT = immutable(TABLE.text("syslog-ident", "redis"));
  public static final WordParameter SYSLOG_FACILITY =
      immutable(
          TABLE.word(
              "syslog-facility",
              "local0",
              "user",
              "local0",
              "local1",
              "local2",
              "local3",
              "local4",
              "local5",
              "local6",
              "local7"));
  public static final BooleanParameter DAEMONIZE = immutable(TABLE.yesNo("daemonize", false));
  public static final WordParameter SUPERVISED =
      immutable(TABLE.word("supervised", "no", "upstart", "systemd", "auto", "no"));
  public static final TextParameter PIDFILE = immutable(TABLE.optionalText("pidfile"));
  public static final NumberParameter SHUTDOWN_TIMEOUT =
      TABLE.number("shutdown-timeout", 10, 0, INT);
  public static final WordSetParameter SHUTDOWN_ON_SIGINT =
      TABLE.add(shutdownWords("shutdown-on-sigint"));
  public static final WordSetParameter SHUTDOWN_ON_SIGTERM =
      TABLE.add(shutdownWords("shutdown-on-sigterm"));

  private Parameters() {}

  /** All parameters in the order of their declaration, which is that of CONFIG GET. */
  public static List<Parameter> all() {
    return Registry.ALL;
  }

  /** The parameter of this name, old or new, whatever its case; null when there is none. */
  public static @Nullable Parameter find(String name) {
    return Registry.BY_NAME.get(ByteText.lowerCase(name));
  }

  private static WordSetParameter shutdownWords(String name) {
    return new WordSetParameter(
        name,
        "shutdown options SAVE and NOSAVE can't be used simultaneously",
        "default",
        "save",
        "nosave",
        "now",
        "force");
  }

  /** The parameters of all themes; made once all of them are declared. */
  private static final class Registry {

    static final List<Parameter> ALL;
    static final Map<String, Parameter> BY_NAME = new HashMap<>();

    static {
      List<Parameter> all = new ArrayList<>();
      all.addAll(TABLE.parameters());
      all.addAll(EncodingParameters.all());
      all.addAll(PersistenceParameters.all());
      all.addAll(ReplicationParameters.all());
      all.addAll(ClusterParameters.all());
      all.addAll(TlsParameters.all());
      all.addAll(MachineParameters.all());
      ALL = List.copyOf(all);
      for (int i = 0; i < ALL.size(); i++) {
        Parameter parameter = ALL.get(i);
        parameter.declaredAt(i);
        BY_NAME.put(parameter.name(), parameter);
        String formerName = parameter.formerName();
        if (formerName != null) {
          BY_NAME.put(formerName, parameter);
        }
      }
    }
  }
}
