package io.cinnabar.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameter {@code save}: pairs of seconds and changes. The lines of a config file add up; an
 * empty text takes back what the lines before it said.
 */
public final class SaveParameter extends Parameter {

  /** Known by its identity: the first line of a config file takes its place. */
  private static final List<SavePoint> DEFAULT =
      List.of(new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10_000));

  SaveParameter(String name) {
    super(name);
  }

  @SuppressWarnings("unchecked") // only this class puts objects at its index
  List<SavePoint> points(Values values) {
    return (List<SavePoint>) values.objects[index()];
  }

  @Override
  boolean takesList() {
    return true;
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = DEFAULT;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (adding && arguments.equals(List.of(""))) {
      values.objects[index()] = List.of();
      return;
    }
    if (arguments.size() % 2 != 0) {
      throw invalid();
    }
    List<SavePoint> points = new ArrayList<>(adding ? before(values) : List.of());
    for (int i = 0; i < arguments.size(); i += 2) {
      long seconds = number(arguments.get(i));
      long changes = number(arguments.get(i + 1));
      if (seconds < 1 || changes < 0 || changes > Integer.MAX_VALUE) {
        throw invalid();
      }
      points.add(new SavePoint(seconds, (int) changes));
    }
    values.objects[index()] = List.copyOf(points);
  }

  @SuppressWarnings("ReferenceEquality") // the very default, not what equals it
  private List<SavePoint> before(Values values) {
    List<SavePoint> points = points(values);
    return points == DEFAULT ? List.of() : points;
  }

  private static long number(String text) throws ConfigException {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException malformed) {
      throw invalid();
    }
  }

  private static ConfigException invalid() {
    return new ConfigException("Invalid save parameters");
  }

  @Override
  String format(Values values) {
    StringBuilder text = new StringBuilder();
    for (SavePoint point : points(values)) {
      text.append(text.length() > 0 ? " " : "");
      text.append(point.seconds()).append(' ').append(point.changes());
    }
    return text.toString();
  }

  /**
   * A line for each point, or one that says that there is none: the default need not be the same.
   */
  @Override
  void rewrite(Values values, ConfigRewriter into) {
    for (SavePoint point : points(values)) {
      into.line(name(), point.seconds() + " " + point.changes(), true);
    }
    if (points(values).isEmpty()) {
      into.line(name(), "\"\"", true);
    }
  }
}
