package io.cinnabar.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A blocking connection to a server on this machine: writes commands into a buffer and reads
 * replies of one line. For one thread.
 */
final class RespConnection implements Closeable {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RespConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  /** A command as it goes over the wire. */
  static byte[] encode(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Sends a command now and returns its reply, which has to be of one line. */
  String call(String... words) throws IOException {
    write(encode(words));
    flush();
    return readLine();
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Reads a reply of one line, without the end of the line. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = readByte(); b != '\r'; b = readByte()) {
      line.append((char) b);
    }
    readByte();
    return line.toString();
  }

  /**
   * Reads replies of one line each.
   *
   * @throws IOException when one of them is an error
   */
  void skipLines(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int first = readByte();
      if (first == '-') {
        throw new IOException(readLine());
      }
      for (int b = first; b != '\n'; ) {
        b = readByte();
      }
    }
  }

  private int readByte() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the server has closed the connection");
    }
    return b;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
