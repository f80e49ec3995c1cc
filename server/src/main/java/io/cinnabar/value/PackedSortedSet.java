package io.cinnabar.value;

import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/**
 * A small sorted set: a listpack of members, each with its score behind it, in the order of the
 * scores, then of the members' bytes. A score that is an integer is one in the listpack, another is
 * its text.
 *
 * <p>A cursor over the packed bytes of {@link ValueBlock}s. What throws {@link
 * io.cinnabar.arena.ArenaFullException} has changed nothing.
 */
final class PackedSortedSet {
  private static final byte[] NONE = {};

  private final PackedBytes bytes;
  private final Slice text = new Slice();
  private final Slice scoreText = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private final byte[] scoreDigits = new byte[DoubleText.MAX_BYTES];

  private byte[] a = NONE;
  private int start;

  /** The member under the cursor. */
  private int p = Listpack.NONE;

  PackedSortedSet(PackedBytes bytes) {
    this.bytes = bytes;
  }

  private void load() {
    a = bytes.array();
    start = bytes.offset();
  }

  int count() {
    load();
    return Listpack.count(a, start) / 2;
  }

  /** The bytes of all. */
  int length() {
    return bytes.length();
  }

  /** The score of a member, or NaN; the cursor is over it then. */
  double score(Slice member) {
    load();
    p = Listpack.find(a, start, Listpack.first(a, start), member, 1);
    return p == Listpack.NONE ? Double.NaN : score();
  }

  /** The score of the member under the cursor. */
  double score() {
    return scoreAt(Listpack.next(a, start, p));
  }

  private double scoreAt(int at) {
    if (Listpack.isInteger(a, start, at)) {
      return Listpack.integer(a, start, at);
    }
    Listpack.text(a, start, at, scoreText, digits);
    return DoubleText.parse(scoreText);
  }

  /** The member under the cursor; valid until the next call here. */
  Slice member() {
    Listpack.text(a, start, p, text, digits);
    return text;
  }

  /** The rank of the member under the cursor, from 0 on. */
  int rank() {
    int rank = 0;
    for (int at = Listpack.first(a, start); at != p; at = behindPair(at)) {
      rank++;
    }
    return rank;
  }

  private int behindPair(int at) {
    return Listpack.next(a, start, Listpack.next(a, start, at));
  }

  boolean first() {
    load();
    p = Listpack.first(a, start);
    return p != Listpack.NONE;
  }

  boolean seekRank(long rank) {
    load();
    p = rank < Listpack.count(a, start) / 2 ? Listpack.seek(a, start, (int) rank * 2) : -1;
    return p != Listpack.NONE;
  }

  boolean seekScore(double score) {
    boolean more = first();
    while (more && score() < score) {
      more = next();
    }
    return more;
  }

  /** Moves over the member behind; false, and the cursor stays, when there is none. */
  boolean next() {
    int behind = behindPair(p);
    p = behind == Listpack.NONE ? p : behind;
    return behind != Listpack.NONE;
  }

  /** Moves over the member before; false, and the cursor stays, when there is none. */
  boolean previous() {
    int before = Listpack.previous(a, start, p);
    if (before == Listpack.NONE) {
      return false;
    }
    p = Listpack.previous(a, start, before);
    return true;
  }

  /** The members with a lesser score, or with one that is not greater. */
  int countBelow(double score, boolean orSame) {
    load();
    int count = 0;
    for (int at = Listpack.first(a, start); at != Listpack.NONE; count++) {
      int scoreAt = Listpack.next(a, start, at);
      double each = scoreAt(scoreAt);
      if (each > score || (each == score && !orSame)) {
        break;
      }
      at = Listpack.next(a, start, scoreAt);
    }
    return count;
  }

  /** The members before a bound, or not behind it, up to the first that is neither. */
  int countBelow(Slice bound, boolean orSame) {
    load();
    int count = 0;
    for (int at = Listpack.first(a, start); at != Listpack.NONE; at = behindPair(at)) {
      int compared = compare(at, bound);
      if (compared > 0 || (compared == 0 && !orSame)) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Where a member with this score belongs: before the pair there, or at the end. */
  private int placeOf(Slice member, double score) {
    for (int at = Listpack.first(a, start); at != Listpack.NONE; ) {
      int scoreAt = Listpack.next(a, start, at);
      double each = scoreAt(scoreAt);
      if (each > score || (each == score && compare(at, member) > 0)) {
        return at;
      }
      at = Listpack.next(a, start, scoreAt);
    }
    return Listpack.end(a, start);
  }

  private int compare(int at, Slice member) {
    Listpack.text(a, start, at, text, digits);
    return Arrays.compareUnsigned(
        text.array, text.offset, text.end(), member.array, member.offset, member.end());
  }

  /** Whether a listpack with one member more is one that others read. */
  boolean hasRoomFor(Slice member) {
    load();
    return Listpack.hasRoomFor(a, start, mostAddedBytes(member));
  }

  /** The most bytes that a pair may add. */
  static long mostAddedBytes(Slice member) {
    return member.length + DoubleText.MAX_BYTES + 20L;
  }

  /** Inserts a member that is not there. */
  void insert(Slice member, double score) {
    load();
    Listpack.insertPair(bytes, placeOf(member, score), member, text(score));
    load();
  }

  private Slice text(double score) {
    return scoreText.set(scoreDigits, 0, DoubleText.write(score, scoreDigits, 0));
  }

  /** Gives the member under the cursor another score. */
  void rescore(Slice member, double score) {
    int place = placeOf(member, score);
    int old = p;
    if (place == old || place == endOfPair(old)) {
      Listpack.replace(bytes, Listpack.next(a, start, old), text(score));
      load();
      return;
    }
    int length = bytes.length();
    Listpack.insertPair(bytes, place, member, text(score));
    // Written just now, so that taking away needs no memory.
    Listpack.delete(bytes, place < old ? old + bytes.length() - length : old, 2);
    load();
  }

  private int endOfPair(int at) {
    int behind = behindPair(at);
    return behind == Listpack.NONE ? Listpack.end(a, start) : behind;
  }

  /** Removes the member under the cursor. */
  void remove() {
    Listpack.delete(bytes, p, 2);
    load();
    p = Listpack.NONE;
  }

  void removeRange(int rank, int count) {
    Listpack.deleteRange(bytes, 2 * rank, 2 * count);
    load();
    p = Listpack.NONE;
  }

  void release() {
    a = NONE;
    text.set(NONE, 0, 0);
    scoreText.set(NONE, 0, 0);
    bytes.release();
  }

  void validate() {
    load();
    if (!Listpack.validate(a, start, bytes.length(), true) || Listpack.count(a, start) % 2 != 0) {
      throw new IllegalStateException("a damaged listpack");
    }
    int last = Listpack.NONE;
    Slice lastMember = new Slice();
    double lastScore = Double.NaN;
    for (boolean found = first(); found; found = next()) {
      double score = score();
      boolean inOrder =
          last == Listpack.NONE
              || score > lastScore
              || (score == lastScore && compare(p, lastMember) > 0);
      if (!inOrder) {
        throw new IllegalStateException("members in disorder");
      }
      last = p;
      lastScore = score;
      lastMember = new Slice(member().toByteArray());
    }
  }
}
