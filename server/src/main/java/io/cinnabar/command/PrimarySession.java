package io.cinnabar.command;

import io.cinnabar.host.Connection;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The primary as a client: its stream of changes runs as commands of this one. Nothing is refused
 * to it that this server's state does not make impossible, nothing has expired for it, and it gets
 * no replies. What it has sent is handed on, byte for byte, when it was done: whole commands, and
 * transactions as a whole. On the loop's thread.
 */
public final class PrimarySession extends Session {

  /** What becomes of the stream; its methods run between or within commands of this session. */
  public interface Stream {
    /** So many bytes of the stream were executed. */
    void executed(byte[] bytes, int offset, int length);

    /**
     * A command was answered with an error.
     *
     * @param name of the command
     */
    void failed(String name, CommandError error);

    /** A command could not be done here that the primary has done; the session closes. */
    void impossible(String name, CommandError error);

    /** The bytes are no stream of commands, for this reason; the session closes. */
    void corrupt(String reason);
  }

  private static final byte[] NONE = {};
  private static final int FIRST_BYTES = 1024;

  /** What is kept of the array for the bytes under way. */
  private static final int MAX_KEPT_BYTES = 64 << 10;

  private final Stream stream;

  /** Bytes of the stream whose execution is under way. */
  private byte[] underWay = NONE;

  private int underWayBytes;

  PrimarySession(long id, Sessions sessions, Connection connection, long nowMillis, Stream stream) {
    super(id, sessions, connection, nowMillis);
    this.stream = stream;
    logIn(Superuser.INSTANCE);
  }

  // ---- its stream

  /**
   * Begins with the next command, or empty line.
   *
   * @param protocolError what is wrong with it, if something is
   * @return false when it can't be executed, and nothing behind it
   */
  boolean begin(byte[] array, int offset, int length, @Nullable String protocolError) {
    if (protocolError != null) {
      stream.corrupt(protocolError);
      close();
      return false;
    }
    if (isInline(array, offset, length)) {
      stream.corrupt("inline protocol");
      close();
      return false;
    }
    if (underWay.length - underWayBytes < length) {
      int wanted = Math.max(FIRST_BYTES, underWayBytes + length);
      underWay = Arrays.copyOf(underWay, Math.max(wanted, 2 * underWayBytes));
    }
    System.arraycopy(array, offset, underWay, underWayBytes, length);
    underWayBytes += length;
    return true;
  }

  /** Whether a line that is not empty does not begin as a command does. */
  private static boolean isInline(byte[] array, int offset, int length) {
    int at = offset;
    while (at < offset + length && (array[at] == '\r' || array[at] == '\n')) {
      at++;
    }
    return at < offset + length && array[at] != '*';
  }

  /** Ends what {@link #begin} has begun. */
  void end() {
    if (isClosing() || isInTransaction()) {
      return;
    }
    stream.executed(underWay, 0, underWayBytes);
    underWayBytes = 0;
    if (underWay.length > MAX_KEPT_BYTES) {
      underWay = NONE;
    }
  }

  /** How many bytes of the stream have come that were not executed, or not as a whole. */
  public int pendingStreamBytes() {
    return queryBufferBytes() + underWayBytes;
  }

  /** Whether it has commands to execute, rather than the beginning of one whose rest is to come. */
  public boolean hasWork() {
    return isReady() || isWaiting();
  }

  /** A command was answered with an error. */
  void failed(@Nullable Command command, CommandError error) {
    String name = command == null ? "<unknown>" : command.fullName();
    if (error == CommandError.OUT_OF_MEMORY || error.code().equals("MISCONF")) {
      stream.impossible(name, error);
      close();
    } else {
      stream.failed(name, error);
    }
  }

  // ---- how it differs from other clients

  @Override
  long inputLimitBytes() {
    return Integer.MAX_VALUE;
  }

  @Override
  void deliver(ReplyBuffer replies) {}

  @Override
  void deliver(ReplyBuffer replies, int begin, long awaited) {}

  @Override
  void show(byte[] bytes, int offset, int length) {}

  @Override
  public void message(byte[] bytes, int offset, int length) {}

  /** Whether it has anything to say is looked at by whoever has made the connection. */
  @Override
  boolean isIdle(long mostMillis) {
    return false;
  }

  @Override
  public boolean isEvictable() {
    return false;
  }

  @Override
  public long memoryBytes() {
    return super.memoryBytes() + underWay.length;
  }

  /** May do everything, and is in no list of users. */
  private static final class Superuser extends User {

    static final Superuser INSTANCE = new Superuser();

    Superuser() {
      super("(superuser)".getBytes(StandardCharsets.US_ASCII));
      unrestricted(true);
    }

    @Override
    public boolean isPasswordless() {
      return false;
    }

    @Override
    public boolean isEnabled() {
      return false;
    }

    @Override
    public @Nullable Denial check(Command command, CommandArguments arguments) {
      return null;
    }

    @Override
    public boolean mayUseChannel(Slice channel, boolean isPattern) {
      return true;
    }

    @Override
    public boolean mayReadAllKeys(Command command, CommandArguments arguments) {
      return true;
    }
  }
}
