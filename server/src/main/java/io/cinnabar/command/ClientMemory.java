package io.cinnabar.command;

import org.jspecify.annotations.Nullable;

/**
 * What all clients cost in memory, as far as it was counted last, and which of them cost the most.
 * Those that may be evicted are kept in buckets by size, each twice as wide as the one below it, so
 * that counting a client anew and finding one of the largest take constant time however many
 * clients there are.
 */
final class ClientMemory {

  /** The lowest bucket holds all below so many bits: 32 KiB. */
  private static final int MIN_BITS = 15;

  /** The highest bucket holds all from 4 GiB on. */
  private static final int MAX_BITS = 33;

  private final Charge[] buckets = new Charge[MAX_BITS - MIN_BITS + 1];
  private long totalBytes;

  ClientMemory() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new Charge(null);
    }
  }

  /** The sum over all clients. */
  long totalBytes() {
    return totalBytes;
  }

  /** Counts a client that is new, or that may have changed. */
  void count(Session session) {
    Charge charge = session.memoryCharge();
    long bytes = session.memoryBytes();
    totalBytes += bytes - charge.bytes;
    charge.bytes = bytes;
    boolean evictable = session.isEvictable() && !session.isFollowing();
    Charge bucket = evictable ? buckets[bucketOf(bytes)] : null;
    if (bucket != charge.bucket) {
      charge.unlink();
      if (bucket != null) {
        charge.linkInto(bucket);
      }
    }
  }

  /** Takes out a client that is going. */
  void remove(Session session) {
    Charge charge = session.memoryCharge();
    totalBytes -= charge.bytes;
    charge.bytes = 0;
    charge.unlink();
  }

  /** A client of the highest bucket that has some, of those the one that came first; or null. */
  @Nullable Session largest() {
    for (int i = buckets.length - 1; i >= 0; i--) {
      Charge charge = buckets[i].next;
      while (charge.session != null) {
        Charge following = charge.next;
        count(charge.session);
        if (charge.bucket == buckets[i]) {
          return charge.session;
        }
        charge = following;
      }
    }
    return null;
  }

  private static int bucketOf(long bytes) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(bytes);
    return Math.min(Math.max(bits, MIN_BITS), MAX_BITS) - MIN_BITS;
  }

  /** One client's share, linked to the others in its bucket; a bucket is one without a client. */
  static final class Charge {

    private final @Nullable Session session;
    private Charge previous = this;
    private Charge next = this;
    private @Nullable Charge bucket;
    private long bytes;

    Charge(@Nullable Session session) {
      this.session = session;
    }

    private void linkInto(Charge bucket) {
      this.bucket = bucket;
      previous = bucket.previous;
      next = bucket;
      previous.next = this;
      bucket.previous = this;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      previous = this;
      next = this;
      bucket = null;
    }
  }
}
