package io.cinnabar.benchmarks;

import java.io.IOException;
import java.util.Locale;

/**
 * What well-behaved clients get while others misbehave: latencies of GET and SET on a few
 * connections, alone and then beside each hostile client. {@code benchmarks/hostile} runs it.
 *
 * <p>Arguments: port, milliseconds for each measurement, number of idle connections, the name to
 * print.
 */
final class Hostile {

  /**
   * What a JVM compiles when a load is new to it, on the core that the others need, isn't meant.
   */
  private static final long WARM_UP_FACTOR = 3;

  private static final long SETTLING_MILLIS = 500;

  private Hostile() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    long millis = Long.parseLong(arguments[1]);
    int idle = Integer.parseInt(arguments[2]);
    String name = arguments[3];
    try (WellBehaved clients = new WellBehaved(port)) {
      clients.measure(WARM_UP_FACTOR * millis);
      print("alone", name, clients.measure(millis));
      for (Attack attack : Attack.all(port, idle)) {
        Thread thread = new Thread(attack, attack.name());
        thread.start();
        attack.awaitStarted();
        clients.measure(WARM_UP_FACTOR * millis);
        print(attack.name(), name, clients.measure(millis));
        attack.end();
        thread.join();
        clients.measure(SETTLING_MILLIS);
      }
      print("alone again", name, clients.measure(millis));
    }
  }

  private static void print(String load, String name, Latencies latencies) {
    System.out.printf(
        Locale.ROOT,
        "%-15s %-10s %8d %8.3f %8.3f %8.3f %8.3f%n",
        load,
        name,
        latencies.count(),
        latencies.percentileMillis(50),
        latencies.percentileMillis(99),
        latencies.percentileMillis(99.9),
        latencies.percentileMillis(100));
    System.out.flush();
  }
}
