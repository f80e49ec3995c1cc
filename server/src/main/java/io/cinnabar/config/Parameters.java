package io.cinnabar.config;

import io.cinnabar.command.DebugAccess;
import io.cinnabar.command.OutputLimits;
import io.cinnabar.config.NumberParameter.Notation;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.EvictionPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All parameters, each declared in one line: kind, name, default, bounds. */
public final class Parameters {

  private static final long MIB = 1L << 20;
  private static final long INT = Integer.MAX_VALUE;
  private static final long LONG = Long.MAX_VALUE;

  private static final List<Parameter> ALL = new ArrayList<>();
  private static final Map<String, Parameter> BY_NAME = new HashMap<>();

  // Where to listen.
  public static final NumberParameter PORT = number("port", 6379, 0, 65535);
  public static final ListParameter BIND =
      add(
          new ListParameter(
              "bind", List.of("*", "-::*"), 16, "Too many bind addresses specified."));
  public static final TextParameter UNIXSOCKET = immutable(text("unixsocket", ""));
  public static final NumberParameter UNIXSOCKETPERM = immutable(octal("unixsocketperm", 0, 0777));
  public static final NumberParameter TCP_BACKLOG = immutable(number("tcp-backlog", 511, 0, INT));
  public static final BooleanParameter PROTECTED_MODE = yesNo("protected-mode", true);

  // Clients; times in seconds, 0 means never.
  public static final NumberParameter MAXCLIENTS = number("maxclients", 10_000, 1, 4294967295L);
  public static final NumberParameter TIMEOUT = number("timeout", 0, 0, INT);
  public static final NumberParameter TCP_KEEPALIVE = number("tcp-keepalive", 300, 0, INT);
  public static final TextParameter REQUIREPASS = text("requirepass", "");
  public static final OutputLimitsParameter CLIENT_OUTPUT_BUFFER_LIMIT =
      add(new OutputLimitsParameter("client-output-buffer-limit", OutputLimits.DEFAULT));
  public static final NumberParameter CLIENT_QUERY_BUFFER_LIMIT =
      memory("client-query-buffer-limit", 1024 * MIB, MIB, LONG);
  public static final NumberParameter PROTO_MAX_BULK_LEN =
      memory("proto-max-bulk-len", 512 * MIB, MIB, LONG);

  // The data set and its housekeeping.
  public static final NumberParameter DATABASES = immutable(number("databases", 16, 1, INT));
  public static final NumberParameter HZ = number("hz", 10, 0, INT).clampedTo(1, 500);
  public static final BooleanParameter DYNAMIC_HZ = yesNo("dynamic-hz", true);
  public static final NumberParameter ACTIVE_EXPIRE_EFFORT =
      number("active-expire-effort", 1, 1, 10);
  public static final ChoiceParameter<EvictionPolicy> MAXMEMORY_POLICY =
      add(new ChoiceParameter<>("maxmemory-policy", EvictionPolicy.NOEVICTION));
  public static final NumberParameter LFU_LOG_FACTOR = number("lfu-log-factor", 10, 0, INT);
  public static final NumberParameter LFU_DECAY_TIME = number("lfu-decay-time", 1, 0, INT);

  /*
   * Whether memory is given back later, in slices, rather than at once: when a key expires, is
   * replaced by a command such as RENAME, is deleted by DEL, or goes with FLUSHDB and FLUSHALL.
   */
  public static final BooleanParameter LAZYFREE_LAZY_EXPIRE = yesNo("lazyfree-lazy-expire", false);
  public static final BooleanParameter LAZYFREE_LAZY_SERVER_DEL =
      yesNo("lazyfree-lazy-server-del", false);
  public static final BooleanParameter LAZYFREE_LAZY_USER_DEL =
      yesNo("lazyfree-lazy-user-del", false);
  public static final BooleanParameter LAZYFREE_LAZY_USER_FLUSH =
      yesNo("lazyfree-lazy-user-flush", false);

  // Durability: so far the operator can only say that none is wanted.
  public static final SaveParameter SAVE = add(new SaveParameter("save"));
  public static final BooleanParameter APPENDONLY =
      yesNo("appendonly", false)
          .onlyNo("append only files are not supported by this version, use 'no'");

  // The server itself.
  public static final ChoiceParameter<Log.Level> LOGLEVEL =
      add(new ChoiceParameter<>("loglevel", Log.Level.NOTICE));
  public static final TextParameter LOGFILE = immutable(text("logfile", ""));
  public static final ChoiceParameter<DebugAccess> ENABLE_DEBUG_COMMAND =
      immutable(add(new ChoiceParameter<>("enable-debug-command", DebugAccess.NO)));

  private Parameters() {}

  /** All parameters in the order of their declaration, which is that of CONFIG GET. */
  public static List<Parameter> all() {
    return List.copyOf(ALL);
  }

  /** How many parameters there are. */
  static int count() {
    return ALL.size();
  }

  /** The parameter of this name, whatever its case; null when there is none. */
  public static @Nullable Parameter find(String name) {
    return BY_NAME.get(ByteText.lowerCase(name));
  }

  private static NumberParameter number(String name, long initial, long min, long max) {
    return add(new NumberParameter(name, Notation.DECIMAL, initial, min, max));
  }

  private static NumberParameter octal(String name, long initial, long max) {
    return add(new NumberParameter(name, Notation.OCTAL, initial, 0, max));
  }

  private static NumberParameter memory(String name, long initial, long min, long max) {
    return add(new NumberParameter(name, Notation.MEMORY, initial, min, max));
  }

  private static BooleanParameter yesNo(String name, boolean initial) {
    return add(new BooleanParameter(name, initial));
  }

  private static TextParameter text(String name, String initial) {
    return add(new TextParameter(name, initial));
  }

  private static <P extends Parameter> P immutable(P parameter) {
    parameter.immutable();
    return parameter;
  }

  private static <P extends Parameter> P add(P parameter) {
    parameter.declaredAt(ALL.size());
    ALL.add(parameter);
    BY_NAME.put(parameter.name(), parameter);
    return parameter;
  }
}
