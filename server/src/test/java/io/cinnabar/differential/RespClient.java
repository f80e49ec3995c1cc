package io.cinnabar.differential;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A blocking connection that sends any bytes and hands over each reply with the bytes it came as,
 * RESP2 or RESP3. Understands replies only as far as it must to find their end. Not thread-safe.
 */
final class RespClient implements AutoCloseable {
  /** How long a reply may take unless the owner of the connection says otherwise. */
  static final int TIMEOUT_MILLIS = 3_000;

  private final Socket socket;

  /** Bytes from the socket: those before {@code start} are of earlier frames. */
  private byte[] buffer = new byte[1 << 16];

  private int start;
  private int position;
  private int end;

  private RespClient(Socket socket) {
    this.socket = socket;
  }

  static RespClient connect(String host, int port, int timeoutMillis) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(timeoutMillis);
    socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
    return new RespClient(socket);
  }

  static RespClient connect(Subject subject) throws IOException {
    return connect(subject.host(), subject.port(), TIMEOUT_MILLIS);
  }

  /** Sends a command and waits for its reply. */
  Frame call(Command command) {
    send(command.encodedBytes());
    return receive();
  }

  /** Sends bytes as they are. That the server has hung up shows when a reply is read. */
  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closedByServer) {
      // What it said before it hung up is still to be read.
    }
  }

  void send(String bytes) {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Whether bytes have come that are not read yet. */
  boolean hasReceived() throws IOException {
    return position < end || socket.getInputStream().available() > 0;
  }

  /** Reads one reply, or says that the server closed the connection or stayed silent too long. */
  Frame receive() {
    start = position;
    try {
      Reply reply = readReply();
      return new Frame(text(start, position), reply);
    } catch (SocketTimeoutException silence) {
      return Frame.none(Reply.Kind.SILENCE);
    } catch (IOException closedByServer) {
      return Frame.none(Reply.Kind.CLOSED);
    }
  }

  /** This end of the connection as the server sees it, such as {@code 127.0.0.1:40112}. */
  String localAddress() {
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  /** The server's end of the connection. */
  String remoteAddress() {
    return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyClosed) {
      // Then it is what it should be.
    }
  }

  private Reply readReply() throws IOException {
    String header = readLine();
    if (header.isEmpty()) {
      throw new IllegalStateException("a reply without a type");
    }
    String rest = header.substring(1);
    return switch (header.charAt(0)) {
      case '+' -> Reply.leaf(Reply.Kind.SIMPLE_STRING, rest);
      case '-' -> Reply.leaf(Reply.Kind.ERROR, rest);
      case ':' -> Reply.leaf(Reply.Kind.INTEGER, rest);
      case '_' -> Reply.leaf(Reply.Kind.NULL, rest);
      case '#' -> Reply.leaf(Reply.Kind.BOOLEAN, rest);
      case ',' -> Reply.leaf(Reply.Kind.DOUBLE, rest);
      case '(' -> Reply.leaf(Reply.Kind.BIG_NUMBER, rest);
      case '$' -> readBulk(Reply.Kind.BULK_STRING, rest);
      case '!' -> readBulk(Reply.Kind.BULK_ERROR, rest);
      case '=' -> readBulk(Reply.Kind.VERBATIM_STRING, rest);
      case '*' -> readAggregate(Reply.Kind.ARRAY, rest, 1);
      case '~' -> readAggregate(Reply.Kind.SET, rest, 1);
      case '>' -> readAggregate(Reply.Kind.PUSH, rest, 1);
      case '%' -> readAggregate(Reply.Kind.MAP, rest, 2);
      case '|' -> readAggregate(Reply.Kind.ATTRIBUTE, rest, 2);
      default -> throw new IllegalStateException("not a reply: " + Escapes.quote(header));
    };
  }

  private Reply readBulk(Reply.Kind kind, String length) throws IOException {
    if (length.equals("-1")) {
      return Reply.leaf(Reply.Kind.NULL_BULK_STRING, "");
    }
    int lengthBytes = Integer.parseInt(length);
    while (end - position < lengthBytes + 2) {
      fill();
    }
    String text = text(position, position + lengthBytes);
    position += lengthBytes + 2;
    return Reply.leaf(kind, text);
  }

  private Reply readAggregate(Reply.Kind kind, String count, int partsPerEntry) throws IOException {
    if (count.equals("-1")) {
      return Reply.leaf(Reply.Kind.NULL_ARRAY, "");
    }
    int parts = Integer.parseInt(count) * partsPerEntry;
    List<Reply> elements = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      elements.add(readReply());
    }
    return Reply.aggregate(kind, elements);
  }

  private String readLine() throws IOException {
    int at = position;
    while (true) {
      for (; at + 1 < end; at++) {
        if (buffer[at] == '\r' && buffer[at + 1] == '\n') {
          String line = text(position, at);
          position = at + 2;
          return line;
        }
      }
      int scanned = at - position;
      fill();
      at = position + scanned;
    }
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      position -= start;
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = socket.getInputStream().read(buffer, end, buffer.length - end);
    if (count < 0) {
      throw new EOFException();
    }
    end += count;
  }

  private String text(int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
