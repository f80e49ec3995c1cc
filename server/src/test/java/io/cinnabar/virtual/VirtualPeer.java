package io.cinnabar.virtual;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The client's end of a connection, in a test's hands. What it does takes effect in polls. */
public final class VirtualPeer {

  private final VirtualConnection connection;

  VirtualPeer(VirtualConnection connection) {
    this.connection = connection;
  }

  /** This end as {@code ip:port}. */
  public String address() {
    return connection.remoteAddress();
  }

  public void send(byte[] bytes) {
    send(bytes, 0, bytes.length);
  }

  public void send(byte[] bytes, int offset, int length) {
    connection.incoming().add(bytes, offset, length);
  }

  /** Sends each character as one byte. */
  public void send(String text) {
    send(text.getBytes(ISO_8859_1));
  }

  /** Takes all that has arrived, which makes room for more. */
  public byte[] receive() {
    return receive(Integer.MAX_VALUE);
  }

  /** Takes up to {@code limit} bytes of what has arrived. */
  public byte[] receive(int limit) {
    return connection.outgoing().remove(Math.min(limit, connection.outgoing().size()));
  }

  /** All that has arrived, each byte as one character. */
  public String receiveText() {
    return new String(receive(), ISO_8859_1);
  }

  /** Whether the server has closed the connection and all it sent has been received. */
  public boolean isEnded() {
    return connection.isGone() && connection.outgoing().size() == 0;
  }

  /** Says that no more bytes follow; still receives. */
  public void endOutput() {
    connection.endInput();
  }

  /** Closes this end; what was not received is lost. */
  public void close() {
    connection.abandon();
  }
}
