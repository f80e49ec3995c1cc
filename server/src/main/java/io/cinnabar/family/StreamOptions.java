package io.cinnabar.family;

import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamTrim;

/** What XADD and XTRIM are told before the entry, if there is one. */
final class StreamOptions {
  final StreamTrim trim = new StreamTrim();

  /** The ID of the new entry, if it is given. */
  final StreamId id = new StreamId();

  boolean hasId;

  /** Whether the sequence number of the ID is given, too. */
  boolean hasSequence;

  /** Whether a stream is made that is not there. */
  boolean mayCreate;

  // Where in the command they are.

  int idAt;
  int operatorAt;
  int thresholdAt;

  void clear() {
    trim.clear();
    hasId = false;
    hasSequence = false;
    mayCreate = true;
    idAt = 0;
    operatorAt = 0;
    thresholdAt = 0;
  }
}
