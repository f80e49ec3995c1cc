package io.cinnabar.differential;

import io.cinnabar.structure.SparseSketches;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes random commands out of a {@link Grammar}: mostly valid ones on few keys, so that they meet
 * each other's data, some with an argument too few, too many, or wrong. The same generator of
 * chance gives the same commands.
 */
final class CommandGenerator {
  private static final int INVALID_PERCENT = 8;
  private static final int ODD_CASE_PERCENT = 10;

  /** One sequence in three uses many keys, the others so few that commands keep colliding. */
  private static final int[] POOL_SIZES = {3, 12, 200};

  private static final int SKETCHES = 6;

  private static final int STREAMS = 4;
  private static final int HASHES = 5;
  private static final int SORTED_SETS = 4;
  private static final int SETS = 5;

  private static final int LISTS = 4;

  private static final int[] LENGTHS = {1, 2, 8, 15, 16, 43, 44, 45, 63, 64, 65, 200, 1023, 1025};

  private static final List<String> ODD_KEYS =
      List.of("", "\0\u00ff\r\n", "a*b[c]?", "with space", "k".repeat(300), "{tag}k");

  private static final List<String> INTEGERS =
      List.of(
          "0",
          "1",
          "-1",
          "9999",
          "10000",
          "2147483647",
          "-2147483649",
          "4294967296",
          "9223372036854775807",
          "9223372036854775806",
          "-9223372036854775808",
          "-9223372036854775807",
          "4611686018427387904");

  private static final List<String> FLOATS =
      List.of(
          "0.1",
          "-0.1",
          "1.5",
          "3.0e3",
          "1e-17",
          "1e-18",
          "1e17",
          "-2.5",
          "0.5",
          "1e20",
          "1e60",
          "3.14159265358979323846",
          "-123456789.987654321",
          "inf",
          "-inf",
          "nan",
          ".5",
          "5.",
          "-0");

  /** Those that 7.0 and 7.2 print alike. */
  private static final List<String> ODD_SCORES =
      List.of("inf", "-inf", "+Infinity", "nan", "0", ".5", "5.", "3.0e3", "0x1p4", "abc");

