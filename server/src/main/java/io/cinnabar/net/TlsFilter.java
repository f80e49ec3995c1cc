package io.cinnabar.net;

import io.cinnabar.net.tls.TlsContext;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS between a connection and its socket. Netty's own handler is not used: it has buffers of its
 * own for each connection, where here one serves all (see {@link ReadBuffer}), and a connection
 * that is idle, or has sent whole records, holds none.
 *
 * <p>Bytes are taken apart into records before the engine sees them, so that it never has to wait
 * for the rest of one:
 *
 * <pre>
 *   offset 0         1         2         3         4         5
 *          +---------+---------+---------+---------+---------+-----------
 *          | type    | 3       | minor   | length, big-endian| content
 *          +---------+---------+---------+---------+---------+-----------
 * </pre>
 *
 * <p>On the loop's thread, private keys included: a handshake takes about as long as a hundred
 * commands.
 */
final class TlsFilter {

  /** What a record adds to its content, generously. */
  static final int OVERHEAD_BYTES = 256;

  private static final int HEADER_BYTES = 5;
  private static final int MAX_CONTENT_BYTES = (16 << 10) + (2 << 10);
  private static final int FIRST_TYPE = 20;
  private static final int LAST_TYPE = 24;
  private static final int ALERT = 21;
  private static final int FIRST_HELD_BYTES = 512;
  private static final byte[] NONE = {};
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final NettyConnection connection;
  private final OutputBuffers buffers;
  private final ByteBuffer plain;
  private final SSLEngine engine;
  private final boolean largeBuffersOnly;

  /** What was written before the handshake was through. */
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(0);

  /** The beginning of a record whose rest has not come yet; of no use to the next one. */
  private byte[] held = NONE;

  private int heldBytes;
  private boolean established;

  /** The peer sends no more, or the connection is gone. */
  private boolean over;

  private boolean released;

  /**
   * @param engine for this connection alone
   * @param largeBuffersOnly as {@link TlsContext#wrapsIntoLargeBuffersOnly} says of the engine
   * @param plain for what is decrypted, shared by all connections
   */
  TlsFilter(
      NettyConnection connection,
      SSLEngine engine,
      boolean largeBuffersOnly,
      OutputBuffers buffers,
      ByteBuffer plain) {
    this.connection = connection;
    this.engine = engine;
    this.largeBuffersOnly = largeBuffersOnly;
    this.buffers = buffers;
    this.plain = plain;
  }

  /** Begins the handshake, in which whoever has connected speaks first. */
  void start(Output output) throws SSLException {
    engine.beginHandshake();
    negotiate(output);
  }

  /** Whether the handshake is through. */
  boolean isEstablished() {
    return established;
  }

  /** Decrypts what has come and hands it to the connection, record by record. */
  void received(ByteBuffer bytes, Output output) throws SSLException {
    while (bytes.hasRemaining() && !over) {
      if (heldBytes > 0) {
        complete(bytes, output);
      } else {
        int length = recordBytes(bytes);
        if (length > bytes.remaining()) {
          hold(bytes, bytes.remaining());
        } else {
          int limit = bytes.limit();
          unwrap(bytes.limit(bytes.position() + length), output);
          bytes.limit(limit);
        }
      }
    }
  }

  /** Adds to the record that has begun, and not more than belongs to it. */
  private void complete(ByteBuffer bytes, Output output) throws SSLException {
    int length = recordBytes(ByteBuffer.wrap(held, 0, heldBytes));
    hold(bytes, Math.min(length - heldBytes, bytes.remaining()));
    if (heldBytes < length) {
      return;
    }
    ByteBuffer record = ByteBuffer.wrap(held, 0, heldBytes);
    if (heldBytes == HEADER_BYTES && recordBytes(record) > HEADER_BYTES) {
      return;
    }
    heldBytes = 0;
    held = NONE;
    unwrap(record, output);
  }

  private void hold(ByteBuffer bytes, int count) {
    int needed = heldBytes + count;
    if (held.length < needed) {
      held = Arrays.copyOf(held, Math.max(FIRST_HELD_BYTES, Math.max(needed, 2 * held.length)));
    }
    bytes.get(held, heldBytes, count);
    heldBytes = needed;
  }

  /**
   * The length of the record that begins here, as far as its header is there; without one that of
   * the header.
   *
   * @throws SSLException when it can't be one
   */
  private static int recordBytes(ByteBuffer bytes) throws SSLException {
    int start = bytes.position();
    int type = bytes.get(start) & 0xff;
    if (type < FIRST_TYPE || type > LAST_TYPE) {
      throw new SSLException(isHttp(type) ? "http request" : "wrong version number");
    }
    if (bytes.remaining() < HEADER_BYTES) {
      return HEADER_BYTES;
    }
    if (bytes.get(start + 1) != 3) {
      throw new SSLException("wrong version number");
    }
    int length = bytes.getShort(start + 3) & 0xffff;
    if (length > MAX_CONTENT_BYTES) {
      throw new SSLException("packet length too long");
    }
    return HEADER_BYTES + length;
  }

  /** GET, HEAD, POST, DELETE. PUT begins like PING, and is no better off. */
  private static boolean isHttp(int first) {
    return first == 'G' || first == 'H' || first == 'D';
  }

