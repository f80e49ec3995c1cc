package io.cinnabar.config;

import io.cinnabar.command.OutputLimits;
import io.cinnabar.command.OutputLimits.Limit;
import java.util.List;

/**
 * The parameter {@code client-output-buffer-limit}: groups of class, hard limit, soft limit and
 * seconds. Classes that are not named keep their limits.
 */
public final class OutputLimitsParameter extends ComposedParameter<OutputLimits> {

  private static final int GROUP = 4;

  OutputLimitsParameter(String name, OutputLimits initial) {
    super(name, initial);
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (arguments.size() % GROUP != 0) {
      throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
    }
    OutputLimits limits = value(values);
    for (int i = 0; i < arguments.size(); i += GROUP) {
      limits = replace(limits, arguments.subList(i, i + GROUP));
    }
    value(values, limits);
  }

  private static OutputLimits replace(OutputLimits limits, List<String> group)
      throws ConfigException {
    return switch (ByteText.lowerCase(group.get(0))) {
      case "normal" -> new OutputLimits(limit(group), limits.replica(), limits.pubsub());
      case "slave", "replica" -> new OutputLimits(limits.normal(), limit(group), limits.pubsub());
      case "pubsub" -> new OutputLimits(limits.normal(), limits.replica(), limit(group));
      default ->
          throw new ConfigException(
              "Invalid client class specified in buffer limit configuration.");
    };
  }

  private static Limit limit(List<String> group) throws ConfigException {
    try {
      long hardBytes = Numbers.memory(group.get(1));
      long softBytes = Numbers.memory(group.get(2));
      String seconds = group.get(3);
      int softSeconds = seconds.isEmpty() ? 0 : Integer.parseInt(seconds);
      if (softSeconds >= 0) {
        return new Limit(hardBytes, softBytes, softSeconds);
      }
    } catch (ConfigException | NumberFormatException malformed) {
      // answered below
    }
    throw new ConfigException(
        "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  }

  @Override
  String format(Values values) {
    OutputLimits limits = value(values);
    StringBuilder text = new StringBuilder();
    show(text, "normal ", limits.normal());
    show(text, " slave ", limits.replica());
    show(text, " pubsub ", limits.pubsub());
    return text.toString();
  }

  private static void show(StringBuilder text, String clientClass, Limit limit) {
    text.append(clientClass)
        .append(limit.hardBytes())
        .append(' ')
        .append(limit.softBytes())
        .append(' ')
        .append(limit.softSeconds());
  }

  /** A line for each class. */
  @Override
  void rewrite(Values values, ConfigRewriter into) {
    OutputLimits limits = value(values);
    rewrite("normal", limits.normal(), initial().normal(), into);
    rewrite("replica", limits.replica(), initial().replica(), into);
    rewrite("pubsub", limits.pubsub(), initial().pubsub(), into);
  }

  private void rewrite(String clientClass, Limit limit, Limit standard, ConfigRewriter into) {
    String hard = Numbers.withUnit(limit.hardBytes());
    String soft = Numbers.withUnit(limit.softBytes());
    String value = clientClass + " " + hard + " " + soft + " " + limit.softSeconds();
    into.line(name(), value, !limit.equals(standard));
  }
}
