package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run: a primary and two replicas under load, in virtual time, on a network that delays, cuts,
 * loses and splits, while they crash, are promoted and follow each other in other ways; until all
 * is healed, and all of them have to have the same. Everything comes from the seed.
 */
final class ReplicationSimulation {

  private static final List<String> ADDRESSES = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
  private static final int MILLIS_BETWEEN_EVENTS = 350;
  private static final int MAX_CRASH_OPERATIONS = 20;

  private static final int STEPS_BETWEEN_LOOKS = 50;

  /** Longer than the longest time to live of a key. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** In some logs nothing of this may be: each says that something is wrong with us. */
  private static final List<String> DEFECTS =
      List.of(
          "A bug of the server",
          "== CRITICAL ==",
          "master stream corruption",
          "can't be executed here",
          "EOF marker is broken");

  private final SplittableRandom random;
  private final TestServers servers;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final SimulatedLoad load;
  private final AcknowledgedWrites writes;
  private final List<String> events = new ArrayList<>();

  /** When a machine that has failed starts again. */
  private final Map<SimulatedNode, Long> startMillis = new HashMap<>();

  /** Whom each is to follow; none for the primary. */
  private final Map<SimulatedNode, SimulatedNode> wanted = new HashMap<>();

  private final boolean hasCommitAcks;
  private final int stepMillis;
  private SimulatedNode primary;
  private String primaryId = "";
  private long healMillis = Long.MAX_VALUE;

  private boolean stepping;
  private boolean ending;
  private int steps;

  /**
   * @param hasCommitAcks whether replies wait until a replica has what they tell
   */
  ReplicationSimulation(long seed, boolean hasCommitAcks) {
    this.hasCommitAcks = hasCommitAcks;
    random = new SplittableRandom(seed);
    servers = new TestServers(seed);
    load = new SimulatedLoad(random.split());
    writes = new AcknowledgedWrites(random.split(), hasCommitAcks);
    stepMillis = 2 + random.nextInt(12);
    servers.stepMillis(stepMillis);
    if (random.nextBoolean()) {
      servers.slowWorkers(random.split());
    }
    for (String address : ADDRESSES) {
      nodes.add(new SimulatedNode(servers, address, directives(), random.split()));
    }
    primary = nodes.get(0);
  }

  /** What happened, for whoever has to find out why a run has failed. */
  String report() {
    StringBuilder report = new StringBuilder(String.join("\n", events));
    for (SimulatedNode node : nodes) {
      report.append("\n---- ").append(node.address()).append('\n');
      report.append(String.join("\n", node.log()));
    }
    return report.toString();
  }

  /** Runs it to its end. */
  void run() {
    primary.start(null);
    rewire();
    for (SimulatedNode node : nodes) {
      if (node != primary) {
        node.start(following(node));
      }
    }
    servers.eachStep(this::step);
    servers.advance(Duration.ofMillis(5000 + random.nextInt(15_000)));
    ending = true;
    note("the end");
    heal();
    nodes.forEach(SimulatedNode::crashNoMore);
    await();
    load.disconnect();
    writes.disconnect();
    servers.advance(QUIET);
    await();
    compare();
  }

  // ---- the machines

  private List<String> directives() {
    List<String> directives =
        new ArrayList<>(
            List.of(
                "enable-debug-command yes",
                "repl-timeout 5",
                "repl-ping-replica-period 1",
                "auto-aof-rewrite-min-size 20000"));
    if (hasCommitAcks) {
      directives.add("commit-acks replicas 1 timeout 2000");
    }
    directives.add("repl-diskless-sync-delay " + random.nextInt(2));
    directives.add("repl-diskless-sync " + yesNo());
    directives.add("repl-diskless-load " + disklessLoad());
    directives.add("repl-backlog-size " + (random.nextBoolean() ? "16kb" : "1mb"));
    switch (random.nextInt(4)) {
      case 0 -> directives.add("appendonly no");
      case 1 -> {
        directives.add("appendonly yes");
        directives.add("appendfsync everysec");
        directives.add("aof-use-rdb-preamble " + yesNo());
      }
      default -> {
        directives.add("appendonly yes");
        directives.add("appendfsync always");
        directives.add("aof-use-rdb-preamble " + yesNo());
      }
    }
    return directives;
  }

  private String yesNo() {
    return random.nextBoolean() ? "yes" : "no";
  }

