package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares everything that two servers hold. */
final class DataSets {
  private static final int DATABASES = 16;
  private static final Comparison SORTED = Comparison.EXACT.with("sorted");
  private static final Comparison ABOUT_THE_SAME_TIME = Comparison.EXACT.with("±20000");

  private DataSets() {}

  /** Holds keys, types, encodings, values and expiries of all databases against each other. */
  static ConnectionPair.@Nullable Divergence compare(ConnectionPair pair) {
    List<Invocation> questions = new ArrayList<>();
    for (int db = 0; db < DATABASES; db++) {
      String number = String.valueOf(db);
      questions.add(Invocation.exactly("SELECT", number));
      questions.add(new Invocation(Command.of("KEYS", "*"), SORTED));
      questions.add(Invocation.exactly("DBSIZE"));
      pair.ask(Command.of("SELECT", number));
      for (Reply key : pair.ask(Command.of("KEYS", "*")).elements()) {
        addQuestions(pair, key.text(), questions);
      }
    }
    return pair.run(questions);
  }

  private static void addQuestions(ConnectionPair pair, String key, List<Invocation> questions) {
    questions.add(Invocation.exactly("TYPE", key));
    questions.add(Invocation.exactly("OBJECT", "ENCODING", key));
    questions.add(new Invocation(Command.of("PTTL", key), ABOUT_THE_SAME_TIME));
    String type = pair.ask(Command.of("TYPE", key)).text();
    questions.add(
        switch (type) {
          case "string" -> Invocation.exactly("GET", key);
          default -> throw new IllegalStateException("no way known to read a " + type);
        });
  }
}
