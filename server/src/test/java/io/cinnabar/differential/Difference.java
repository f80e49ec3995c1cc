package io.cinnabar.differential;

/**
 * Two servers that did not answer alike.
 *
 * @param where the place in a case file or in a sequence
 * @param sent what they were sent, readable
 */
record Difference(
    String where, String sent, Subject reference, String expected, Subject subject, String actual) {

  static Difference between(
      String where, String sent, Subject reference, Frame expected, Subject subject, Frame actual) {
    String left = expected.reply().toString();
    String right = actual.reply().toString();
    if (left.equals(right) && !expected.bytes().equals(actual.bytes())) {
      left = "bytes " + Escapes.quote(expected.bytes());
      right = "bytes " + Escapes.quote(actual.bytes());
    }
    return new Difference(where, sent, reference, left, subject, right);
  }

  /** The same, where {@code reply} is right although the reference answers otherwise. */
  Difference expecting(String reply) {
    String expectation = reply + "  (known difference)";
    return new Difference(where, sent, reference, expectation, subject, actual);
  }

  @Override
  public String toString() {
    return String.format(
        "%s  %s%n    %-10s %s%n    %-10s %s%n",
        where,
        Escapes.abbreviate(sent),
        reference.name(),
        Escapes.abbreviate(expected),
        subject.name(),
        Escapes.abbreviate(actual));
  }
}
