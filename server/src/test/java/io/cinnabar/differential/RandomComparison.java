package io.cinnabar.differential;

import io.cinnabar.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends random sequences to two servers and compares replies and, at the end, data sets. */
final class RandomComparison {
  /** Long enough for commands to meet, short enough to be shrunk quickly. */
  private static final int SEQUENCE_LENGTH = 4_000;

  /** How many commands before a difference a failure shows. */
  private static final int SHOWN = 15;

  private final Subject reference;
  private final Subject subject;
  private final Grammar grammar = Grammar.load("commands.grammar");

  RandomComparison(Subject reference, Subject subject) {
    this.reference = reference;
    this.subject = subject;
  }

  /**
   * Runs {@code count} commands, made from {@code seed}, in sequences that take turns in RESP2 and
   * RESP3.
   *
   * @throws AssertionError if a reply or the data set differs, with a short way to get there
   */
  void run(long seed, int count) {
    int sequences = (count + SEQUENCE_LENGTH - 1) / SEQUENCE_LENGTH;
    String listpackEntries = KnownDifference.SET_LISTPACK.lies(reference, subject) ? "0" : "128";
    configure("set-max-listpack-entries", listpackEntries);
    for (int i = 0; i < sequences; i++) {
      int length = Math.min(SEQUENCE_LENGTH, count - i * SEQUENCE_LENGTH);
      // Each sequence has a seed of its own, so that a failing one can be had again alone.
      runSequence(seed + i, length);
    }
    configure("set-max-listpack-entries", "128");
  }

  private void configure(String parameter, String value) {
    if (subject.isAtLeast(7, 2)) {
      try (RespClient client =
          RespClient.connect(subject.host(), subject.port(), RespClient.TIMEOUT_MILLIS)) {
        client.call(Command.of("CONFIG", "SET", parameter, value));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void runSequence(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    Protocol protocol = (seed & 1) == 0 ? Protocol.RESP2 : Protocol.RESP3;
    List<Invocation> sequence = new CommandGenerator(grammar, random).generate(length);
    ConnectionPair.Divergence divergence = compare(sequence, protocol);
    if (divergence == null) {
      return;
    }
    int until = Math.min(sequence.size(), divergence.index() + 1);
    List<Invocation> upToIt = sequence.subList(0, until);
    List<Invocation> shortest =
        Shrinker.shrink(upToIt, candidate -> compare(candidate, protocol) != null);
    ConnectionPair.Divergence again = compare(shortest, protocol);
    throw new AssertionError(
        Seed.option(seed)
            + " -Dcinnabar.differential.commands="
            + length
            + ", "
            + protocol
            + "\n\n"
            + divergence.difference()
            + "\nafter:\n"
            + lines(upToIt.subList(Math.max(0, until - SHOWN), until))
            + "\nThe shortest way to a difference, as a case:\n\n== Difference\n"
            + lines(shortest)
            + (again == null ? "\nnot every time" : "\n" + again.difference()));
  }

  private static String lines(List<Invocation> sequence) {
    return sequence.stream()
        .map(each -> Escapes.abbreviate(each.command().toString()) + "\n")
        .collect(Collectors.joining());
  }

  private ConnectionPair.@Nullable Divergence compare(
      List<Invocation> sequence, Protocol protocol) {
    try (ConnectionPair pair = new ConnectionPair(reference, subject, protocol);
        ConnectionPair ending = new ConnectionPair(reference, subject, Protocol.RESP2)) {
      ending.flush();
      ConnectionPair.Divergence inReplies = pair.run(sequence);
      if (inReplies != null) {
        return inReplies;
      }
      ConnectionPair.Divergence inData = DataSets.compare(ending);
      return inData == null
          ? null
          : new ConnectionPair.Divergence(sequence.size(), inData.difference());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
