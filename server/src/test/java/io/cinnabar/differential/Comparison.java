package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How two replies are held against each other: byte for byte, unless rules take away what may
 * differ between two servers, such as the order of keys, times and ids.
 */
final class Comparison {
  static final Comparison EXACT = new Comparison(List.of(), 0);

  private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9_-]+)[=:]([^ \r\n]*)");

  private final List<UnaryOperator<Reply>> rules;
  private final long tolerance;

  private Comparison(List<UnaryOperator<Reply>> rules, long tolerance) {
    this.rules = rules;
    this.tolerance = tolerance;
  }

  /**
   * This comparison with one more rule.
   *
   * <ul>
   *   <li>{@code sorted}: the elements of the reply are in no order
   *   <li>{@code deep-sorted}: nor are those of arrays in it
   *   <li>{@code shape}: only types and counts matter; errors still say the same
   *   <li>{@code first}: of a list, only the first element
   *   <li>{@code ±2}: integers may be that far apart
   *   <li>{@code mask id version}: of what follows these names in a list, only the type matters
   *   <li>{@code fields name db}: of a text of {@code name=value} or {@code name:value}, only these
   * </ul>
   *
   * @throws IllegalArgumentException if there is no such rule
   */
  Comparison with(String rule) {
    String[] words = rule.split(" ", -1);
    Set<String> names = Set.copyOf(Arrays.asList(words).subList(1, words.length));
    if (words[0].startsWith("±")) {
      return new Comparison(rules, Long.parseLong(words[0].substring(1)));
    }
    return switch (words[0]) {
      case "sorted" -> with(Comparison::sorted);
      case "deep-sorted" -> with(reply -> reply.mapped(Comparison::sorted));
      case "shape" -> with(reply -> reply.mapped(Comparison::withoutText));
      case "first" -> with(Comparison::first);
      case "mask" -> with(reply -> reply.mapped(part -> masked(part, names)));
      case "fields" -> with(reply -> reply.mapped(part -> reduced(part, names)));
      default -> throw new IllegalArgumentException("no such directive: " + rule);
    };
  }

  private Comparison with(UnaryOperator<Reply> rule) {
    List<UnaryOperator<Reply>> more = new ArrayList<>(rules);
    more.add(rule);
    return new Comparison(more, tolerance);
  }

  boolean matches(Frame expected, Frame actual) {
    if (rules.isEmpty() && tolerance == 0) {
      return expected.bytes().equals(actual.bytes())
          && expected.reply().kind() == actual.reply().kind();
    }
    Reply left = expected.reply();
    Reply right = actual.reply();
    for (UnaryOperator<Reply> rule : rules) {
      left = rule.apply(left);
      right = rule.apply(right);
    }
    return near(left, right);
  }

  private boolean near(Reply left, Reply right) {
    if (left.kind() != right.kind() || left.elements().size() != right.elements().size()) {
      return false;
    }
    for (int i = 0; i < left.elements().size(); i++) {
      if (!near(left.elements().get(i), right.elements().get(i))) {
        return false;
      }
    }
    if (left.text().equals(right.text())) {
      return true;
    }
    if (tolerance == 0 || left.kind() != Reply.Kind.INTEGER) {
      return false;
    }
    long a = Long.parseLong(left.text());
    long b = Long.parseLong(right.text());
    // Negative integers are answers of their own, such as -1 for a key that never expires.
    return a >= 0 && b >= 0 && Math.abs(a - b) <= tolerance;
  }

  private static Reply sorted(Reply reply) {
    if (!reply.isAggregate()) {
      return reply;
    }
    int group = reply.isKeyed() ? 2 : 1;
    List<List<Reply>> groups = new ArrayList<>();
    for (int i = 0; i < reply.elements().size(); i += group) {
      groups.add(reply.elements().subList(i, i + group));
    }
    groups.sort(Comparator.comparing(List::toString));
    return Reply.aggregate(reply.kind(), groups.stream().flatMap(List::stream).toList());
  }

  private static Reply withoutText(Reply reply) {
    boolean keeps = reply.isAggregate() || reply.kind() == Reply.Kind.ERROR;
    return keeps ? reply : Reply.leaf(reply.kind(), "");
  }

  private static Reply first(Reply reply) {
    boolean isLong = reply.elements().size() > 1;
    return isLong ? Reply.aggregate(reply.kind(), reply.elements().subList(0, 1)) : reply;
  }

  private static Reply masked(Reply reply, Set<String> names) {
    List<Reply> elements = new ArrayList<>(reply.elements());
    for (int i = 1; i < elements.size(); i++) {
      if (names.contains(elements.get(i - 1).text())) {
        elements.set(i, elements.get(i).mapped(Comparison::withoutText));
      }
    }
    return new Reply(reply.kind(), reply.text(), elements);
  }

  private static Reply reduced(Reply reply, Set<String> names) {
    if (reply.isAggregate() || reply.kind() == Reply.Kind.ERROR) {
      return reply;
    }
    StringBuilder kept = new StringBuilder();
    for (String line : reply.text().lines().toList()) {
      Matcher field = FIELD.matcher(line);
      while (field.find()) {
        if (names.contains(field.group(1))) {
          kept.append(field.group()).append(' ');
        }
      }
    }
    return Reply.leaf(reply.kind(), kept.toString());
  }
}
