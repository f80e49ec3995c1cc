package io.cinnabar.pubsub;

import io.cinnabar.pubsub.Subscriptions.Subscription;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.KeyHash;
import io.cinnabar.structure.Line;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All channels and patterns that somebody has subscribed to. A message is encoded once for a
 * channel, and once for each pattern that it matches, whatever the number of subscribers: what
 * RESP2 and RESP3 write differs in the first byte alone.
 *
 * <p>Whoever is sent a message may be closed for not reading, and leave while it is handed out.
 */
public final class PubSub {

  private static final byte ARRAY = '*';
  private static final byte PUSH = '>';

  private final KeyHash hash;

  /** By kind. Made anew when the last one goes: a map never becomes smaller. */
  private final List<Map<BytesKey, Channel>> kinds = new ArrayList<>();

  /** The patterns in a line, through which a message walks while some may go. */
  private final Line<Channel> patternLine = new Line<>();

  private final BytesKey sought = new BytesKey();
  private final ReplyBuffer message = new ReplyBuffer();
  private final ReplyWriter writer = new ReplyWriter();

  /**
   * With nobody listening.
   *
   * @param seed so that nobody can choose names that collide
   */
  public PubSub(long seed) {
    hash = new KeyHash(seed);
    for (int i = 0; i < ChannelKind.values().length; i++) {
      kinds.add(new LinkedHashMap<>());
    }
  }

  @SuppressWarnings("EnumOrdinal") // an index for this run alone
  private Map<BytesKey, Channel> of(ChannelKind kind) {
    return kinds.get(kind.ordinal());
  }

  @SuppressWarnings("EnumOrdinal") // an index for this run alone
  private void remove(ChannelKind kind, Channel channel) {
    of(kind).remove(channel.key());
    if (of(kind).isEmpty()) {
      kinds.set(kind.ordinal(), new LinkedHashMap<>());
    }
  }

  private BytesKey key(Slice name) {
    return sought.set(0, name, hash.of(name));
  }

  // ---- subscribing

  /** Subscribes a client, unless it is subscribed already. */
  public void subscribe(ChannelKind kind, Slice name, Subscriber subscriber) {
    Subscriptions subscriptions = subscriber.subscriptions();
    BytesKey key = key(name);
    if (subscriptions.of(kind).containsKey(key)) {
      return;
    }
    Channel channel = of(kind).get(key);
    if (channel == null) {
      channel = new Channel(BytesKey.copyOf(key));
      of(kind).put(channel.key(), channel);
      if (kind == ChannelKind.PATTERN) {
        channel.place(patternLine.add(channel));
      }
    }
    subscriptions.add(kind, new Subscription(channel, channel.subscribers().add(subscriber)));
  }

  /** Ends a subscription, if there is such a one. */
  public void unsubscribe(ChannelKind kind, Slice name, Subscriber subscriber) {
    Subscription subscription = subscriber.subscriptions().of(kind).get(key(name));
    if (subscription != null) {
      end(kind, subscription, subscriber.subscriptions());
    }
  }

  /** Ends all subscriptions of a client, without telling it. */
  public void unsubscribeAll(Subscriber subscriber) {
    Subscriptions subscriptions = subscriber.subscriptions();
    if (!subscriptions.isEmpty()) {
      for (ChannelKind kind : ChannelKind.values()) {
        for (Subscription subscription : List.copyOf(subscriptions.of(kind).values())) {
          end(kind, subscription, subscriptions);
        }
      }
    }
  }

  private void end(ChannelKind kind, Subscription subscription, Subscriptions of) {
    Channel channel = subscription.channel();
    subscription.place().leave();
    of.remove(kind, subscription);
    if (channel.subscribers().isEmpty()) {
      remove(kind, channel);
      Place<Channel> place = channel.place();
      if (place != null) {
        place.leave();
      }
    }
  }

  // ---- publishing

  /** Whether nobody would get a message, whatever its channel. */
  public boolean isSilent() {
    return of(ChannelKind.CHANNEL).isEmpty() && of(ChannelKind.PATTERN).isEmpty();
  }

  /**
   * Sends a message to all that listen to its channel, and to patterns that match it.
   *
   * @return how many it was sent to; a client counts once for each subscription
   */
  public int publish(Slice channel, Slice text) {
    int receivers = sendTo(ChannelKind.CHANNEL, channel, text);
    for (Place<Channel> at = patternLine.first(); at != null; at = at.next()) {
      Channel pattern = at.member();
      if (!at.isLeft() && Glob.matches(pattern.name(), channel)) {
        receivers += send(ChannelKind.PATTERN, pattern, channel, text);
      }
    }
    return receivers;
  }

  /** As {@link #publish}, to a channel of the shard; patterns don't hear of those. */
  public int publishToShard(Slice channel, Slice text) {
    return sendTo(ChannelKind.SHARD_CHANNEL, channel, text);
  }

  private int sendTo(ChannelKind kind, Slice name, Slice text) {
    Map<BytesKey, Channel> of = of(kind);
    Channel channel = of.isEmpty() ? null : of.get(key(name));
    return channel == null ? 0 : send(kind, channel, name, text);
  }

  private int send(ChannelKind kind, Channel to, Slice name, Slice text) {
    message.reset();
    writer.target(message, false);
    writer.array(kind == ChannelKind.PATTERN ? 4 : 3);
    writer.bulk(kind.message());
    if (kind == ChannelKind.PATTERN) {
      writer.bulk(to.name());
    }
    writer.bulk(name);
    writer.bulk(text);
    int receivers = 0;
    Line<Subscriber> line = to.subscribers();
    for (Place<Subscriber> at = line.first(); at != null; at = at.next()) {
      if (!at.isLeft()) {
        message.array()[0] = at.member().isResp3() ? PUSH : ARRAY;
        at.member().message(message.array(), 0, message.size());
        receivers++;
      }
    }
    return receivers;
  }

  // ---- figures

  /** How many channels, or patterns, somebody has subscribed to. */
  public int count(ChannelKind kind) {
    return of(kind).size();
  }

  /** How many clients have subscribed to one of them. */
  public int count(ChannelKind kind, Slice name) {
    Channel channel = of(kind).get(key(name));
    return channel == null ? 0 : channel.subscribers().size();
  }

  /**
   * The names of all that somebody has subscribed to, in no order.
   *
   * @param pattern that they match; null for all
   */
  public List<Slice> names(ChannelKind kind, @Nullable Slice pattern) {
    List<Slice> names = new ArrayList<>();
    for (Channel channel : of(kind).values()) {
      if (pattern == null || Glob.matches(pattern, channel.name())) {
        names.add(channel.name());
      }
    }
    return names;
  }
}