  private String disklessLoad() {
    return switch (random.nextInt(3)) {
      case 0 -> "disabled";
      case 1 -> "on-empty-db";
      default -> "swapdb";
    };
  }

  private SimulatedNode anyone() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private List<SimulatedNode> replicas() {
    return nodes.stream().filter(node -> node != primary).toList();
  }

  private @Nullable String following(SimulatedNode node) {
    SimulatedNode followed = wanted.get(node);
    return followed == null ? null : followed.address();
  }

  private long nowMillis() {
    return servers.internet().time().nanos() / 1_000_000;
  }

  private void note(String event) {
    events.add(nowMillis() + " " + event);
  }

  // ---- one step

  private void step() {
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      watch();
      if (nowMillis() >= healMillis) {
        heal();
      }
      startDue();
      tellWhomToFollow();
      if (ending) {
        return;
      }
      if (random.nextInt(MILLIS_BETWEEN_EVENTS) < stepMillis) {
        event();
      }
      steps++;
      if (steps % STEPS_BETWEEN_LOOKS == 0) {
        look();
      }
      if (primary.isUp()) {
        load.step(primary);
        writes.step(primary);
      }
    } finally {
      stepping = false;
    }
  }

  /** Notices who has died, if only in the middle of something. */
  private void watch() {
    for (SimulatedNode node : nodes) {
      if (!node.isUp() && !startMillis.containsKey(node)) {
        note(node.address() + " is down");
        startMillis.put(node, nowMillis() + random.nextInt(3000));
        if (node == primary) {
          load.disconnect();
          writes.disconnect();
        } else {
          forget(node);
        }
      }
    }
  }

  /** What a replica had may be lost, and so what those have that follow it. */
  private void forget(SimulatedNode replica) {
    writes.replicaDied(replica.address());
    wanted.forEach(
        (follower, followed) -> {
          if (followed == replica) {
            writes.replicaDied(follower.address());
          }
        });
  }

  private void startDue() {
    for (SimulatedNode node : nodes) {
      Long due = startMillis.get(node);
      if (due != null && (ending || nowMillis() >= due) && node.mayStart()) {
        note(node.address() + " starts");
        startMillis.remove(node);
        node.keepLog();
        node.start(following(node));
        if (node == primary) {
          writes.restarted(node);
        }
      }
    }
  }

  private void tellWhomToFollow() {
    for (SimulatedNode node : nodes) {
      String address = following(node);
      String told = node.primary();
      boolean isTold = address == null ? told == null : address.equals(told);
      if (isTold || !node.isFree()) {
        continue;
      }
      if (node.follow(address)) {
        note(node.address() + " follows " + address);
      }
      if (address != null && !address.equals(primary.address())) {
        // What it has acknowledged until now it may lose to the one that it follows.
        forget(node);
      }
    }
  }

  // ---- events

  private void event() {
    if (primary.isFree()) {
      primaryId = primary.field("master_replid");
    }
    switch (random.nextInt(14)) {
      case 0, 1 -> disturb();
      case 2 -> split();
      case 3 -> delay();
      case 4, 5 -> crash(replicas().get(random.nextInt(2)));
      case 6 -> crash(primary);
      case 7 -> {
        crash(primary);
        promote();
      }
      case 8 -> promote();
      case 9 -> rewire();
      case 10, 11 -> configure(anyone());
      default -> save(anyone());
    }
  }

  private void disturb() {
    String address = anyone().address();
    String other = anyone().address();
    boolean isTold = random.nextBoolean();
    note((isTold ? "cut " : "lose ") + address + " and " + other);
    if (isTold) {
      servers.internet().cut(address, other);
    } else {
      servers.internet().lose(address, other);
    }
  }

  private void split() {
    String address = anyone().address();
    note("split " + address);
    servers.internet().split(address);
    healMillis = nowMillis() + random.nextInt(9000);
  }

  private void heal() {
    note("heal");
    servers.internet().heal();
    healMillis = Long.MAX_VALUE;
  }

  private void delay() {
    int most = 1 + random.nextInt(200);
    note("delays up to " + most);
    servers.internet().latency(Duration.ZERO, Duration.ofMillis(most));
  }

  private void crash(SimulatedNode node) {
    if (!node.isUp()) {
      return;
    }
    if (random.nextBoolean()) {
      note("crash " + node.address());
      node.crash();
      watch();
    } else {
      note("crash " + node.address() + " soon");
      node.crashSoon(1 + random.nextInt(MAX_CRASH_OPERATIONS));
    }
  }

  /** Makes that replica the primary that has most of its history. */
  private void promote() {
    Set<String> lacking = new HashSet<>();
    SimulatedNode best = null;
    long most = -1;
    for (SimulatedNode replica : replicas()) {
      boolean isPart =
          replica.isFree()
              && replica.primary() != null
              && replica.field("master_replid").equals(primaryId);
      String offset = isPart ? replica.field("slave_repl_offset") : "";
      if (offset.isEmpty()) {
        lacking.add(replica.address());
      } else if (Long.parseLong(offset) > most) {
        most = Long.parseLong(offset);
        best = replica;
      }
    }
    if (best == null || !best.follow(null)) {
      return;
    }
    note("promote " + best.address() + ", without " + lacking);
    load.disconnect();
    primary = best;
    writes.promoted(best, lacking);
    rewire();
  }

  /** Has the replicas follow the primary, or one of them the other. */
  private void rewire() {
    List<SimulatedNode> replicas = replicas();
    int first = random.nextInt(2);
    wanted.remove(primary);
    wanted.put(replicas.get(first), primary);
    SimulatedNode second = replicas.get(1 - first);
    wanted.put(second, random.nextBoolean() ? primary : replicas.get(first));
    if (wanted.get(second) != primary) {
      // It may be ahead of the one that it follows, and has to begin anew then.
      forget(second);
    }
    note("primary " + primary.address() + ", first " + replicas.get(first).address());
  }

  private void configure(SimulatedNode node) {
    if (node.isFree()) {
      String[] setting =
          switch (random.nextInt(3)) {
            case 0 -> new String[] {"repl-diskless-sync", yesNo()};
            case 1 -> new String[] {"repl-diskless-load", disklessLoad()};
            default ->
                new String[] {"repl-backlog-size", random.nextBoolean() ? "16384" : "1048576"};
          };
      note(node.address() + " " + String.join(" ", setting));
      node.send("CONFIG", "SET", setting[0], setting[1]);
    }
  }

  private void save(SimulatedNode node) {
    if (node.isFree()) {
      note(node.address() + " saves");
      node.send(random.nextInt(3) > 0 ? "BGSAVE" : "BGREWRITEAOF");
    }
  }

  // ---- the end

  private void await() {
    servers.runUntil(
        () -> {
          // Looking is more than a step costs.
          steps++;
          return steps % STEPS_BETWEEN_LOOKS == 0 && isSettled();
        });
  }

  private boolean isSettled() {
    if (!nodes.stream().allMatch(SimulatedNode::isFree)) {
      return false;
    }
    String offset = primary.field("master_repl_offset");
    for (SimulatedNode replica : replicas()) {
      if (!replica.isLinked() || !replica.field("master_repl_offset").equals(offset)) {
        return false;
      }
    }
    return true;
  }

  /** Who has as much of the same history as the primary has the same data. */
  private void look() {
    if (!primary.isFree()) {
      return;
    }
    for (SimulatedNode replica : replicas()) {
      if (replica.isFree() && where(replica).equals(where(primary))) {
        String theirs = replica.send("DEBUG", "DIGEST");
        String ours = primary.send("DEBUG", "DIGEST");
        if (replica.isUp() && primary.isUp()) {
          assertThat(theirs)
              .as(replica.address() + " while it follows " + replica.primary())
              .isEqualTo(ours);
        }
      }
    }
  }

  private static String where(SimulatedNode node) {
    return node.field("master_replid") + " " + node.field("master_repl_offset");
  }

  private void compare() {
    String digest = primary.send("DEBUG", "DIGEST");
    String id = primary.field("master_replid");
    for (SimulatedNode replica : replicas()) {
      String name = replica.address() + " follows " + following(replica);
      assertThat(replica.send("DEBUG", "DIGEST")).as(name).isEqualTo(digest);
      assertThat(replica.field("master_replid")).as(name).isEqualTo(id);
    }
    for (SimulatedNode node : nodes) {
      assertThat(node.log())
          .as(node.address())
          .noneMatch(line -> DEFECTS.stream().anyMatch(line::contains));
    }
  }
}
