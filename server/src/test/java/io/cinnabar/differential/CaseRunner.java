package io.cinnabar.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs cases against two servers in step: both get a line, then both replies are read. Not
 * thread-safe.
 */
final class CaseRunner implements AutoCloseable {
  private final Server reference;
  private final Server subject;

  CaseRunner(Subject reference, Subject subject) throws IOException {
    this(reference, subject, RespClient.TIMEOUT_MILLIS);
  }

  /** Waits no longer than {@code timeoutMillis} for each reply. */
  CaseRunner(Subject reference, Subject subject, int timeoutMillis) throws IOException {
    this.reference = new Server(reference, timeoutMillis);
    this.subject = new Server(subject, timeoutMillis);
  }

  /**
   * Runs a case on fresh connections after emptying both servers.
   *
   * @return every line on which they differ
   */
  List<Difference> run(Case each, Protocol protocol) throws IOException {
    reference.reset(protocol);
    subject.reset(protocol);
    List<Difference> differences = new ArrayList<>();
    boolean answered = true;
    for (Step step : each.steps()) {
      if (answered && (step.only() == null || step.only() == protocol)) {
        answered = run(each, step, differences);
      }
    }
    if (answered) {
      compareLeftOvers(each, differences);
    }
    reference.disconnectAll();
    subject.disconnectAll();
    return differences;
  }

  @Override
  public void close() {
    reference.close();
    subject.close();
  }

  /** Returns false if a reply did not come: more lines would only wait in vain for theirs. */
  private boolean run(Case each, Step step, List<Difference> differences) throws IOException {
    if (step.action() == Step.Action.RECONNECT) {
      reference.disconnect(step.connection());
      subject.disconnect(step.connection());
      return true;
    }
    reference.send(step);
    subject.send(step);
    boolean answered = !step.blocks() || compareBlocking(each, step, differences);
    for (int i = 0; i < step.replies() && answered; i++) {
      answered = compare(each, step, differences);
    }
    return answered;
  }

  /** Returns false unless the client is blocked on both servers. */
  private boolean compareBlocking(Case each, Step step, List<Difference> differences)
      throws IOException {
    Frame expected = reference.whileBlocked(step.connection());
    Frame actual = subject.whileBlocked(step.connection());
    if (isSilent(expected) && isSilent(actual)) {
      return true;
    }
    differences.add(difference(each, step, expected, actual));
    return false;
  }

  private boolean compare(Case each, Step step, List<Difference> differences) throws IOException {
    Frame expected = reference.connection(step.connection()).receive();
    Frame actual = subject.connection(step.connection()).receive();
    boolean answered = !isSilent(expected) && !isSilent(actual);
    Step.Expectation known = known(step);
    boolean matches =
        known == null
            ? step.comparison().matches(expected, actual)
            : known.reply().equals(actual.reply().toString());
    if (answered && matches) {
      return true;
    }
    Difference difference = difference(each, step, expected, actual);
    differences.add(known == null ? difference : difference.expecting(known.reply()));
    return answered;
  }

  private Difference difference(Case each, Step step, Frame expected, Frame actual) {
    String where = each.file() + ":" + step.line();
    String on = step.connection().equals(CaseFile.MAIN) ? "" : "@" + step.connection() + " ";
    return Difference.between(
        where, on + step.text(), reference.subject, expected, subject.subject, actual);
  }

  private Step.@Nullable Expectation known(Step step) {
    Step.Expectation known = step.known();
    if (known == null || !known.difference().lies(reference.subject, subject.subject)) {
      return null;
    }
    return known;
  }

  private static boolean isSilent(Frame frame) {
    return frame.reply().kind() == Reply.Kind.SILENCE;
  }

  /** One more command on every connection shows replies that no line has asked for. */
  private void compareLeftOvers(Case each, List<Difference> differences) throws IOException {
    Command last = Command.of("PING", "end of case");
    for (String name : List.copyOf(reference.connections.keySet())) {
      Frame expected = reference.connection(name).call(last);
      Frame actual = subject.connection(name).call(last);
      if (!Comparison.EXACT.matches(expected, actual)) {
        String where = each.file() + ":" + each.line() + " at the end, connection " + name;
        differences.add(
            Difference.between(
                where, last.toString(), reference.subject, expected, subject.subject, actual));
      }
    }
  }

  /** One of the two servers, with its named connections. */
  private static final class Server {
    /** Looks at a client until it must have been blocked, some seconds at least. */
    private static final int MOST_LOOKS = 100_000;

    private final Subject subject;
    private final int timeoutMillis;

    /** Not seen by cases: it empties the server before each. */
    private final RespClient control;

    private final Map<String, RespClient> connections = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private Protocol protocol = Protocol.RESP2;

    Server(Subject subject, int timeoutMillis) throws IOException {
      this.subject = subject;
      this.timeoutMillis = timeoutMillis;
      this.control = RespClient.connect(subject);
    }

    void reset(Protocol next) {
      protocol = next;
      Defaults.restore(control);
    }

    void send(Step step) throws IOException {
      if (step.action() == Step.Action.AWAIT) {
        return;
      }
      if (step.action() == Step.Action.RAW) {
        connection(step.connection()).send(Escapes.unescape(step.text()));
        return;
      }
      List<String> arguments = new ArrayList<>();
      for (String argument : step.arguments()) {
        arguments.add(substitute(argument));
      }
      connection(step.connection()).send(new Command(arguments).encodedBytes());
    }

    RespClient connection(String name) throws IOException {
      RespClient open = connections.get(name);
      if (open != null) {
        return open;
      }
      RespClient client = RespClient.connect(subject.host(), subject.port(), timeoutMillis);
      connections.put(name, client);
      Reply hello = client.call(protocol.hello()).reply();
      // An error, such as NOAUTH, leaves the connection in RESP2 and without a known id.
      if (hello.isAggregate()) {
        ids.put(name, hello.elements().get(7).text());
      }
      return client;
    }

    /** Silence, if the server says that a client is blocked; else what it says to the client. */
    Frame whileBlocked(String name) throws IOException {
      RespClient client = connection(name);
      Command list = Command.of("CLIENT", "LIST", "ID", ids.getOrDefault(name, ""));
      for (int i = 0; i < MOST_LOOKS; i++) {
        String line = control.call(list).reply().text();
        if (line.contains(" flags=b")) {
          return Frame.none(Reply.Kind.SILENCE);
        }
        if (client.hasReceived()) {
          break;
        }
      }
      return client.receive();
    }

    void disconnect(String name) {
      RespClient client = connections.remove(name);
      if (client != null) {
        client.close();
      }
    }

    void disconnectAll() {
      List.copyOf(connections.keySet()).forEach(this::disconnect);
    }

    void close() {
      disconnectAll();
      control.close();
    }

    /** {@code $id(b)}, {@code $addr(b)} and {@code $laddr(b)} stand for those of connection b. */
    private String substitute(String argument) throws IOException {
      if (!argument.startsWith("$") || !argument.endsWith(")")) {
        return argument;
      }
      int open = argument.indexOf('(');
      String name = argument.substring(open + 1, argument.length() - 1);
      RespClient client = connection(name);
      return switch (argument.substring(1, open)) {
        case "id" -> ids.getOrDefault(name, "");
        case "addr" -> client.localAddress();
        case "laddr" -> client.remoteAddress();
        default -> throw new IllegalArgumentException(argument);
      };
    }
  }
}
