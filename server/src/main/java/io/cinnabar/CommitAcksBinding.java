package io.cinnabar;

import static io.cinnabar.config.ReplicationParameters.COMMIT_ACKS;
import static io.cinnabar.config.ReplicationParameters.COMMIT_ACKS_FSYNC;

import io.cinnabar.command.ReplyGate;
import io.cinnabar.config.Config;

/** Keeps what replies wait for as the configuration has it, now and after CONFIG SET. */
final class CommitAcksBinding {

  private CommitAcksBinding() {}

  static void bind(Config config, ReplyGate gate) {
    config.onChange(COMMIT_ACKS, () -> gate.standard(config.get(COMMIT_ACKS)));
    config.onChange(COMMIT_ACKS_FSYNC, () -> gate.onDisk(config.get(COMMIT_ACKS_FSYNC)));
    gate.standard(config.get(COMMIT_ACKS));
    gate.onDisk(config.get(COMMIT_ACKS_FSYNC));
  }
}
