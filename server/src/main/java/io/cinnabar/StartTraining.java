package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The run that a start-up archive is made of: the server starts on a free port and answers what
 * clients typically ask first; then the JVM halts and writes down the classes it has met. It halts
 * rather than exits, since all it writes down is loaded again at each start, and an exit would add
 * the classes of the JDK's logging. Run by the launcher, never by the server.
 */
final class StartTraining {

  private static final int ATTEMPTS = 200;
  private static final int ATTEMPT_INTERVAL_MILLIS = 50;
  private static final int REPLY_TIMEOUT_MILLIS = 10_000;

  /** What clients send when they connect, and the commonest commands. */
  private static final String[] LINES = {
    "PING",
    "HELLO 3",
    "CLIENT SETNAME training",
    "SELECT 0",
    "SET key value",
    "GET key",
    "INCR counter",
    "EXPIRE key 100",
    "TTL key",
    "DEL key counter",
    "CONFIG GET save",
    "COMMAND DOCS get",
    "INFO",
  };

  private StartTraining() {}

  public static void main(String[] arguments) throws Exception {
    int port = freePort();
    Thread client = new Thread(() -> train(port), "training");
    client.setDaemon(true);
    client.start();
    Main.main(new String[] {"--port", Integer.toString(port), "--bind", "127.0.0.1"});
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ends the process, whatever happens: whoever waits for the archive must not wait forever. */
  private static void train(int port) {
    try {
      try (Socket socket = connect(port)) {
        for (String line : LINES) {
          ask(socket, line + "\r\n");
        }
      }
      // Answered once the server has seen the first client leave.
      try (Socket socket = connect(port)) {
        ask(socket, "*1\r\n$4\r\nPING\r\n");
      }
      Runtime.getRuntime().halt(0);
    } catch (IOException | InterruptedException failure) {
      System.err.println("training failed: " + failure);
    }
    Runtime.getRuntime().halt(1);
  }

  private static Socket connect(int port) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
        return socket;
      } catch (IOException notYet) {
        socket.close();
        if (attempt == ATTEMPTS) {
          throw notYet;
        }
        Thread.sleep(ATTEMPT_INTERVAL_MILLIS);
      }
    }
  }

  /** Sends a command and waits until some of the reply has come; what it is does not matter. */
  private static void ask(Socket socket, String command) throws IOException {
    socket.getOutputStream().write(command.getBytes(US_ASCII));
    InputStream in = socket.getInputStream();
    if (in.read() >= 0) {
      in.skipNBytes(in.available());
    }
  }
}
