package io.cinnabar.net;

import io.cinnabar.net.NetworkContract.Peer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** A client with TLS over a peer without. None of its calls waits. */
final class TlsPeer implements Peer {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_PIECE_BYTES = 16 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Peer socket;
  private final SSLEngine engine;

  /** Has come and was not decrypted yet; always ready to be read from. */
  private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER_BYTES).flip();

  /** Decrypted and not received yet; always ready to be read from. */
  private final ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES).flip();

  /** Encrypted and not sent yet; always ready to be read from. */
  private final ByteBuffer outgoing = ByteBuffer.allocate(BUFFER_BYTES).flip();

  private boolean socketEnded;
  private boolean ended;

  TlsPeer(Peer socket, SSLEngine engine) throws SSLException {
    this.socket = socket;
    this.engine = engine;
    engine.setUseClientMode(true);
    engine.beginHandshake();
  }

  boolean isHandshaking() {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING && !ended;
  }

  /** Goes as far as it can: with the handshake, and with what is to be sent or decrypted. */
  void pump() throws IOException {
    boolean progress = true;
    while (progress) {
      progress = sendOutgoing();
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          engine.getDelegatedTask().run();
          progress = true;
        }
        case NEED_WRAP -> progress |= wrap(NOTHING).bytesProduced() > 0;
        default -> {
          fill();
          progress |= unwrap();
        }
      }
    }
    if (socketEnded && !incoming.hasRemaining()) {
      ended = true;
    }
  }

  private boolean sendOutgoing() throws IOException {
    return flush() > 0;
  }

  /** Sends what was encrypted, as far as the network takes it; returns how much. */
  int flush() throws IOException {
    if (!outgoing.hasRemaining()) {
      return 0;
    }
    int sent = socket.send(outgoing.array(), outgoing.position(), outgoing.remaining());
    outgoing.position(outgoing.position() + sent);
    return sent;
  }

  private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
    outgoing.compact();
    try {
      return engine.wrap(source, outgoing);
    } finally {
      outgoing.flip();
    }
  }

  private void fill() throws IOException {
    byte[] room = new byte[incoming.capacity() - incoming.remaining()];
    int count = room.length == 0 || socketEnded ? 0 : socket.receive(room);
    if (count < 0) {
      socketEnded = true;
    } else if (count > 0) {
      incoming.compact().put(room, 0, count).flip();
    }
  }

  private boolean unwrap() throws IOException {
    if (!incoming.hasRemaining() || ended) {
      return false;
    }
    plain.compact();
    try {
      SSLEngineResult result = engine.unwrap(incoming, plain);
      if (result.getStatus() == Status.CLOSED) {
        ended = true;
      }
      if (result.getStatus() == Status.BUFFER_UNDERFLOW && socketEnded) {
        throw new EOFException("in the middle of a record");
      }
      return result.bytesConsumed() > 0;
    } finally {
      plain.flip();
    }
  }

  @Override
  public String address() {
    return socket.address();
  }

  @Override
  public int send(byte[] bytes, int offset, int length) throws IOException {
    pump();
    int sent = 0;
    while (sent < length && !outgoing.hasRemaining()) {
      int count = Math.min(MAX_PIECE_BYTES, length - sent);
      sent += wrap(ByteBuffer.wrap(bytes, offset + sent, count)).bytesConsumed();
      sendOutgoing();
    }
    return sent;
  }

  @Override
  public int receive(byte[] bytes) throws IOException {
    pump();
    int count = Math.min(bytes.length, plain.remaining());
    plain.get(bytes, 0, count);
    return count == 0 && ended ? -1 : count;
  }

  /** Without saying so in TLS: what follows the last record is the end of the stream. */
  @Override
  public void endOutput() throws IOException {
    pump();
    socket.endOutput();
  }

  /** Says in TLS that nothing follows. */
  void closeOutbound() throws IOException {
    engine.closeOutbound();
    pump();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
