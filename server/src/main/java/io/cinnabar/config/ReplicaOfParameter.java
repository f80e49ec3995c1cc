package io.cinnabar.config;

import java.util.List;

/** The parameter {@code replicaof}: host and port of the primary, or {@code no one}. */
public final class ReplicaOfParameter extends Parameter {

  private static final int MAX_PORT = 65535;

  ReplicaOfParameter(String name) {
    super(name);
  }

  @Override
  boolean takesList() {
    return true;
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = "";
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (arguments.size() != 2) {
      throw new ConfigException("wrong number of arguments");
    }
    String host = arguments.get(0);
    String port = arguments.get(1);
    if (host.equalsIgnoreCase("no") && port.equalsIgnoreCase("one")) {
      reset(values);
      return;
    }
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= MAX_PORT) {
        values.objects[index()] = host + " " + number;
        return;
      }
    } catch (NumberFormatException malformed) {
      // answered below
    }
    throw new ConfigException("Invalid master port");
  }

  @Override
  String format(Values values) {
    return (String) values.objects[index()];
  }

  @Override
  void rewrite(Values values, ConfigRewriter into) {
    if (isDefault(values)) {
      into.none(name());
    } else {
      super.rewrite(values, into);
    }
  }
}