  /** Has the engine read one record, whole. */
  private void unwrap(ByteBuffer record, Output output) throws SSLException {
    if (established && record.get(record.position()) == ALERT) {
      // Up to TLS 1.2 it shows. The engine would answer it at once and encrypt no reply any more.
      end();
      return;
    }
    if (!established && isPlainAlert(record)) {
      // A client that has got a certificate says what it thinks of it before its keys are in use;
      // the engine knows no such alerts, and would name the length of the record as the reason.
      over = true;
      int description = record.get(record.limit() - 1) & 0xff;
      connection.tlsFailed(TlsAlert.reason(description));
      return;
    }
    while (record.hasRemaining() && !over) {
      if (!read(record, output)) {
        throw new SSLException("record length mismatch");
      }
    }
    if (!established && !over) {
      // BoringSSL sees only now that the handshake is through.
      read(NOTHING.duplicate(), output);
    }
  }

  private static boolean isPlainAlert(ByteBuffer record) {
    return record.get(record.position()) == ALERT
        && record.remaining() == HEADER_BYTES + TlsAlert.BYTES;
  }

  /** Returns whether the engine did anything. */
  private boolean read(ByteBuffer record, Output output) throws SSLException {
    SSLEngineResult result = engine.unwrap(record, plain.clear());
    if (result.bytesProduced() > 0) {
      connection.decrypted(plain.flip());
    }
    if (result.getStatus() == Status.CLOSED) {
      end();
      return true;
    }
    boolean progress = negotiate(output);
    return progress || result.bytesConsumed() > 0 || result.bytesProduced() > 0;
  }

  private void end() {
    over = true;
    if (established) {
      connection.inputEnded();
    } else {
      connection.tlsFailed("unexpected eof while reading");
    }
  }

  /** Does what the handshake asks of this side; returns whether that was anything. */
  private boolean negotiate(Output output) throws SSLException {
    boolean progress = false;
    while (!over) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status != HandshakeStatus.NEED_TASK && status != HandshakeStatus.NEED_WRAP) {
        break;
      }
      if (established && !engine.getSession().getProtocol().equals("TLSv1.3")) {
        throw new SSLException("no renegotiation");
      }
      if (status == HandshakeStatus.NEED_TASK) {
        runTasks();
      } else if (!speak(output)) {
        break;
      }
      progress = true;
    }
    boolean through =
        !established && !over && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    if (through) {
      established = true;
      while (!early.isEmpty()) {
        encrypt(early.removeFirst(), output);
      }
    }
    if (progress || through) {
      output.flush();
    }
    if (through) {
      connection.established();
    }
    return progress;
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Queues what the engine itself has to say; returns whether there was anything. */
  private boolean speak(Output output) throws SSLException {
    ByteBuf target = buffers.take(OutputBuffers.LARGE_SIZE_BYTES);
    SSLEngineResult result;
    try {
      result = wrap(NOTHING, target);
    } catch (SSLException e) {
      buffers.give(target);
      throw e;
    }
    if (result.bytesProduced() == 0) {
      buffers.give(target);
      return result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
    }
    output.encrypted(target, 0);
    return true;
  }

  private SSLEngineResult wrap(ByteBuffer source, ByteBuf target) throws SSLException {
    ByteBuffer room = target.internalNioBuffer(target.writerIndex(), target.writableBytes());
    SSLEngineResult result = engine.wrap(source, room);
    target.writerIndex(target.writerIndex() + result.bytesProduced());
    return result;
  }

  /** Encrypts a buffer and takes it over. */
  void encrypt(ByteBuf buffer, Output output) {
    if (!established) {
      early.addLast(buffer);
      return;
    }
    ByteBuffer source = buffer.internalNioBuffer(0, buffer.readableBytes());
    try {
      while (source.hasRemaining()) {
        encrypt(source, output);
      }
    } catch (SSLException e) {
      connection.tlsFailed(reason(e));
    } finally {
      buffers.give(buffer);
    }
  }

  /** Encrypts as many records as fit into one buffer. */
  private void encrypt(ByteBuffer source, Output output) throws SSLException {
    int before = source.remaining();
    ByteBuf target =
        buffers.take(largeBuffersOnly ? OutputBuffers.LARGE_SIZE_BYTES : before + OVERHEAD_BYTES);
    Status status = Status.OK;
    try {
      while (source.hasRemaining() && status == Status.OK) {
        status = wrap(source, target).getStatus();
      }
      if (!target.isReadable()) {
        throw new SSLException("nothing can be sent any more");
      }
    } catch (SSLException e) {
      buffers.give(target);
      throw e;
    }
    output.encrypted(target, before - source.remaining());
  }

  /** Tells the peer, behind all that was written, that nothing follows. */
  void endOutput(Output output) {
    if (!established || released) {
      return;
    }
    engine.closeOutbound();
    sayWhy(output);
  }

  /** Queues the engine's last message: that it ends, or what it does not like. */
  void sayWhy(Output output) {
    try {
      while (!released
          && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
          && speak(output)) {}
    } catch (SSLException e) {
      // The peer has to do without.
    }
  }

  /**
   * What the log tells of a failure. BoringSSL's names are made the words that OpenSSL uses: {@code
   * error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE}.
   */
  static String reason(SSLException failure) {
    // Both engines say in a way of their own that they don't trust a certificate.
    for (Throwable at = failure.getCause(); at != null; at = at.getCause()) {
      if (at instanceof CertificateException) {
        return "certificate verify failed";
      }
    }
    String message = String.valueOf(failure.getMessage());
    int last = message.lastIndexOf(':');
    return message.startsWith("error:")
        ? message.substring(last + 1).replace('_', ' ').toLowerCase(Locale.ROOT)
        : message;
  }

  /** The connection is gone. */
  void release() {
    over = true;
    if (!released) {
      released = true;
      heldBytes = 0;
      held = NONE;
      early.forEach(buffers::give);
      early.clear();
      TlsContext.release(engine);
    }
  }
}
