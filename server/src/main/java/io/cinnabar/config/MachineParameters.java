package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.UNSIGNED_INT;
import static io.cinnabar.config.ParameterGroup.hidden;
import static io.cinnabar.config.ParameterGroup.immutable;
import static io.cinnabar.config.ParameterGroup.never;

import java.util.List;

/**
 * What redis-server does with the operating system, its allocator and its threads: the JVM does it
 * by itself, or it can't be done from inside one. The values are kept, so that a config file is
 * taken as it is.
 */
public final class MachineParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  public static final NumberParameter IO_THREADS =
      never(immutable(TABLE.number("io-threads", 1, 1, 128)));
  public static final BooleanParameter IO_THREADS_DO_READS =
      never(immutable(TABLE.yesNo("io-threads-do-reads", false)));
  public static final TextParameter SERVER_CPULIST =
      never(immutable(TABLE.optionalText("server_cpulist")));
  public static final TextParameter BIO_CPULIST =
      never(immutable(TABLE.optionalText("bio_cpulist")));
  public static final TextParameter AOF_REWRITE_CPULIST =
      never(immutable(TABLE.optionalText("aof_rewrite_cpulist")));
  public static final TextParameter BGSAVE_CPULIST =
      never(immutable(TABLE.optionalText("bgsave_cpulist")));
  public static final WordParameter OOM_SCORE_ADJ =
      never(TABLE.word("oom-score-adj", "no", "no", "yes", "relative", "absolute"));
  public static final IntegersParameter OOM_SCORE_ADJ_VALUES =
      never(
          TABLE.add(
              new IntegersParameter("oom-score-adj-values", List.of(0, 200, 800), -2000, 2000)));
  public static final BooleanParameter DISABLE_THP =
      never(immutable(TABLE.yesNo("disable-thp", true)));
  public static final BooleanParameter JEMALLOC_BG_THREAD =
      never(TABLE.yesNo("jemalloc-bg-thread", true));
  public static final BooleanParameter ACTIVEREHASHING =
      never(TABLE.yesNo("activerehashing", true));
  public static final NumberParameter SOCKET_MARK_ID =
      never(immutable(TABLE.number("socket-mark-id", 0, 0, UNSIGNED_INT)));
  public static final BooleanParameter SET_PROC_TITLE =
      never(immutable(TABLE.yesNo("set-proc-title", true)));
  public static final TextParameter PROC_TITLE_TEMPLATE =
      never(
          TABLE
              .text("proc-title-template", "{title} {listen-addr} {server-mode}")
              .checkedBy(TextChecks::processTitle));
  public static final BooleanParameter ALWAYS_SHOW_LOGO =
      never(immutable(TABLE.yesNo("always-show-logo", false)));
  public static final BooleanParameter CRASH_LOG_ENABLED =
      never(TABLE.yesNo("crash-log-enabled", true));
  public static final BooleanParameter CRASH_MEMCHECK_ENABLED =
      never(TABLE.yesNo("crash-memcheck-enabled", true));
  public static final TextParameter IGNORE_WARNINGS = never(TABLE.text("ignore-warnings", ""));
  public static final TextParameter LOCALE_COLLATE = never(TABLE.text("locale-collate", ""));
  public static final NumberParameter WATCHDOG_PERIOD =
      never(hidden(TABLE.number("watchdog-period", 0, 0, INT)));
  public static final BooleanParameter USE_EXIT_ON_PANIC =
      never(hidden(TABLE.yesNo("use-exit-on-panic", false)));

  private MachineParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
