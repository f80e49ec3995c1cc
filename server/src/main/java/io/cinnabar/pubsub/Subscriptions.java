package io.cinnabar.pubsub;

import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one client has subscribed to: for each kind of channel, its places there. */
public final class Subscriptions {

  /** The objects of one, on both sides, as if nobody else listened to its channel. */
  private static final long SUBSCRIPTION_BYTES = 300;

  private final List<Map<BytesKey, Subscription>> kinds = new ArrayList<>();
  private int count;
  private long nameBytes;

  /** None yet. */
  public Subscriptions() {
    for (int i = 0; i < ChannelKind.values().length; i++) {
      kinds.add(Map.of());
    }
  }

  /** A place at a channel. */
  record Subscription(Channel channel, Place<Subscriber> place) {}

  /** Those of one kind, oldest first; not to be changed. */
  @SuppressWarnings("EnumOrdinal") // an index for this run alone
  Map<BytesKey, Subscription> of(ChannelKind kind) {
    return kinds.get(kind.ordinal());
  }

  @SuppressWarnings("EnumOrdinal") // an index for this run alone
  void add(ChannelKind kind, Subscription subscription) {
    Map<BytesKey, Subscription> held = of(kind);
    if (held.isEmpty()) {
      held = new LinkedHashMap<>();
      kinds.set(kind.ordinal(), held);
    }
    held.put(subscription.channel().key(), subscription);
    count++;
    nameBytes += subscription.channel().name().length;
  }

  @SuppressWarnings("EnumOrdinal") // an index for this run alone
  void remove(ChannelKind kind, Subscription subscription) {
    Map<BytesKey, Subscription> held = of(kind);
    held.remove(subscription.channel().key());
    if (held.isEmpty()) {
      kinds.set(kind.ordinal(), Map.of());
    }
    count--;
    nameBytes -= subscription.channel().name().length;
  }

  /** How many there are of one kind. */
  public int count(ChannelKind kind) {
    return of(kind).size();
  }

  /** The names of one kind, oldest first. */
  public List<Slice> names(ChannelKind kind) {
    List<Slice> names = new ArrayList<>();
    for (Subscription subscription : of(kind).values()) {
      names.add(subscription.channel().name());
    }
    return names;
  }

  /** Whether there is none at all. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** What they cost. */
  public long memoryBytes() {
    return memoryBytes(count, nameBytes);
  }

  /** What so many cost, whose names are so long together. */
  public static long memoryBytes(long count, long nameBytes) {
    return count * SUBSCRIPTION_BYTES + nameBytes;
  }
}
