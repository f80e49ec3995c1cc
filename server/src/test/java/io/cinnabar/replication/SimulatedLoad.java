package io.cinnabar.replication;

import io.cinnabar.TestServer.Client;
import io.cinnabar.differential.RandomCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send the primary commands of every kind without looking at the replies: those that
 * are compared with a real server elsewhere, and those of which chance or time decide what they do.
 */
final class SimulatedLoad {

  private static final int CLIENTS = 3;
  private static final int MAX_MILLIS_TO_LIVE = 3000;

  private final RandomGenerator random;
  private final RandomCommands commands;
  private final List<@Nullable Client> clients = new ArrayList<>();

  SimulatedLoad(RandomGenerator random) {
    this.random = random;
    commands = new RandomCommands(random);
    disconnect();
  }

  /** The clients find that they have to connect anew. */
  void disconnect() {
    clients.clear();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(null);
    }
  }

  /** Some of the clients send something. */
  void step(SimulatedNode primary) {
    if (random.nextInt(8) > 0) {
      return;
    }
    int i = random.nextInt(CLIENTS);
    Client client = clients.get(i);
    if (client == null || client.isClosed()) {
      clients.set(i, primary.isFree() ? primary.connect() : null);
      return;
    }
    client.take();
    client.queue(random.nextInt(3) > 0 ? commands.next() : chancy());
  }

  private String chancy() {
    String key = Integer.toString(random.nextInt(10));
    String millis = Integer.toString(1 + random.nextInt(MAX_MILLIS_TO_LIVE));
    return switch (random.nextInt(12)) {
      case 0 -> "SET expires:" + key + " v PX " + millis + "\r\n";
      case 1 -> "PEXPIRE list:" + key + " " + millis + "\r\n";
      case 2 ->
          "HSET hash:"
              + key
              + " f v g w\r\nHPEXPIRE hash:"
              + key
              + " "
              + millis
              + " FIELDS 1 f\r\n";
      case 3 -> "SPOP set:" + key + "\r\n";
      case 4 -> "SPOP set:" + key + " 3\r\n";
      case 5 -> "XADD stream:" + key + " MAXLEN ~ 100 * f v\r\n";
      case 6 ->
          "XGROUP CREATE stream:"
              + key
              + " g 0 MKSTREAM\r\nXREADGROUP GROUP g c"
              + key
              + " COUNT 2 STREAMS stream:"
              + key
              + " >\r\n";
      case 7 -> "BLPOP queue:" + key + " 0.2\r\n";
      case 8 -> "RPUSH queue:" + key + " a b\r\n";
      case 9 -> "PUBLISH channel message\r\n";
      case 10 -> "GETEX expires:" + key + " PX " + millis + "\r\n";
      default -> "MULTI\r\nINCR counter\r\nSPOP set:" + key + "\r\nEXEC\r\n";
    };
  }
}
