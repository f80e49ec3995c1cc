package io.cinnabar.config;

import io.cinnabar.command.KeyspaceEvents;
import java.util.List;

/**
 * The parameter {@code notify-keyspace-events}: a letter for each class of events, and for each of
 * the two kinds of channel.
 */
public final class KeyspaceEventsParameter extends Parameter {

  /** The classes for which {@code A} stands, in the order in which they are shown. */
  private static final String ALL = "g$lshzxetd";

  /** The class of new keys, which is shown only where {@code A} is not. */
  private static final String NEW = "n";

  /** The channels, and the class of missed keys. */
  private static final String OTHERS = "KEm";

  private static final long ALL_BITS = bits(ALL);

  KeyspaceEventsParameter(String name) {
    super(name);
  }

  @Override
  void reset(Values values) {
    values.numbers[index()] = 0;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    String text = arguments.get(0);
    long bits = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      long bit = letter == 'A' ? ALL_BITS : KeyspaceEvents.bitOf(letter);
      bits |= bit;
      if (bit == 0) {
        throw new ConfigException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      }
    }
    values.numbers[index()] = bits;
  }

  private static long bits(String letters) {
    return letters.chars().mapToLong(letter -> KeyspaceEvents.bitOf((char) letter)).sum();
  }

  /** The bits of {@link KeyspaceEvents}. */
  long value(Values values) {
    return values.numbers[index()];
  }

  @Override
  String format(Values values) {
    long bits = values.numbers[index()];
    boolean all = (bits & ALL_BITS) == ALL_BITS;
    StringBuilder text = new StringBuilder(all ? "A" : "");
    for (char letter : ((all ? "" : ALL + NEW) + OTHERS).toCharArray()) {
      if ((bits & KeyspaceEvents.bitOf(letter)) != 0) {
        text.append(letter);
      }
    }
    return text.toString();
  }

  @Override
  String fileText(Values values) {
    return QuotedWords.quote(format(values));
  }
}
