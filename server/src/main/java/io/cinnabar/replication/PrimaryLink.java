package io.cinnabar.replication;

/**
 * The link of a replica to its primary, as far as others ask about it: what ROLE and INFO tell, and
 * where in the stream it is. On the loop's thread.
 */
public interface PrimaryLink {

  /** Stands for a number that there isn't. */
  long NONE = -1;

  /** How far it is, in the words of ROLE. */
  enum State {
    CONNECT("connect"),
    CONNECTING("connecting"),
    HANDSHAKE("handshake"),
    SYNC("sync"),
    CONNECTED("connected");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** The primary's host, as REPLICAOF has it. */
  String host();

  /** The primary's port. */
  int port();

  State state();

  /** In which database the next command of the stream runs. */
  int database();

  /**
   * How many bytes of the stream were executed; one, as Redis tells it, where the data set is no
   * part of a history: a Sentinel must not take it for a recent one.
   */
  long offset();

  /** As {@link #offset}, with what has come and was not executed yet. */
  long readOffset();

  /** How long ago something has come, in seconds; {@link #NONE} while it is not connected. */
  long silentSeconds();

  /** How long it has not been connected, in seconds; {@link #NONE} if it never was. */
  long downSeconds();

  /** How many bytes of the primary's snapshot have come; for {@link State#SYNC}. */
  long syncReadBytes();

  /** How many there are; {@link #NONE} where the primary has not said. */
  long syncTotalBytes();

  /** How long ago the last of them has come, in seconds. */
  long syncSilentSeconds();

  /** The primary has asked how far this server is; that is on disk, too, it hears when it is so. */
  void asked();

  /**
   * Ends a turn of the loop: reads on if it has waited for what has come to be executed, and tells
   * the primary what it has asked for.
   */
  void endTurn();

  /** Closes it: this server follows that primary no longer. */
  void close();
}
