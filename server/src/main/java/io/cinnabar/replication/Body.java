package io.cinnabar.replication;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the primary's data set ends: after so many bytes, or with a mark of 40 bytes that the
 * primary has drawn for this time. Behind a mark nothing comes before it was acknowledged, so it is
 * looked for at the end of what has come. On the loop's thread.
 */
final class Body {

  static final int MARK_BYTES = 40;

  private static final byte[] NONE = {};

  private final long totalBytes;
  private final byte[] mark;
  private final byte[] newest;
  private long receivedBytes;

  private Body(long totalBytes, byte[] mark) {
    this.totalBytes = totalBytes;
    this.mark = mark;
    newest = new byte[mark.length];
  }

  /** One of a known length. */
  static Body ofLength(long bytes) {
    return new Body(bytes, NONE);
  }

  /** One that ends with a mark. */
  static Body upTo(byte[] mark) {
    return new Body(PrimaryLink.NONE, mark);
  }

  /** How long the mark is behind the data set; 0 where there is none. */
  int markBytes() {
    return mark.length;
  }

  /** Whether these are the mark. */
  boolean isMark(byte[] bytes) {
    return Arrays.equals(bytes, mark);
  }

  /** How many of these bytes belong to it. */
  int take(ByteBuffer bytes) {
    return totalBytes == PrimaryLink.NONE
        ? bytes.remaining()
        : (int) Math.min(bytes.remaining(), totalBytes - receivedBytes);
  }

  /** So many more have come. */
  void took(byte[] bytes, int offset, int length) {
    receivedBytes += length;
    int count = Math.min(length, newest.length);
    System.arraycopy(newest, count, newest, 0, newest.length - count);
    System.arraycopy(bytes, offset + length - count, newest, newest.length - count, count);
  }

  long receivedBytes() {
    return receivedBytes;
  }

  long totalBytes() {
    return totalBytes;
  }

  boolean isWhole() {
    return totalBytes == PrimaryLink.NONE
        ? receivedBytes >= MARK_BYTES && isMark(newest)
        : receivedBytes == totalBytes;
  }
}
