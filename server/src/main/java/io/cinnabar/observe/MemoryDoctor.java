package io.cinnabar.observe;

import io.cinnabar.command.Engine;
import io.cinnabar.host.ProcessInfo;

/** MEMORY DOCTOR: what the figures of the memory mean to an operator. */
final class MemoryDoctor {

  /** With less than this the fixed parts tell more than the data. */
  private static final long LITTLE_BYTES = 5L << 20;

  private static final double MUCH = 1.5;
  private static final double ALMOST = 0.95;
  private static final long CLIENT_BYTES = 200 << 10;

  private MemoryDoctor() {}

  static String report(Engine engine, Samples samples) {
    MemoryReport report = new MemoryReport(engine, samples);
    if (report.used - report.startup < LITTLE_BYTES) {
      return "There is hardly any data in this server: too little to say something about its"
          + " memory.\n";
    }
    StringBuilder text = new StringBuilder();
    if (report.used > engine.memory().limitBytes() * ALMOST) {
      text.append(
          """
           * The limit is reached: keys are evicted, or writes refused, as maxmemory-policy says.
             INFO memory shows the limit; without maxmemory it is the heap's (-Xmx).
          """);
    }
    if (report.peak > report.used * MUCH) {
      text.append(
          """
           * The peak was far higher than what is used now. Slabs that were taken then are kept for
             new data; MEMORY PURGE gives them back to the heap.
          """);
    }
    if (report.active > report.allocated * MUCH) {
      text.append(
          """
           * The slabs have many holes. Compaction is on its way, unless a snapshot is being
             written; MEMORY PURGE compacts all that can be.
          """);
    }
    if (report.resident != ProcessInfo.UNKNOWN && report.resident > report.used * MUCH) {
      text.append(
          """
           * The process takes far more of the computer's memory than is used: the heap has grown
             beyond it. A smaller -Xmx or -Xms keeps it lower.
          """);
    }
    if (report.clients > CLIENT_BYTES * Math.max(1, engine.sessions().count())) {
      text.append(
          """
           * The clients' buffers are large on average. CLIENT LIST tells whose (tot-mem), and
             client-output-buffer-limit bounds them.
          """);
    }
    return text.isEmpty()
        ? "Nothing is wrong with the memory.\n"
        : "What was found in the memory:\n\n" + text;
  }
}
