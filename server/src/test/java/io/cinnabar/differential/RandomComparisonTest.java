package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A wrong reply and a wrong value must be found among random commands, and made short. */
final class RandomComparisonTest {

  @Test
  void aWrongReplyIsFoundAndShrunk() {
    String original = "-ERR increment or decrement would overflow";
    try (CorruptingProxy proxy =
        CorruptingProxy.before(RealRedis.second(), original, "-ERR too much")) {
      RandomComparison comparison = new RandomComparison(RealRedis.shared(), proxy.subject());
      assertThatThrownBy(() -> comparison.run(1, 20_000))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("-Dcinnabar.seed=")
          .hasMessageContaining(original)
          .hasMessageContaining("-ERR too much")
          // A value near the limit and what drives it over; where these are in databases that are
          // swapped, none of the commands that lead from one to the other can go alone.
          .satisfies(e -> assertThat(shortest(e)).hasSizeBetween(1, 8));
    }
  }

  @Test
  void aWrongValueIsFoundInTheDataSet() throws IOException {
    Subject reference = RealRedis.shared();
    Subject subject = RealRedis.second();
    try (ConnectionPair pair = new ConnectionPair(reference, subject, Protocol.RESP3);
        RespClient intruder = RespClient.connect(subject)) {
      pair.flush();
      pair.run(List.of(Invocation.exactly("SELECT", "3"), Invocation.exactly("SET", "k", "v")));
      assertThat(differenceInData()).isEqualTo("null");
      intruder.call(Command.of("SELECT", "3"));
      intruder.call(Command.of("SET", "k", "w"));
      assertThat(differenceInData()).contains("GET k", "\"v\"", "\"w\"");
      intruder.call(Command.of("SET", "k", "v", "EX", "5000"));
      assertThat(differenceInData()).contains("PTTL k");
      intruder.call(Command.of("SETRANGE", "k", "0", "v"));
      intruder.call(Command.of("PERSIST", "k"));
      assertThat(differenceInData()).contains("OBJECT ENCODING k");
      intruder.call(Command.of("SET", "k", "v"));
      intruder.call(Command.of("SET", "l", "v"));
      assertThat(differenceInData()).contains("KEYS *");
    }
  }

  /**
   * The second server is of the same old version, and has no listpacks; the third always says so.
   */
  @Test
  void aWrongEncodingOfAListIsFound() throws IOException {
    try (ConnectionPair pair =
            new ConnectionPair(RealRedis.shared(), RealRedis.second(), Protocol.RESP2);
        CorruptingProxy proxy =
            CorruptingProxy.before(RealRedis.second(), "$9\r\nquicklist", "$8\r\nlistpack");
        ConnectionPair falsified =
            new ConnectionPair(RealRedis.shared(), proxy.subject(), Protocol.RESP2)) {
      pair.flush();
      pair.ask(Command.of("RPUSH", "small", "a", "b"));
      pair.ask(Command.of("RPUSH", "middle", "m".repeat(5_000), "m"));
      pair.ask(Command.of("RPUSH", "large", "l".repeat(5_000), "l".repeat(5_000)));

      assertThat(ListEncodings.check(pair, "small")).asString().contains("listpack, as it has 13");
      assertThat(ListEncodings.check(pair, "middle")).isNull();
      assertThat(ListEncodings.check(pair, "large")).isNull();
      assertThat(ListEncodings.check(falsified, "small")).isNull();
      assertThat(ListEncodings.check(falsified, "middle")).isNull();
      assertThat(ListEncodings.check(falsified, "large")).asString().contains("quicklist, as it");
    }
  }

  @Test
  void equalServersAreEqual() {
    new RandomComparison(RealRedis.shared(), RealRedis.second()).run(1, 20_000);
  }

  @Test
  void theSameSeedMakesTheSameCommands() {
    assertThat(commands(7)).isEqualTo(commands(7)).isNotEqualTo(commands(8));
  }

  @Test
  void shrinkingKeepsOnlyWhatFails() {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, 1000).boxed().toList());
    assertThat(Shrinker.shrink(numbers, each -> each.containsAll(List.of(17, 400, 999))))
        .containsExactly(17, 400, 999);
  }

  private static String differenceInData() throws IOException {
    try (ConnectionPair pair =
        new ConnectionPair(RealRedis.shared(), RealRedis.second(), Protocol.RESP2)) {
      return String.valueOf(DataSets.compare(pair));
    }
  }

  private static List<Command> commands(long seed) {
    Grammar grammar = Grammar.load("commands.grammar");
    return new CommandGenerator(grammar, new SplittableRandom(seed))
        .generate(500).stream().map(Invocation::command).toList();
  }

  private static List<String> shortest(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .dropWhile(line -> !line.startsWith("== "))
        .skip(1)
        .takeWhile(line -> !line.isBlank())
        .toList();
  }
}
