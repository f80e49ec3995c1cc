package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares everything that two servers hold. */
final class DataSets {
  private static final int DATABASES = 16;
  private static final Comparison SORTED = Comparison.EXACT.with("sorted");
  private static final Comparison SORTED_PAIRS = Comparison.EXACT.with("sorted-pairs");
  private static final Comparison ONE_LIST_ENCODING = Comparison.EXACT.with("list-encoding");
  private static final Comparison ABOUT_THE_SAME_TIME = Comparison.EXACT.with("±20000");

  private DataSets() {}

  /** Holds keys, types, encodings, values and expiries of all databases against each other. */
  static ConnectionPair.@Nullable Divergence compare(ConnectionPair pair) {
    List<Invocation> questions = new ArrayList<>();
    Difference inEncodings = null;
    for (int db = 0; db < DATABASES; db++) {
      String number = String.valueOf(db);
      questions.add(Invocation.exactly("SELECT", number));
      questions.add(new Invocation(Command.of("KEYS", "*"), SORTED));
      questions.add(Invocation.exactly("DBSIZE"));
      pair.ask(Command.of("SELECT", number));
      for (Reply key : pair.ask(Command.of("KEYS", "*")).elements()) {
        addQuestions(pair, key.text(), questions);
        if (inEncodings == null && isUnlikeOlderList(pair, key.text())) {
          inEncodings = ListEncodings.check(pair, key.text());
        }
      }
    }
    ConnectionPair.Divergence inData = pair.run(questions);
    return inData != null || inEncodings == null
        ? inData
        : new ConnectionPair.Divergence(questions.size(), inEncodings);
  }

  private static boolean isUnlikeOlderList(ConnectionPair pair, String key) {
    return pair.has(KnownDifference.LIST_LISTPACK)
        && pair.ask(Command.of("TYPE", key)).text().equals("list");
  }

  private static void addQuestions(ConnectionPair pair, String key, List<Invocation> questions) {
    questions.add(Invocation.exactly("TYPE", key));
    questions.add(new Invocation(Command.of("OBJECT", "ENCODING", key), ONE_LIST_ENCODING));
    questions.add(new Invocation(Command.of("PTTL", key), ABOUT_THE_SAME_TIME));
    String type = pair.ask(Command.of("TYPE", key)).text();
    if (type.equals("stream")) {
      questions.add(Invocation.exactly("XINFO", "STREAM", key));
    }
    questions.add(
        switch (type) {
          case "string" -> Invocation.exactly("GET", key);
          case "stream" -> Invocation.exactly("XRANGE", key, "-", "+");
          case "list" -> Invocation.exactly("LRANGE", key, "0", "-1");
          case "hash" -> new Invocation(Command.of("HGETALL", key), SORTED_PAIRS);
          case "zset" -> Invocation.exactly("ZRANGE", key, "0", "-1", "WITHSCORES");
          case "set" -> new Invocation(Command.of("SMEMBERS", key), SORTED);
          default -> throw new IllegalStateException("no way known to read a " + type);
        });
  }
}