  /** Replaces a good argument; no small positive number, which would be a short time to live. */
  private static final List<String> JUNK =
      List.of(
          "",
          "abc",
          "-1",
          "0",
          "1.5",
          " 7",
          "7 ",
          "+7",
          "007",
          "\0",
          "\u00ff\r\n",
          "NX",
          "99999999999999999999",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809");

  /** Every time to live is another, by at least 100 seconds: comparing two gives no tie. */
  private static final long TTL_STEP_SECONDS = 100;

  /** Where one command would come, a whole transaction comes instead. */
  private static final int TRANSACTION_PERCENT = 2;

  private static final long FAR_FUTURE_UNIX_SECONDS = 4_102_444_800L;

  private final List<Grammar.Rule> rules;
  private final RandomGenerator random;
  private final int totalWeight;
  private final List<String> keys = new ArrayList<>();
  private long ttlCount;
  private long streamMillis;

  CommandGenerator(Grammar grammar, RandomGenerator random) {
    this.rules = grammar.rules();
    this.random = random;
    this.totalWeight = rules.stream().mapToInt(Grammar.Rule::weight).sum();
    int poolSize = POOL_SIZES[random.nextInt(POOL_SIZES.length)];
    for (int i = 0; i < poolSize; i++) {
      keys.add("key:" + i);
    }
    keys.add(pick(ODD_KEYS));
  }

  List<Invocation> generate(int count) {
    List<Invocation> sequence = new ArrayList<>(count);
    while (sequence.size() < count) {
      if (percent(TRANSACTION_PERCENT)) {
        addTransaction(sequence);
      } else {
        sequence.add(next());
      }
    }
    return sequence.subList(0, count);
  }

  /** Of commands whose replies are compared as they are, since they all come in one. */
  private void addTransaction(List<Invocation> sequence) {
    sequence.add(Invocation.exactly("MULTI"));
    int count = random.nextInt(1, 8);
    while (count > 0) {
      Invocation invocation = next();
      if (invocation.comparison() == Comparison.EXACT) {
        sequence.add(invocation);
        count--;
      }
    }
    sequence.add(Invocation.exactly(percent(95) ? "EXEC" : "DISCARD"));
  }

  private Invocation next() {
    Grammar.Rule rule = pickRule();
    List<String> arguments = new ArrayList<>();
    rule.syntax().expand(new Grammar.Expansion(random, this::value, arguments));
    if (rule.spoilable() && percent(INVALID_PERCENT)) {
      spoil(arguments, rule.keywords());
    }
    if (percent(ODD_CASE_PERCENT)) {
      arguments.set(0, oddCase(arguments.get(0)));
      arguments.replaceAll(each -> rule.keywords().contains(each) ? oddCase(each) : each);
    }
    return new Invocation(new Command(arguments), rule.comparison());
  }

  private Grammar.Rule pickRule() {
    int left = random.nextInt(totalWeight);
    for (Grammar.Rule rule : rules) {
      left -= rule.weight();
      if (left < 0) {
        return rule;
      }
    }
    throw new AssertionError();
  }

  private void spoil(List<String> arguments, List<String> keywords) {
    int at = 1 + random.nextInt(arguments.size());
    boolean isArgument = at < arguments.size();
    switch (random.nextInt(5)) {
      case 0 -> arguments.subList(at, arguments.size()).clear();
      case 1 -> arguments.add(at, pick(JUNK));
      case 2 -> arguments.add(at, keywords.isEmpty() ? pick(JUNK) : pick(keywords));
      case 3 -> {
        if (isArgument) {
          arguments.remove(at);
        }
      }
      default -> {
        if (isArgument) {
          arguments.set(at, pick(JUNK));
        }
      }
    }
  }

  private String oddCase(String word) {
    StringBuilder odd = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      String letter = word.substring(i, i + 1);
      odd.append(
          random.nextBoolean() ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
    }
    return odd.toString();
  }

  /** What a {@code <name>} of the grammar stands for. */
  private String value(String name) {
    return switch (name) {
      case "<key>" -> pick(keys);
      case "<value>" -> text();
      case "<list>" -> percent(85) ? "list:" + random.nextInt(LISTS) : pick(keys);
      case "<item>" -> item();
      case "<rank>" ->
          percent(90) ? String.valueOf(random.nextInt(-3, 4)) : pick(List.of("abc", "", "20"));
      case "<sketch>" -> "sketch:" + random.nextInt(SKETCHES);
      case "<hash>" -> "hash:" + random.nextInt(HASHES);
      case "<name>" -> "f" + random.nextInt(percent(50) ? 5 : 40);
      case "<any-name>" -> text();
      case "<zset>" -> "zset:" + random.nextInt(SORTED_SETS);
      case "<names>" -> "names:" + random.nextInt(2);
      case "<member>" -> percent(95) ? "m" + random.nextInt(300) : letters(pickLength());
      case "<score>" -> percent(95) ? score() : pick(ODD_SCORES);
      case "<places>" -> "places:" + random.nextInt(2);
      case "<longitude>" -> percent(97) ? degrees(180) : pick(JUNK);
      case "<latitude>" -> percent(97) ? degrees(85) : pick(JUNK);
      case "<radius>" ->
          percent(97) ? String.valueOf(random.nextInt(1 << random.nextInt(1, 16))) : pick(JUNK);
      case "<weight>" -> pick(List.of("1", "0.5", "-1", "2", "0", "0.125"));
      case "<min-score>" -> bound("-inf");
      case "<max-score>" -> bound("+inf");
      case "<min-name>" -> percent(25) ? "-" : name();
      case "<max-name>" -> percent(25) ? "+" : name();
      case "<sketch-value>" -> sketch();
      case "<stream>" -> "stream:" + random.nextInt(STREAMS);
      case "<new-stream-id>" -> percent(90) ? newStreamId() : streamId();
      case "<stream-id>" -> streamId();
      case "<range-id>" ->
          percent(15) ? pick(List.of("-", "+")) : (percent(20) ? "(" : "") + streamId();
      case "<group>" -> "group" + random.nextInt(3);
      case "<consumer>" -> "consumer" + random.nextInt(3);
      case "<element>" -> percent(95) ? String.valueOf(random.nextInt(100_000)) : text();
      case "<set>" -> percent(90) ? "set:" + random.nextInt(SETS) : pick(keys);
      case "<set-member>" -> setMember();
      case "<integer>" -> integer();
      case "<float>" -> percent(60) ? decimal() : percent(80) ? pick(FLOATS) : integer();
      case "<offset>" -> percent(90) ? String.valueOf(random.nextInt(80)) : offset();
      case "<index>" -> percent(90) ? String.valueOf(random.nextInt(-60, 60)) : integer();
      case "<bit-offset>" -> percent(90) ? String.valueOf(random.nextInt(500)) : bitOffset();
      case "<bit>" -> percent(95) ? String.valueOf(random.nextInt(2)) : pick(JUNK);
      case "<field>" ->
          (random.nextBoolean() ? "i" : "u") + (percent(95) ? random.nextInt(1, 65) : pick(JUNK));
      case "<field-offset>" ->
          percent(30) ? "#" + random.nextInt(12) : percent(99) ? value("<bit-offset>") : pick(JUNK);
      case "<count>" -> percent(90) ? String.valueOf(random.nextInt(6)) : pick(JUNK);
      case "<db>" -> percent(95) ? String.valueOf(random.nextInt(4)) : pick(List.of("16", "15"));
      case "<pattern>" ->
          pick(List.of("*", "key:*", "key:?", "*1*", "[^k]*", "", "k*[0-4]", "*\\"));
      case "<word>" -> percent(50) ? "word" + random.nextInt(9) : pick(JUNK);
      case "<seconds>" -> percent(90) ? String.valueOf(ttlSeconds()) : pick(JUNK);
      case "<millis>" -> percent(90) ? ttlSeconds() + "123" : pick(JUNK);
      case "<unix-seconds>" -> percent(90) ? String.valueOf(unixSeconds()) : pick(JUNK);
      case "<unix-millis>" -> percent(90) ? unixSeconds() + "678" : pick(JUNK);
      case "<any-seconds>" -> past("<seconds>");
      case "<any-millis>" -> past("<millis>");
      case "<any-unix-seconds>" -> past("<unix-seconds>");
      case "<any-unix-millis>" -> past("<unix-millis>");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private String past(String otherwise) {
    boolean isUnix = otherwise.startsWith("<unix");
    return percent(10) ? (isUnix ? "1000000" : "-1000") : value(otherwise);
  }

  private long ttlSeconds() {
    ttlCount++;
    return random.nextInt(1, 100) * 10_000_000L + ttlCount * TTL_STEP_SECONDS;
  }

  private long unixSeconds() {
    return FAR_FUTURE_UNIX_SECONDS + ttlSeconds();
  }

  /** Mostly greater than all before. */
  private String newStreamId() {
    streamMillis += random.nextInt(3);
    return streamMillis + "-*";
  }

  private String streamId() {
    String millis = String.valueOf(Math.max(0, streamMillis - random.nextInt(40)));
    return switch (random.nextInt(10)) {
      case 0 -> millis;
      case 1 -> percent(50) ? pick(JUNK) : millis + "-*";
      default -> millis + "-" + random.nextInt(3);
    };
  }

  private String offset() {
    return percent(50)
        ? String.valueOf(random.nextInt(3000))
        : pick(List.of("-1", "536870912", "9223372036854775807", "abc", "4294967296"));
  }

  /** None that is large and valid: it would make a string that is too long to compare often. */
  private String bitOffset() {
    return percent(50)
        ? String.valueOf(random.nextInt(30_000))
        : pick(List.of("-1", "4294967296", "9223372036854775807", "abc", "#1"));
  }

  /** One that 7.0 and 7.2 print alike, whatever is added to it. */
  private String score() {
    return percent(70)
        ? String.valueOf(random.nextInt(-20, 100))
        : String.valueOf(random.nextInt(-4000, 4000) / 8.0);
  }

  private String bound(String end) {
    return percent(25) ? end : (percent(30) ? "(" : "") + (percent(95) ? score() : pick(JUNK));
  }

  /** Anywhere, or close together. */
  private String degrees(int most) {
    return percent(50)
        ? random.nextInt(-most, most) + "." + random.nextInt(1_000_000)
        : "10." + random.nextInt(1_000_000);
  }

  private String name() {
    return (percent(50) ? "[" : "(") + "m" + random.nextInt(300);
  }

  private String sketch() {
    return switch (random.nextInt(3)) {
      case 0 -> SparseSketches.random(random);
      case 1 -> SparseSketches.damaged(random);
      default -> text();
    };
  }

  /** Few different ones, so that they are in several sets, and those that change the encoding. */
  private String setMember() {
    return switch (random.nextInt(20)) {
      case 0 -> text();
      case 1, 2, 3 -> letters(random.nextInt(3));
      case 4, 5 -> String.valueOf(random.nextInt(1000));
      default -> String.valueOf(random.nextInt(30));
    };
  }

  /** Few that are short, so that they are found again, and some that make a list large. */
  private String item() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> String.valueOf(random.nextInt(6));
      case 3, 4, 5 -> letters(random.nextInt(3));
      case 6 -> letters(random.nextInt(100, 3000));
      default -> text();
    };
  }

  private String integer() {
    return percent(60) ? String.valueOf(random.nextInt(-20, 20_000)) : pick(INTEGERS);
  }

  private String decimal() {
    return random.nextInt(-1000, 1000) + "." + random.nextInt(1_000_000);
  }

  private String text() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> integer();
      case 3 -> decimal();
      case 4 -> pick(FLOATS);
      case 5 -> pick(JUNK);
      case 6 -> binary(pickLength());
      default -> letters(pickLength());
    };
  }

  private int pickLength() {
    // Short ones more often: the long ones add nothing but bytes.
    return LENGTHS[Math.min(random.nextInt(LENGTHS.length), random.nextInt(LENGTHS.length))];
  }

  private String letters(int length) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append((char) ('a' + random.nextInt(4)));
    }
    return letters.toString();
  }

  private String binary(int length) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < length; i++) {
      bytes.append((char) random.nextInt(256));
    }
    return bytes.toString();
  }

  private boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
