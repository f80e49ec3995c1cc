package io.cinnabar.replication;

import io.cinnabar.config.Config;
import io.cinnabar.config.ReplicationParameters;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This server's part in replication: the history of its data set, the backlog of the stream of
 * changes, its replicas, and the link to a primary where it has one. On the loop's thread.
 */
public final class Replication {

  private final Config config;
  private final History history;
  private @Nullable Backlog backlog;
  private @Nullable PrimaryLink link;

  public Replication(Config config, RandomGenerator random) {
    this.config = config;
    history = new History(random);
  }

  /** Which history of changes the data set has, and how far it has come. */
  public History history() {
    return history;
  }

  // ---- who follows whom

  /** Whether this server follows a primary, connected or not. */
  public boolean isReplica() {
    return link != null;
  }

  /** The link to the primary; null without one. */
  public @Nullable PrimaryLink link() {
    return link;
  }

  /**
   * Follows a primary from now on: REPLICAOF with a host. The history stays what it was, since the
   * new primary may be able to go on with it; the backlog is kept, or made, so that this can be
   * asked for. The old link is closed.
   */
  public void follow(PrimaryLink newLink) {
    closeLink();
    link = newLink;
    keepBacklog();
  }

  /** Follows nobody any more: REPLICAOF NO ONE. The history goes on under a new name. */
  public void lead() {
    closeLink();
    history.renew();
  }

  private void closeLink() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  /**
   * The primary sends all of its data set anew, which is at this place of its history: whoever
   * follows this server has to begin anew, too. To be called when the new data set is in place.
   */
  public void adopt(String id, long offset) {
    history.adopt(id, offset);
    backlog = null;
    keepBacklog();
  }

  /**
   * The primary goes on where this server is.
   *
   * @param id what the history is called now
   */
  public void proceed(String id) {
    if (!id.equals(history.id())) {
      history.rename(id);
    }
    keepBacklog();
  }

  // ---- the stream

  /**
   * Takes in bytes of the primary's stream, as they came, when what they say was done: they are
   * this server's stream, too.
   */
  public void relay(byte[] bytes, int offset, int length) {
    append(bytes, offset, length);
  }

  private void append(byte[] bytes, int offset, int length) {
    keepBacklog().append(bytes, offset, length);
    history.advance(length);
  }

  private Backlog keepBacklog() {
    Backlog kept = backlog;
    if (kept == null) {
      kept = new Backlog(history.offset(), config.get(ReplicationParameters.REPL_BACKLOG_SIZE));
      backlog = kept;
    }
    return kept;
  }
}
