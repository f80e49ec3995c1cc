package io.cinnabar.host;

/** One peer's byte stream. Used on the loop's thread only. */
public interface Connection {

  /**
   * Takes a copy of the bytes to send; nothing leaves before {@link #flush}. Ignored once the
   * connection is closed or told to close.
   */
  void write(byte[] bytes, int offset, int length);

  /**
   * Hands what was written to the machine, as far as the peer takes it; the rest follows in polls,
   * and the handler hears {@link ConnectionHandler#drained} when it has left.
   */
  void flush();

  /** Bytes written but not yet taken by the machine; 0 once {@link #close} was called. */
  long pendingBytes();

  /** Flushes, and closes as soon as the pending bytes have left; reading stops at once. */
  void closeAfterWrite();

  /**
   * Closes at once; pending bytes are dropped. The handler hears {@link ConnectionHandler#closed}
   * in a coming poll.
   */
  void close();

  /**
   * Whether what the peer sends is read, as it is at first. What is not stays with the peer, as far
   * as the machines between have no room for it; a little may still come behind this call.
   */
  void reading(boolean yes);

  /** The peer as {@code ip:port}, {@code [v6]:port}, or {@code path:0} for a unix socket. */
  String remoteAddress();

  /** This side, in the same form. */
  String localAddress();

  /** Whether the peer's address is a loopback address or a unix socket. */
  boolean isLocal();

  /** Whether this came in through a unix socket. */
  boolean isUnix();

  /** The file descriptor, or -1 where there is none to tell. */
  int fileDescriptor();

  /** Whether small pieces leave at once, as they do at first, rather than wait for more. */
  void noDelay(boolean yes);

  /** Seconds between TCP keep-alive probes; 0 turns them off. */
  void keepAlive(int intervalSeconds);
}
