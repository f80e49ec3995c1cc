package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every command has the same keys remembered as Redis when it reads, and invalidates the same when
 * it writes: one client sends commands and caches what it reads, another is told of all changes.
 */
final class InvalidationsDifferentialTest {
  private static final int COMMANDS = 5_000;
  private static final Command MARK = Command.of("PING", "mark");

  private final Grammar grammar = Grammar.load("commands.grammar");
  private Tracked reference;
  private Tracked subject;

  @BeforeEach
  void track() throws IOException {
    reference = new Tracked(RealRedis.shared());
    subject = new Tracked(SubjectUnderTest.shared());
  }

  @AfterEach
  void stop() {
    reference.close();
    subject.close();
  }

  /**
   * A server, a client that sends it commands and caches, and one that is told of all changes. What
   * the former caches shows in the server's figures; in RESP2 it is told nothing.
   */
  private static final class Tracked implements AutoCloseable {
    private final RespClient client;
    private final RespClient listener;

    Tracked(Subject server) throws IOException {
      client = RespClient.connect(server);
      listener = RespClient.connect(server);
      Defaults.restore(client);
      listener.call(Protocol.RESP3.hello());
      client.call(Command.of("CLIENT", "TRACKING", "ON"));
      listener.call(Command.of("CLIENT", "TRACKING", "ON", "BCAST"));
    }

    /** Of what the listener is told because of a command, and how many keys are remembered then. */
    List<String> invalidationsOf(Command command) {
      client.call(command);
      listener.send(MARK.encoded());
      List<String> told = new ArrayList<>();
      Reply next = listener.receive().reply();
      while (next.kind() == Reply.Kind.PUSH) {
        told.add(next.elements().get(1).toString());
        next = listener.receive().reply();
      }
      String stats = listener.call(Command.of("INFO", "stats")).reply().text();
      stats.lines().filter(line -> line.startsWith("tracking_total_")).forEach(told::add);
      return told;
    }

    @Override
    public void close() {
      client.close();
      listener.close();
    }
  }

  @Test
  void randomCommandsInvalidateTheSame() {
    long seed = Seed.of(InvalidationsDifferentialTest.class);
    System.out.println("invalidations by random commands, " + Seed.option(seed));
    List<Invocation> sequence =
        new CommandGenerator(grammar, new SplittableRandom(seed)).generate(COMMANDS);
    List<String> before = new ArrayList<>();
    for (Invocation invocation : sequence) {
      Command command = invocation.command();
      if (changesWithoutSayingSo(command) || changesTheProtocol(command)) {
        continue;
      }
      List<String> expected = reference.invalidationsOf(command);
      assertThat(subject.invalidationsOf(command))
          .as("seed %d, %s%nafter %s", seed, command, String.join("\n", before))
          .isEqualTo(expected);
      before.add(command.toString());
      if (before.size() > 12) {
        before.remove(0);
      }
    }
  }

  /** Then replies and what comes unasked would have to be told apart. */
  private static boolean changesTheProtocol(Command command) {
    String text = command.toString().toUpperCase(Locale.ROOT);
    return text.startsWith("HELLO") || text.startsWith("RESET");
  }

  /** See {@link KeyspaceEventsDifferentialTest}. */
  private static boolean changesWithoutSayingSo(Command command) {
    String text = command.toString().toUpperCase(Locale.ROOT);
    return text.startsWith("PFADD")
        || text.startsWith("SMOVE")
        || (text.startsWith("BITFIELD") && text.contains("FAIL"));
  }
}
