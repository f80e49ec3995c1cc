package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Handlers that end in other ways than with a reply. */
final class FailingHandlerTest {

  private static final String PONG = "+PONG\r\n";
  private static final int MOST_SLABS = 20;

  private final TestServer server = TestServer.start();
  private final Client client = server.connect();
  private final CommandTable table = table();
  private final Keyspace keyspace = new Keyspace(new Arena(MOST_SLABS), new Random(1), 1);
  private final Engine engine = with(server.engine());
  private final BatchRunner runner = new BatchRunner(engine);

  private static CommandTable table() {
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder family = builder.family("generic");
    declare(family, "OK", call -> call.reply().simple("PONG"));
    declare(
        family,
        "BUG",
        call -> {
          call.reply().array(3);
          throw new IllegalStateException("a bug");
        });
    declare(
        family,
        "GREEDY",
        call -> {
          call.reply().array(3);
          throw new OutOfMemoryError();
        });
    declare(
        family,
        "HALF",
        call -> {
          Slice key = Slice.of("key");
          call.setString(key, key, false);
          call.changed(key, KeyEvent.SET);
          throw new IllegalStateException("after a change");
        });
    declare(
        family,
        "STORE key value",
        call -> {
          call.reply().ok();
          call.setString(call.arg(1), call.arg(2), false);
        });
    return builder.build();
  }

  private static void declare(FamilyBuilder family, String name, Handler handler) {
    family.command(name, handler).since("1.0.0").complexity("O(1)").summary("A test's command.");
  }

  private Engine with(Engine engine) {
    return new Engine(
        engine.host(),
        engine.log(),
        engine.settings(),
        new Statistics(table.count()),
        keyspace,
        table,
        engine.access(),
        engine.sessions(),
        engine.unit(),
        engine.expiry(),
        engine.slowness(),
        engine.memory(),
        engine.eviction(),
        engine.compactor(),
        engine.pause(),
        engine.blockedClients(),
        engine.watches(),
        engine.pubSub(),
        engine.tracking(),
        engine.availability(),
        engine.lifecycle());
  }

  private String run(String input) {
    client.queue(input);
    engine.host().network().poll(0);
    runner.run();
    engine.sessions().flush();
    engine.sessions().settleInput();
    return client.receive();
  }

  @Test
  void aBugIsAnErrorReplyAndTheServerLives() {
    assertThat(run("OK\r\nBUG\r\nOK\r\n"))
        .isEqualTo(PONG + "-ERR internal error in command 'bug'\r\n" + PONG);
    assertThat(server.logLines())
        .anyMatch(line -> line.contains("command 'bug'") && line.contains("a bug"));
    assertThat(engine.statistics().errorReplies).isEqualTo(1);
    assertThat(run("OK\r\n")).isEqualTo(PONG);
  }

  @Test
  void aFullArenaIsAnErrorReply() {
    String stored = "";
    int count = 0;
    while (!stored.startsWith("-")) {
      stored = run("STORE key" + count++ + " " + "v".repeat(3_000) + "\r\n");
    }
    assertThat(stored).isEqualTo("-" + CommandError.OUT_OF_MEMORY.line() + "\r\n");
    assertThat(keyspace.database(0).size()).isEqualTo(count - 1);
    assertThat(run("OK\r\n")).isEqualTo(PONG);
  }

  @Test
  void aCommandThatExhaustsTheHeapCostsItsClientOnly() {
    Client other = server.connect();
    other.queue("OK\r\n");
    assertThat(run("OK\r\nGREEDY\r\nOK\r\n")).isEqualTo(PONG);
    assertThat(client.isClosed()).isTrue();
    assertThat(other.take()).isEqualTo(PONG);
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("Closing client that needs more memory than there is"));
  }

  /** Followers must not miss what a command did before it failed. */
  @Test
  void whatWasChangedBeforeTheBugReachesTheFollowers() {
    List<Told> changes = new ArrayList<>();
    engine.unit().listen(Told.to(changes::add));
    assertThat(run("HALF\r\nOK\r\n")).startsWith("-ERR internal error");
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).touches()).hasSize(1);
  }
}
