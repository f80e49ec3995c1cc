package io.cinnabar.replication;

import java.nio.ByteBuffer;

/** The primary's data set on its way here. On the loop's thread. */
interface Transfer {

  /** Takes in what belongs to it of these bytes. */
  void received(ByteBuffer bytes);

  /** Whether all of it has come. */
  boolean isWhole();

  /** How many bytes have come. */
  long receivedBytes();

  /** How many there will be; {@link PrimaryLink#NONE} where the primary has not said. */
  long totalBytes();

  /** No more will come; nothing is left of it. */
  void cancel(String reason);
}
