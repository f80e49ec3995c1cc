package io.cinnabar.replication;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Which history of changes this server's data set has, and how far it has come in it: the name of
 * the history, and how many bytes of the stream of changes there were. A replica that becomes a
 * primary goes on with a history of its own, but remembers which one that was a part of, so that
 * the other replicas of the old primary can go on with it. On the loop's thread.
 *
 * <pre>
 *   former id   |---------------------|
 *   id                                |----------------------|
 *               0          former offset - 1               offset
 * </pre>
 */
public final class History {

  /** Stands for a former history that there isn't. */
  public static final long NONE = -1;

  private static final int BYTES = 20;
  private static final String NO_ID = "0".repeat(2 * BYTES);

  private final RandomGenerator random;
  private String id;
  private long offset;
  private String formerId = NO_ID;
  private long formerOffset = NONE;

  /** A new one, at its beginning. */
  public History(RandomGenerator random) {
    this.random = random;
    id = draw(random);
  }

  /** Forty hexadecimal digits that no other server has. */
  public static String draw(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Its name: forty hexadecimal digits. */
  public String id() {
    return id;
  }

  /** How many bytes of the stream there were so far. */
  public long offset() {
    return offset;
  }

  /** The name of the history that this one has begun in; forty zeros without one. */
  public String formerId() {
    return formerId;
  }

  /**
   * The number of the first byte, counted from one, that is not the former history's any more;
   * {@link #NONE} without one. INFO has it as {@code second_repl_offset}.
   */
  public long formerOffset() {
    return formerOffset;
  }

  /** So many more bytes have come. */
  void advance(long bytes) {
    offset += bytes;
  }

  /** Goes on under a new name, for a server that becomes a primary. */
  void renew() {
    rename(draw(random));
  }

  /** Goes on under the name that the primary has given itself meanwhile. */
  void rename(String newId) {
    formerId = id;
    formerOffset = offset + 1;
    id = newId;
  }

  /** Takes over another server's history, at this place. */
  void adopt(String newId, long newOffset) {
    id = newId;
    offset = newOffset;
    forget();
  }

  /** Goes on under a new name, and nobody who knows the old one may go on with it. */
  void restart() {
    id = draw(random);
    forget();
  }

  private void forget() {
    formerId = NO_ID;
    formerOffset = NONE;
  }

  /**
   * Whether a replica that has this history can go on with this one, as far as their names tell.
   *
   * @param theirOffset the number of the byte, counted from one, that it wants next
   */
  boolean continuesAt(String theirId, long theirOffset) {
    return theirId.equalsIgnoreCase(id)
        || (theirId.equalsIgnoreCase(formerId) && theirOffset <= formerOffset);
  }
}
