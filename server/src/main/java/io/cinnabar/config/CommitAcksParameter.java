package io.cinnabar.config;

import io.cinnabar.command.CommitAcks;
import java.util.List;

/** The parameter {@code commit-acks}: {@code replicas 1 timeout 5000}, or {@code no}. */
public final class CommitAcksParameter extends ComposedParameter<CommitAcks> {

  CommitAcksParameter(String name) {
    super(name, CommitAcks.NONE);
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    boolean isOff = arguments.size() < 2 && (first.isEmpty() || first.equalsIgnoreCase("no"));
    CommitAcks acks = isOff ? CommitAcks.NONE : CommitAcks.of(arguments);
    if (acks == null) {
      throw new ConfigException(
          "argument must be 'no', or 'replicas' and a number up to 256, perhaps with 'timeout' and"
              + " milliseconds");
    }
    value(values, acks);
  }

  @Override
  String format(Values values) {
    return value(values).text();
  }
}
