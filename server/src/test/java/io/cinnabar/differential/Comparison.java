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

  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+");

  /** Time, database and address at the beginning of a line of MONITOR. */
  private static final Pattern MONITORED =
      Pattern.compile("^[0-9]{10}[.][0-9]{6} \\[([0-9]+) [0-9.]+:[0-9]+]");

  private static final Pattern USER =
      Pattern.compile(
          "^((?:EXECABORT [^:]*: )?(?:NOPERM )?)(?:[Tt]his user|User [^ ]*) has no permissions to ");

  private static final String A_KEY = "No permissions to access a key";
  private static final String A_CHANNEL = "No permissions to access a channel";

  private static final Set<String> NEW_IN_LOG =
      Set.of("entry-id", "timestamp-created", "timestamp-last-updated");

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
   *   <li>{@code sorted-pairs}: nor are they, but each second belongs to the one before
   *   <li>{@code deep-sorted}: nor are those of arrays in it
   *   <li>{@code shape}: only types and counts matter; errors still say the same
   *   <li>{@code first}: of a list, only the first element
   *   <li>{@code ±2}: integers may be that far apart
   *   <li>{@code mask id version}: of what follows these names in a list, only the type matters
   *   <li>{@code untimed}: of integers and of addresses with a port, only that they are there
   *   <li>{@code blind usec p50}: of what {@code usec=} and {@code p50=} in a text say, nothing
   *   <li>{@code list-encoding}: a list that is a listpack is a quicklist to an older server
   *   <li>{@code monitored}: of a line of MONITOR, neither time nor address
   *   <li>{@code denial}: an older server words otherwise what a user is denied
   *   <li>{@code acl-log}: an older server does not number and date the entries of ACL LOG
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
      case "sorted-pairs" -> with(reply -> sorted(reply, 2));
      case "deep-sorted" -> with(reply -> reply.mapped(Comparison::sorted));
      case "shape" -> with(reply -> reply.mapped(Comparison::withoutText));
      case "first" -> with(Comparison::first);
      case "list-encoding" -> with(Comparison::withOneListEncoding);
      case "monitored" -> with(reply -> reply.mapped(Comparison::withoutSource));
      case "mask" -> with(reply -> reply.mapped(part -> masked(part, names)));
      case "untimed" -> with(reply -> reply.mapped(Comparison::untimed));
      case "blind" -> with(reply -> reply.mapped(part -> blinded(part, names)));
      case "denial" -> with(reply -> reply.mapped(Comparison::withOneDenial));
      case "acl-log" -> with(reply -> reply.mapped(Comparison::withoutNumbers));
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
    return sorted(reply, reply.isKeyed() ? 2 : 1);
  }

  private static Reply sorted(Reply reply, int group) {
    if (!reply.isAggregate() || reply.elements().size() % group != 0) {
      return reply;
    }
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

  private static Reply withoutSource(Reply reply) {
    Matcher line = MONITORED.matcher(reply.text());
    return line.find() ? Reply.leaf(reply.kind(), line.replaceFirst("[$1]")) : reply;
  }

  private static Reply withOneListEncoding(Reply reply) {
    boolean isListpack = reply.kind() == Reply.Kind.BULK_STRING && reply.text().equals("listpack");
    return isListpack ? Reply.leaf(reply.kind(), "quicklist") : reply;
  }

  /** In the words of 7.2, without the name of the user. */
  private static Reply withOneDenial(Reply reply) {
    String text =
        USER.matcher(reply.text())
            .replaceFirst("$1user has no permissions to ")
            .replace("user has no permissions to access one of the keys used as arguments", A_KEY)
            .replace(
                "user has no permissions to access one of the channels used as arguments",
                A_CHANNEL);
    return new Reply(reply.kind(), text, reply.elements());
  }

  private static Reply withoutNumbers(Reply reply) {
    List<Reply> kept = new ArrayList<>();
    List<Reply> elements = reply.elements();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.size() % 2 == 0 && i % 2 == 0 && NEW_IN_LOG.contains(elements.get(i).text())) {
        i++;
      } else {
        kept.add(elements.get(i));
      }
    }
    return new Reply(reply.kind(), reply.text(), kept);
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

  private static Reply untimed(Reply reply) {
    return switch (reply.kind()) {
      case INTEGER -> Reply.leaf(reply.kind(), "");
      case BULK_STRING ->
          Reply.leaf(reply.kind(), ADDRESS.matcher(reply.text()).replaceAll("address"));
      default -> reply;
    };
  }

  private static Reply blinded(Reply reply, Set<String> names) {
    if (reply.isAggregate() || reply.kind() == Reply.Kind.ERROR) {
      return reply;
    }
    String text = reply.text();
    for (String name : names) {
      text = text.replaceAll("\\b" + Pattern.quote(name) + "=[0-9.]+", name + "=");
    }
    return Reply.leaf(reply.kind(), text);
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
