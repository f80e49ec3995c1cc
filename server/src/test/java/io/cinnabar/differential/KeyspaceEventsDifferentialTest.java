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

/** Every command publishes the events that it does in Redis, in the same order. */
final class KeyspaceEventsDifferentialTest {
  private static final int COMMANDS = 5_000;
  private static final Command MARK = Command.of("PING", "mark");

  private final Grammar grammar = Grammar.load("commands.grammar");
  private Listened reference;
  private Listened subject;

  @BeforeEach
  void listen() throws IOException {
    reference = new Listened(RealRedis.shared());
    subject = new Listened(SubjectUnderTest.shared());
  }

  @AfterEach
  void stop() {
    reference.close();
    subject.close();
  }

  /** A server, a client that sends it commands, and one that is told of their events. */
  private static final class Listened implements AutoCloseable {
    private final RespClient client;
    private final RespClient listener;

    Listened(Subject server) throws IOException {
      client = RespClient.connect(server);
      listener = RespClient.connect(server);
      Defaults.restore(client);
      client.call(Command.of("CONFIG", "SET", "notify-keyspace-events", "KEAmn"));
      listener.call(Command.of("PSUBSCRIBE", "__key*"));
    }

    /** What is published while a command runs, {@code channel message} each. */
    List<String> eventsOf(Command command) {
      client.call(command);
      listener.send(MARK.encoded());
      List<String> events = new ArrayList<>();
      Reply next = listener.receive().reply();
      while (!next.elements().get(0).text().equals("pong")) {
        List<Reply> parts = next.elements();
        events.add(parts.get(2).text() + " " + parts.get(3).text());
        next = listener.receive().reply();
      }
      return events;
    }

    @Override
    public void close() {
      client.call(Command.of("CONFIG", "SET", "notify-keyspace-events", ""));
      client.close();
      listener.close();
    }
  }

  @Test
  void randomCommandsPublishTheSame() {
    long seed = Seed.of(KeyspaceEventsDifferentialTest.class);
    System.out.println("events of random commands, " + Seed.option(seed));
    List<Invocation> sequence =
        new CommandGenerator(grammar, new SplittableRandom(seed)).generate(COMMANDS);
    List<String> before = new ArrayList<>();
    for (Invocation invocation : sequence) {
      Command command = invocation.command();
      if (changesWithoutAnEvent(command)) {
        continue;
      }
      List<String> expected = reference.eventsOf(command);
      assertThat(subject.eventsOf(command))
          .as("seed %d, %s%nafter %s", seed, command, String.join("\n", before))
          .isEqualTo(expected);
      before.add(command.toString());
      if (before.size() > 12) {
        before.remove(0);
      }
    }
  }

  /**
   * A BITFIELD whose writes all fail still makes the string longer, and a PFADD that meets damage
   * has added what came before, neither of which Redis tells. SMOVE makes its destination before it
   * takes the member away, which may fail, so that a new key is told first.
   */
  private static boolean changesWithoutAnEvent(Command command) {
    String text = command.toString().toUpperCase(Locale.ROOT);
    return text.startsWith("PFADD")
        || text.startsWith("SMOVE")
        || (text.startsWith("BITFIELD") && text.contains("FAIL"));
  }
}
