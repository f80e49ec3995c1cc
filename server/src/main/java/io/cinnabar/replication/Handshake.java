package io.cinnabar.replication;

import io.cinnabar.host.Log;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What a replica and its primary say to each other before data flows: who the replica is, and from
 * where on it wants the stream. One exchange; a new connection begins another. On the loop's
 * thread.
 *
 * <pre>
 *   PING  ->  (AUTH) REPLCONF listening-port, (ip-address), capa  ->  PSYNC id offset  (->  SYNC)
 * </pre>
 */
final class Handshake {

  /** How it has gone so far. */
  enum Outcome {
    /** Another reply is to come. */
    GOES_ON,
    /** The whole data set will come; {@link #id} and {@link #offset} tell where it was taken. */
    FULL,
    /** The stream goes on, in the history of {@link #id}. */
    PARTIAL,
    /** It is worth another try, later. */
    FAILED,
    /** The other is not going to lead in this server's place. */
    REJECTED
  }

  /**
   * What the replica tells of itself.
   *
   * @param port where its clients connect
   * @param address another one than it connects from; empty for that
   * @param user whose rights it has at the primary; empty for the default one
   * @param password empty for none
   */
  record Identity(int port, String address, String user, String password) {

    /** Without what is secret. */
    @Override
    public String toString() {
      return "Identity[" + port + ", " + address + ", " + user + "]";
    }
  }

  /** What is waited for. */
  private enum Awaited {
    PING,
    AUTH,
    PORT,
    ADDRESS,
    CAPABILITIES,
    PSYNC
  }

  private static final String UNKNOWN_ID = "?";
  private static final int ID_CHARS = 40;

  /** Where the history begins that a primary without PSYNC does not tell. */
  private static final long UNKNOWN_OFFSET = -1;

  private final Log log;
  private final Identity identity;
  private final Consumer<byte[]> out;
  private final ArrayDeque<Awaited> awaited = new ArrayDeque<>();
  private final boolean isFailover;
  private String id;
  private long offset;

  /**
   * @param id of the history that this server could go on with; empty for none
   * @param offset how many bytes of it there were
   * @param isFailover whether the other is to lead from now on, in this server's place
   * @param out takes what is to be sent
   */
  Handshake(
      Log log,
      Identity identity,
      String id,
      long offset,
      boolean isFailover,
      Consumer<byte[]> out) {
    this.isFailover = isFailover;
    this.log = log;
    this.identity = identity;
    this.id = id;
    this.offset = offset;
    this.out = out;
  }

  void begin() {
    send(Awaited.PING, "PING");
  }

  private void send(Awaited reply, String... words) {
    awaited.add(reply);
    out.accept(ReplyLine.command(words));
  }

  /** The history that data will come of; empty where the primary does not name one. */
  String id() {
    return id;
  }

  /** How many bytes of it there were; below zero where the primary does not tell. */
  long offset() {
    return offset;
  }

  /** Takes in the next line that has come. */
  Outcome reply(String line) {
    Awaited reply = awaited.element();
    if (reply != Awaited.PSYNC) {
      awaited.remove();
    }
    return switch (reply) {
      case PING -> pinged(line);
      case AUTH -> authenticated(line);
      case PORT -> told("listening-port", line);
      case ADDRESS -> told("ip-address", line);
      case CAPABILITIES -> {
        Outcome outcome = told("capa", line);
        askForStream();
        yield outcome;
      }
      case PSYNC -> answered(line);
    };
  }

  private Outcome pinged(String line) {
    if (!line.startsWith("+")
        && !line.startsWith("-NOAUTH")
        && !line.startsWith("-NOPERM")
        && !line.startsWith("-ERR operation not permitted")) {
      log.warning("Error reply to PING from master: '" + line + "'");
      return Outcome.FAILED;
    }
    log.notice("Master replied to PING, replication can continue...");
    if (!identity.password.isEmpty()) {
      if (identity.user.isEmpty()) {
        send(Awaited.AUTH, "AUTH", identity.password);
      } else {
        send(Awaited.AUTH, "AUTH", identity.user, identity.password);
      }
    }
    send(Awaited.PORT, "REPLCONF", "listening-port", Integer.toString(identity.port));
    if (!identity.address.isEmpty()) {
      send(Awaited.ADDRESS, "REPLCONF", "ip-address", identity.address);
    }
    send(Awaited.CAPABILITIES, "REPLCONF", "capa", "eof", "capa", "psync2");
    return Outcome.GOES_ON;
  }

  private Outcome authenticated(String line) {
    if (line.startsWith("-")) {
      log.warning("Unable to AUTH to MASTER: " + line);
      return Outcome.FAILED;
    }
    return Outcome.GOES_ON;
  }

  private Outcome told(String what, String line) {
    if (line.startsWith("-")) {
      log.notice("(Non critical) Master does not understand REPLCONF " + what + ": " + line);
    }
    return Outcome.GOES_ON;
  }

  private void askForStream() {
    if (id.isEmpty()) {
      log.notice("Partial resynchronization not possible (no cached master)");
      send(Awaited.PSYNC, "PSYNC", UNKNOWN_ID, "-1");
    } else {
      String next = Long.toString(offset + 1);
      log.notice("Trying a partial resynchronization (request " + id + ":" + next + ").");
      if (isFailover) {
        send(Awaited.PSYNC, "PSYNC", id, next, "FAILOVER");
      } else {
        send(Awaited.PSYNC, "PSYNC", id, next);
      }
    }
  }

  private Outcome answered(String line) {
    if (line.isEmpty()) {
      // The primary is busy, and says so now and then.
      return Outcome.GOES_ON;
    }
    if (line.startsWith("+FULLRESYNC")) {
      return full(line);
    }
    if (line.startsWith("+CONTINUE")) {
      return proceeds(line);
    }
    if (isFailover) {
      return Outcome.REJECTED;
    }
    if (line.startsWith("-NOMASTERLINK") || line.startsWith("-LOADING")) {
      log.notice("Master is currently unable to PSYNC but should be in the future: " + line);
      return Outcome.FAILED;
    }
    if (line.startsWith("-ERR")) {
      log.notice("Master does not support PSYNC or is in error state (reply: " + line + ")");
    } else {
      log.warning("Unexpected reply to PSYNC from master: " + line);
    }
    log.notice("Retrying with SYNC...");
    out.accept(ReplyLine.command("SYNC"));
    id = "";
    offset = UNKNOWN_OFFSET;
    return Outcome.FULL;
  }

  private Outcome full(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && isId(words[1])) {
      try {
        offset = Long.parseLong(words[2]);
        if (offset >= 0) {
          id = words[1].toLowerCase(Locale.ROOT);
          log.notice("Full resync from master: " + id + ":" + offset);
          return Outcome.FULL;
        }
      } catch (NumberFormatException malformed) {
        // told below
      }
    }
    log.warning("Master replied with wrong +FULLRESYNC syntax.");
    return Outcome.FAILED;
  }

  private Outcome proceeds(String line) {
    String newId = line.substring("+CONTINUE".length()).trim();
    if (id.isEmpty() || !(newId.isEmpty() || isId(newId))) {
      log.warning("Unexpected reply to PSYNC from master: " + line);
      return Outcome.FAILED;
    }
    log.notice("Successful partial resynchronization with master.");
    if (!newId.isEmpty() && !newId.equalsIgnoreCase(id)) {
      id = newId.toLowerCase(Locale.ROOT);
      log.notice("Master replication ID changed to " + id);
    }
    return Outcome.PARTIAL;
  }

  private static boolean isId(String text) {
    if (text.length() != ID_CHARS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
