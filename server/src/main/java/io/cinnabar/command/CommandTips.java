package io.cinnabar.command;

/** Hints for clients and proxies, as COMMAND INFO spells them. */
public final class CommandTips {

  public static final String NONDETERMINISTIC_OUTPUT = "nondeterministic_output";
  public static final String NONDETERMINISTIC_OUTPUT_ORDER = "nondeterministic_output_order";
  public static final String REQUEST_ALL_NODES = "request_policy:all_nodes";
  public static final String REQUEST_ALL_SHARDS = "request_policy:all_shards";
  public static final String REQUEST_MULTI_SHARD = "request_policy:multi_shard";
  public static final String REQUEST_SPECIAL = "request_policy:special";
  public static final String RESPONSE_ALL_SUCCEEDED = "response_policy:all_succeeded";
  public static final String RESPONSE_AGG_LOGICAL_AND = "response_policy:agg_logical_and";
  public static final String RESPONSE_AGG_MIN = "response_policy:agg_min";
  public static final String RESPONSE_AGG_SUM = "response_policy:agg_sum";
  public static final String RESPONSE_ONE_SUCCEEDED = "response_policy:one_succeeded";
  public static final String RESPONSE_SPECIAL = "response_policy:special";

  private CommandTips() {}
}
