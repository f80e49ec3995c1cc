package io.cinnabar.host;

import java.io.IOException;

/**
 * The network as the loop sees it: it accepts and reads only inside {@link #poll}, on the thread
 * that calls it, and hands bytes to handlers that must not execute anything. {@code poll} may be
 * called again from within a long command; it is never called from a handler.
 */
public interface Network {

  /**
   * Starts to listen.
   *
   * @param acceptor called inside {@link #poll} for each accepted connection
   * @return what is bound; its address carries the port that the machine chose for port 0
   * @throws ListenException when the machine does not have such an address
   * @throws IOException when the address can't be bound for another reason; the message of either
   *     is what the log tells, with the call that failed: {@code bind: Address already in use}
   */
  Listener listen(ListenAddress address, Acceptor acceptor) throws IOException;

  /**
   * Begins to connect to a server, and returns at once. How it went the acceptor hears in a coming
   * {@link #poll}: of the connection as soon as there is one, or once that there will be none. With
   * TLS the handshake follows then; {@link ConnectionHandler#handshakeFailed} tells when it fails.
   * Nothing limits how long it may take: whoever has waited enough cancels it.
   *
   * @param workers look up a name, which may take long
   * @param acceptor hears as the reason of a failure what the machine says: {@code Connection
   *     refused}
   */
  Attempt connect(ConnectAddress address, Workers workers, Acceptor acceptor);

  /**
   * Says how connections at addresses with TLS are encrypted. Holds for those that are accepted
   * from now on; what was accepted before keeps its keys. The files are read by this call only.
   *
   * @throws IOException when it can't be, which leaves everything as it was; the message is what
   *     the log tells
   */
  void secure(TlsSettings settings) throws IOException;

  /** What does the encrypting: {@code BoringSSL}, {@code JDK}; empty before {@link #secure}. */
  String tlsLibrary();

  /**
   * Accepts, reads and finishes writes that are due; waits for the first of them up to {@code
   * maxWaitNanos}, or not at all for zero. Returns early after {@link #post}.
   *
   * <p>An exception out of a handler closes its connection; it, or one out of a task, is thrown
   * from here when all others have been served.
   */
  void poll(long maxWaitNanos);

  /**
   * Runs {@code task} inside a coming {@link #poll}; callable from every thread; wakes the loop.
   */
  void post(Runnable task);

  /**
   * The transport's name for INFO: {@code io_uring}, {@code epoll}, {@code kqueue}, {@code nio}.
   */
  String transportName();

  /** Closes listeners and connections, and gives back all resources. */
  void close();

  /** Decides what becomes of a new connection. */
  @FunctionalInterface
  interface Acceptor {
    /** Returns the handler that receives what {@code connection} reads. */
    ConnectionHandler accepted(Connection connection);

    /**
     * Hears that a connection could not be taken, for want of file descriptors mostly; a listening
     * network tries again after a rest. Or that one could not be made.
     */
    default void failed(String reason) {}
  }

  /** A connection that is being made. */
  interface Attempt {
    /** Gives it up: the acceptor hears nothing more. Without effect once it has. */
    void cancel();
  }

  /** A bound address. */
  interface Listener {
    /** What is bound, with the real port. */
    ListenAddress address();

    /**
     * Stops accepting; accepted connections stay. The address is free again when this returns, for
     * which it may {@link #poll}, unless it is called from within a poll.
     */
    void close();
  }
}
