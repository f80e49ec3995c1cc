package io.cinnabar.value;

/** How much of a stream is to be deleted from its oldest end. */
public final class StreamTrim {

  /** What the trimming stops at. */
  public enum Strategy {
    /** There is none. */
    NONE,
    /** The number of entries. */
    MAXLEN,
    /** An ID. */
    MINID
  }

  public Strategy strategy = Strategy.NONE;

  /** How many entries are left; with {@link Strategy#MAXLEN}. */
  public long maxLength;

  /** The least ID that is left; with {@link Strategy#MINID}. */
  public final StreamId minId = new StreamId();

  /** Whether only whole nodes are deleted. */
  public boolean isApproximate;

  /** How many entries are deleted at most; 0: no limit. */
  public long limit;

  /** No trimming. */
  public void clear() {
    strategy = Strategy.NONE;
    isApproximate = false;
    limit = 0;
  }

  boolean isShortEnough(long count) {
    return strategy == Strategy.MAXLEN && count <= maxLength;
  }

  /** Whether a node is deleted whose last ID this is and without which so many are left. */
  boolean isWhole(long left, long lastMs, long lastSeq) {
    return strategy == Strategy.MAXLEN
        ? left >= maxLength
        : StreamId.compare(lastMs, lastSeq, minId.ms, minId.seq) < 0;
  }

  /** Whether the entry with this ID stays, and all behind it. */
  boolean isDone(long count, StreamId id) {
    return strategy == Strategy.MAXLEN ? count <= maxLength : id.compareTo(minId) >= 0;
  }
}
