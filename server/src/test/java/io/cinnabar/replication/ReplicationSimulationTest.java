package io.cinnabar.replication;

import io.cinnabar.Seed;
import org.junit.jupiter.api.Test;

/**
 * Whole servers that replicate, with faults from a seed: in the end they have the same, and what
 * was acknowledged is there. {@code -Dcinnabar.simulations=10000} runs so many of them.
 */
final class ReplicationSimulationTest {

  private static final int SIMULATIONS = Integer.getInteger("cinnabar.simulations", 8);

  private final long seed = Seed.of(ReplicationSimulationTest.class);

  @Test
  void replicasEndUpEqualAndNothingAcknowledgedIsLost() {
    run(false);
  }

  /** With commit-acks each reply is an acknowledgement, and no read shows more than that. */
  @Test
  void norIsWhatWasAnsweredOrShown() {
    run(true);
  }

  private void run(boolean hasCommitAcks) {
    for (int i = 0; i < SIMULATIONS; i++) {
      long oneSeed = seed + i;
      ReplicationSimulation simulation = new ReplicationSimulation(oneSeed, hasCommitAcks);
      try {
        simulation.run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(
            "run " + i + ", again with " + Seed.option(oneSeed) + "\n" + simulation.report(),
            failure);
      }
    }
  }
}
