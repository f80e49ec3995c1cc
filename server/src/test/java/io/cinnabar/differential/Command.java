package io.cinnabar.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A command with its arguments. Every char of an argument is one byte (ISO 8859-1), so that
 * arguments compare and print easily and still hold any bytes.
 */
record Command(List<String> arguments) {

  Command {
    arguments = List.copyOf(arguments);
  }

  static Command of(String... arguments) {
    return new Command(List.of(arguments));
  }

  /** The command as clients send it: an array of bulk strings. */
  String encoded() {
    StringBuilder encoded = new StringBuilder("*").append(arguments.size()).append("\r\n");
    for (String argument : arguments) {
      encoded.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
    }
    return encoded.toString();
  }

  byte[] encodedBytes() {
    return encoded().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The command as one would type it into redis-cli, or write it into a case file. */
  @Override
  public String toString() {
    return arguments.stream().map(Escapes::quoteWhereNeeded).collect(Collectors.joining(" "));
  }
}
