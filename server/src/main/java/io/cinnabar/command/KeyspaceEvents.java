package io.cinnabar.command;

import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.pubsub.PubSub;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;

/**
 * Publishes what happens to keys, as far as {@code notify-keyspace-events} asks for it, on two
 * channels:
 *
 * <pre>
 * __keyspace@0__:key    set
 * __keyevent@0__:set    key
 * </pre>
 *
 * <p>What nobody asks for costs one comparison.
 */
public final class KeyspaceEvents {

  /** The letters of all classes of events, then K and E for the channels; a bit for each. */
  public static final String LETTERS = "g$lshzxetdnmKE";

  private static final long KEYSPACE = bitOf('K');
  private static final long KEYEVENT = bitOf('E');
  private static final byte[] KEYSPACE_PREFIX = ascii("__keyspace@");
  private static final byte[] KEYEVENT_PREFIX = ascii("__keyevent@");
  private static final byte[] PREFIX_END = ascii("__:");

  private final Keyspace keyspace;
  private final PubSub pubSub;
  private final ReplyBuffer buffer = new ReplyBuffer();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private final Slice channel = new Slice();
  private long channels;
  private long classes;

  /** Publishes nothing yet. */
  public KeyspaceEvents(Keyspace keyspace, PubSub pubSub) {
    this.keyspace = keyspace;
    this.pubSub = pubSub;
  }

  /** The bit of a letter; none for what is no letter of these. */
  public static long bitOf(char letter) {
    int position = LETTERS.indexOf(letter);
    return position < 0 ? 0 : 1L << position;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Says what is published from now on.
   *
   * @param letters the bits of the letters
   */
  public void publish(long letters) {
    channels = letters & (KEYSPACE | KEYEVENT);
    classes = channels == 0 ? 0 : letters & ~(KEYSPACE | KEYEVENT);
    keyspace.tellNewKeys(
        wants(KeyEvent.NEW) ? (database, key) -> tell(database, key, KeyEvent.NEW) : null);
  }

  /** Whether an event is to be published. */
  boolean wants(KeyEvent event) {
    return (classes & event.classBit()) != 0;
  }

  /** Publishes an event that {@link #wants} has asked for. */
  void tell(int database, Slice key, KeyEvent event) {
    if (pubSub.isSilent()) {
      return;
    }
    Slice name = event.eventNameBytes();
    if ((channels & KEYSPACE) != 0) {
      pubSub.publish(channel(KEYSPACE_PREFIX, database, key), name);
    }
    if ((channels & KEYEVENT) != 0) {
      pubSub.publish(channel(KEYEVENT_PREFIX, database, name), key);
    }
  }

  private Slice channel(byte[] prefix, int database, Slice suffix) {
    buffer.reset();
    buffer.append(prefix, 0, prefix.length);
    buffer.append(digits, 0, IntegerText.write(database, digits, 0));
    buffer.append(PREFIX_END, 0, PREFIX_END.length);
    buffer.append(suffix.array, suffix.offset, suffix.length);
    return channel.set(buffer.array(), 0, buffer.size());
  }
}
