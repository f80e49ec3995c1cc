package io.cinnabar.differential;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to each of two servers that both get the same commands. Not thread-safe. */
final class ConnectionPair implements AutoCloseable {
  /**
   * What both ends' socket buffers hold, so that nobody waits for anybody while commands go out.
   */
  private static final int BATCH_BYTES = 32 * 1024;

  private final Subject reference;
  private final Subject subject;
  private final RespClient referenceClient;
  private final RespClient subjectClient;
  private final boolean hasShorterDoubles;

  ConnectionPair(Subject reference, Subject subject, Protocol protocol) throws IOException {
    this.reference = reference;
    this.subject = subject;
    this.referenceClient = RespClient.connect(reference);
    this.subjectClient = RespClient.connect(subject);
    this.hasShorterDoubles = KnownDifference.SHORTEST_DOUBLE.lies(reference, subject);
    referenceClient.call(protocol.hello());
    subjectClient.call(protocol.hello());
  }

  /** Empties both. */
  void flush() {
    Defaults.restore(referenceClient);
    Defaults.restore(subjectClient);
  }

  /** What the reference answers to a command that both get. */
  Reply ask(Command command) {
    subjectClient.call(command);
    return referenceClient.call(command).reply();
  }

  /** What the subject alone answers. */
  Reply askSubject(Command command) {
    return subjectClient.call(command).reply();
  }

  /** Whether the servers differ in something known. */
  boolean has(KnownDifference difference) {
    return difference.lies(reference, subject);
  }

  /** A difference that was found by other means than comparing replies. */
  Difference difference(Command sent, String expected, String actual) {
    return new Difference("data", sent.toString(), reference, expected, subject, actual);
  }

  /** Where two servers part. */
  record Divergence(int index, Difference difference) {}

  /**
   * Sends commands in batches until a reply differs. Returns null if none does; else replies may be
   * left unread, so that the pair is good for nothing but being closed.
   */
  @Nullable Divergence run(List<Invocation> sequence) {
    int sent = 0;
    while (sent < sequence.size()) {
      StringBuilder batch = new StringBuilder();
      int first = sent;
      while (sent < sequence.size() && batch.length() < BATCH_BYTES) {
        batch.append(sequence.get(sent++).command().encoded());
      }
      referenceClient.send(batch.toString());
      subjectClient.send(batch.toString());
      for (int i = first; i < sent; i++) {
        Divergence divergence = compare(i, sequence.get(i));
        if (divergence != null) {
          return divergence;
        }
      }
    }
    return null;
  }

  @Override
  public void close() {
    referenceClient.close();
    subjectClient.close();
  }

  private @Nullable Divergence compare(int index, Invocation invocation) {
    Frame expected = referenceClient.receive();
    Frame actual = subjectClient.receive();
    boolean isAnswered = !expected.bytes().isEmpty();
    Frame wanted = hasShorterDoubles ? ShortestDoubles.adopt(expected, actual) : expected;
    if (isAnswered && invocation.comparison().matches(wanted, actual)) {
      return null;
    }
    String sent = invocation.command().toString();
    return new Divergence(
        index, Difference.between("command " + index, sent, reference, expected, subject, actual));
  }
}
