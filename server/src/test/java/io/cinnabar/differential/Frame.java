package io.cinnabar.differential;

/**
 * A reply as it came.
 *
 * @param bytes exactly what the server sent, one char a byte
 * @param reply what the bytes say
 */
record Frame(String bytes, Reply reply) {

  /** No reply came, for the reason that {@code kind} names. */
  static Frame none(Reply.Kind kind) {
    return new Frame("", Reply.leaf(kind, ""));
  }
}
