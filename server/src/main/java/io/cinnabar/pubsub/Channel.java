package io.cinnabar.pubsub;

import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Line;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/** A channel or a pattern to which somebody has subscribed. */
final class Channel {

  private final BytesKey key;
  private @Nullable Place<Channel> place;
  private final Line<Subscriber> subscribers = new Line<>();

  /**
   * @param key is kept
   */
  Channel(BytesKey key) {
    this.key = key;
  }

  BytesKey key() {
    return key;
  }

  /** Where it stands among its kind; null if those stand nowhere. */
  @Nullable Place<Channel> place() {
    return place;
  }

  void place(Place<Channel> place) {
    this.place = place;
  }

  Slice name() {
    return key.bytes();
  }

  Line<Subscriber> subscribers() {
    return subscribers;
  }
}
