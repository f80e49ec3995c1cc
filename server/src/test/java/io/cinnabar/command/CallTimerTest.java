package io.cinnabar.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.structure.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Which duration is charged to which command, with commands that take as long as they are told. */
final class CallTimerTest {

  private final TestServer server = TestServer.start();
  private final Client client = server.connect();
  private final List<String> slow = new ArrayList<>();
  private final CommandTable table = table();
  private final Engine engine = with(server.engine());
  private final BatchRunner runner = new BatchRunner(engine);

  private CommandTable table() {
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder family = builder.family("connection");
    declare(family, "QUICK micros [argument] [reply]").flags(CommandFlag.FAST);
    declare(family, "WORK micros");
    declare(family, "HIDDEN micros").flags(CommandFlag.SKIP_SLOWLOG);
    family
        .command("NOW", call -> call.reply().integer(call.nowMillis()))
        .flags(CommandFlag.FAST)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells the time.");
    return builder.build();
  }

  private CommandBuilder declare(FamilyBuilder family, String syntax) {
    return family
        .command(syntax, this::take)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Takes so long.");
  }

  private void take(Call call) {
    server.host().time().advance(Duration.ofNanos(1000 * call.integer(1)));
    call.reply().bulk("r".repeat(call.argCount() > 3 ? (int) call.integer(3) : 1));
  }

  private Engine with(Engine engine) {
    return new Engine(
        engine.host(),
        engine.log(),
        engine.settings(),
        new Statistics(table.count()),
        engine.keyspace(),
        table,
        engine.access(),
        engine.sessions(),
        engine.unit(),
        engine.expiry(),
        new Recorder(),
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

  private final class Recorder implements SlownessListener {
    @Override
    public void slow(Call call, long calls, long nanos) {
      slow.add(call.command() + " " + call.argText(1) + ": " + calls + " in " + nanos / 1000);
    }

    @Override
    public void delayed(LatencyEvent event, long nanos) {
      slow.add(event.redisName() + " " + nanos / 1000);
    }
  }

  private String run(String... lines) {
    client.queue(String.join("\r\n", lines) + "\r\n");
    engine.host().network().poll(0);
    runner.run();
    engine.sessions().flush();
    engine.sessions().settleInput();
    return client.receive();
  }

  private Command command(String name) {
    return requireNonNull(table.find(Slice.of(name)));
  }

  private List<String> durations(String name) {
    List<String> durations = new ArrayList<>();
    Histogram histogram = requireNonNull(engine.statistics().latencies.of(command(name)));
    histogram
        .recordedValues()
        .forEach(
            value ->
                durations.add(
                    value.getCountAtValueIteratedTo()
                        + "x"
                        + histogram.lowestEquivalentValue(value.getValueIteratedTo())));
    return durations;
  }

  private void logFrom(Duration duration) {
    engine.settings().slowLogFromNanos = duration.toNanos();
  }

  @Test
  void quickCallsShareTheirTimeAndEveryOtherHasItsOwn() {
    run("QUICK 1", "QUICK 2", "QUICK 6", "WORK 1", "WORK 2", "WORK 6", "QUICK 20");
    assertThat(durations("quick")).containsExactly("3x2992", "1x19968");
    assertThat(durations("work")).containsExactly("1x1000", "1x2000", "1x5984");
    assertThat(engine.statistics().commands.micros(command("quick"))).isEqualTo(29);
    assertThat(engine.statistics().commands.micros(command("work"))).isEqualTo(9);
  }

  @Test
  void noMoreThanSixteenShareATime() {
    String[] lines = new String[36];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "QUICK " + (i < 16 ? 1 : i < 32 ? 10 : 100);
    }
    run(lines);
    assertThat(durations("quick")).containsExactly("16x1000", "16x9984", "4x99840");
  }

  @Test
  void clientsShareNoTime() {
    Client other = server.connect();
    other.queue("QUICK 50\r\n");
    run("QUICK 10");
    assertThat(durations("quick")).containsExactly("1x9984", "1x49920");
  }

  @Test
  void aSlowCallIsToldWithItsOwnTime() {
    logFrom(Duration.ofMillis(5));
    run("WORK 1", "WORK 5000", "WORK 4999", "WORK 7000");
    assertThat(slow).containsExactly("work 5000: 1 in 5000", "work 7000: 1 in 7000");
  }

  @Test
  void ofQuickCallsThatTookLongTogetherTheNumberIsTold() {
    logFrom(Duration.ofMillis(5));
    run("QUICK 1", "QUICK 6000", "QUICK 2", "WORK 1");
    assertThat(slow).containsExactly("quick 2: 3 in 6003");
  }

  @Test
  void whatHasMuchToReadOrToWriteIsMeasuredAlone() {
    logFrom(Duration.ofMillis(5));
    String large = "x".repeat(5000);
    run("QUICK 1", "QUICK 6000 " + large, "QUICK 1", "QUICK 7000 y 5000", "QUICK 1");
    assertThat(slow).containsExactly("quick 6000: 1 in 6000", "quick 7000: 2 in 7001");
  }

  @Test
  void aShortThresholdHasEachCallMeasured() {
    logFrom(Duration.ofNanos(100_000));
    run("QUICK 90", "QUICK 100", "QUICK 90", "QUICK 110");
    assertThat(slow).containsExactly("quick 100: 1 in 100", "quick 110: 1 in 110");
    assertThat(durations("quick")).containsExactly("2x89600", "1x99840", "1x109568");
  }

  @Test
  void delaysAreToldByKindOfCommand() {
    logFrom(Duration.ofSeconds(1000));
    engine.settings().latencyEventFromNanos = 2_000_000;
    run("WORK 2000", "WORK 1999", "QUICK 3000", "HIDDEN 4000");
    assertThat(slow).containsExactly("command 2000", "fast-command 3000", "command 4000");
  }

  @Test
  void someCommandsNeverGoToTheSlowLog() {
    logFrom(Duration.ofMillis(1));
    run("HIDDEN 4000", "WORK 4000");
    assertThat(slow).containsExactly("work 4000: 1 in 4000");
  }

  @Test
  void timeMovesOnBehindALongCommand() {
    String before = run("NOW");
    String[] replies =
        run("NOW", "WORK 3000", "NOW", "WORK 3000", "WORK 3000", "NOW").split("\r\n", -1);
    assertThat(replies[0] + "\r\n").isEqualTo(before);
    long start = Long.parseLong(replies[0].substring(1));
    assertThat(replies[3]).isEqualTo(":" + (start + 3));
    assertThat(replies[8]).isEqualTo(":" + (start + 9));
  }

  @Test
  void refusedCallsTakeNoTime() {
    run("QUICK", "QUICK", "NOTHING");
    assertThat(engine.statistics().latencies.of(command("quick"))).isNull();
    assertThat(engine.statistics().commands.micros(command("quick"))).isZero();
  }

  @Test
  void withoutTrackingNoHistogramIsMade() {
    engine.settings().latencyTracking = false;
    run("WORK 10");
    assertThat(engine.statistics().latencies.of(command("work"))).isNull();
    assertThat(engine.statistics().commands.micros(command("work"))).isEqualTo(10);
  }
}
