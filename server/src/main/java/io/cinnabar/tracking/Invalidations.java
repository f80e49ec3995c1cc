package io.cinnabar.tracking;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients, or those to whom they redirect, what they have to forget:
 *
 * <pre>
 *   RESP3   push     invalidate                      [key ...] or null
 *   RESP2   message  __redis__:invalidate            [key ...] or null     redirected alone
 *           push     tracking-redir-broken           id of who is gone     to the client in RESP3
 * </pre>
 */
final class Invalidations {

  private static final byte[] PUSH_HEAD = ascii(">2\r\n$10\r\ninvalidate\r\n");
  private static final byte[] MESSAGE_HEAD =
      ascii("*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n");
  private static final String BROKEN = "tracking-redir-broken";

  private final ReplyBuffer body = new ReplyBuffer();
  private final ReplyBuffer notice = new ReplyBuffer();
  private final ReplyWriter writer = new ReplyWriter();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private ReplyWriter begin(boolean resp3) {
    body.reset();
    writer.target(body, resp3);
    return writer;
  }

  /** Says what {@link #tell} tells: one key. */
  void say(Slice key) {
    begin(false).array(1);
    writer.bulk(key);
  }

  /**
   * Says what {@link #tell} tells: keys.
   *
   * @param except not those that this client was the last to change
   * @return false if there are none
   */
  boolean say(ChangedKeys keys, @Nullable Tracker except) {
    return keys.write(begin(false), except) > 0;
  }

  /** Tells a client what was said last. */
  void tell(Tracker tracker) {
    CachingClient receiver = tracker.receiver();
    if (receiver == null) {
      tellBroken(tracker);
    } else if (receiver.isResp3()) {
      send(receiver, PUSH_HEAD);
    } else if (tracker.redirectId() != Tracker.NOBODY && receiver.isSubscribed()) {
      send(receiver, MESSAGE_HEAD);
    }
  }

  /** Tells a client to forget everything. The null is written in its own protocol. */
  void tellAll(Tracker tracker) {
    begin(tracker.client().isResp3()).nullBulk();
    tell(tracker);
  }

  private void send(CachingClient receiver, byte[] head) {
    receiver.message(head, 0, head.length);
    receiver.message(body.array(), 0, body.size());
  }

  private void tellBroken(Tracker tracker) {
    CachingClient client = tracker.client();
    if (client.isResp3()) {
      notice.reset();
      writer.target(notice, true);
      writer.push(2);
      writer.bulk(BROKEN);
      writer.integer(tracker.redirectId());
      client.message(notice.array(), 0, notice.size());
    }
  }
}
