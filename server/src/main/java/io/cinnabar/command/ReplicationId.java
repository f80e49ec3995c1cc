package io.cinnabar.command;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names the history of changes that this server goes on with: replicas ask for it by this id. */
public final class ReplicationId {

  private static final int BYTES = 20;

  private String id = "";

  public ReplicationId(RandomGenerator random) {
    renew(random);
  }

  /** Forty hexadecimal digits that no other server has. */
  public static String draw(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Begins a new history. */
  public void renew(RandomGenerator random) {
    id = draw(random);
  }

  @Override
  public String toString() {
    return id;
  }
}
