package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.KeyFlag.NOT_KEY;
import static io.cinnabar.pubsub.ChannelKind.CHANNEL;
import static io.cinnabar.pubsub.ChannelKind.PATTERN;
import static io.cinnabar.pubsub.ChannelKind.SHARD_CHANNEL;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.Session;
import io.cinnabar.pubsub.ChannelKind;
import io.cinnabar.pubsub.PubSub;
import io.cinnabar.pubsub.Subscriptions;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import java.util.List;

/** Channels: subscribing to them and to patterns, publishing, and what is known of them. */
public final class PubSubCommands {

  private static final String SUBSCRIBE_COMPLEXITY = "O(N) for N channels";

  private PubSubCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder pubSub = table.family("pubsub");
    declareChannels(pubSub);
    declarePatterns(pubSub);
    declareShardChannels(pubSub);
    declareInspection(pubSub);
  }

  private static void declareChannels(FamilyBuilder pubSub) {
    pubSub
        .command("SUBSCRIBE channel...", call -> subscribe(call, CHANNEL))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .since("2.0.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Has the client sent what is published on some channels.");
    pubSub
        .command("UNSUBSCRIBE [channel...]", call -> unsubscribe(call, CHANNEL))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .since("2.0.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Ends subscriptions to channels.");
    pubSub
        .command("PUBLISH channel message", PubSubCommands::publish)
        .flags(CommandFlag.PUBSUB, LOADING, STALE, FAST)
        .mayReplicate()
        .since("2.0.0")
        .complexity("O(N+M) for N subscribers of the channel and M patterns of all clients")
        .summary("Sends a message to all who listen to a channel.");
  }

  private static void declarePatterns(FamilyBuilder pubSub) {
    pubSub
        .command("PSUBSCRIBE pattern:<pattern>...", call -> subscribe(call, PATTERN))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .since("2.0.0")
        .complexity("O(N) for N patterns")
        .summary("Has the client sent what is published on all channels that match patterns.");
    pubSub
        .command("PUNSUBSCRIBE [pattern...]", call -> unsubscribe(call, PATTERN))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .since("2.0.0")
        .complexity("O(N+M) for N patterns to end and M of all clients")
        .summary("Ends subscriptions to patterns.");
  }

  private static void declareShardChannels(FamilyBuilder pubSub) {
    pubSub
        .command("SSUBSCRIBE shardchannel...", call -> subscribe(call, SHARD_CHANNEL))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .keys(1, -1, 1, NOT_KEY)
        .since("7.0.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Has the client sent what is published on some channels of the shard.");
    pubSub
        .command("SUNSUBSCRIBE [shardchannel...]", call -> unsubscribe(call, SHARD_CHANNEL))
        .flags(CommandFlag.PUBSUB, NOSCRIPT, LOADING, STALE)
        .whileSubscribed()
        .keys(1, -1, 1, NOT_KEY)
        .since("7.0.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Ends subscriptions to channels of the shard.");
    pubSub
        .command("SPUBLISH shardchannel message", PubSubCommands::spublish)
        .flags(CommandFlag.PUBSUB, LOADING, STALE, FAST)
        .mayReplicate()
        .key(1, NOT_KEY)
        .since("7.0.0")
        .complexity("O(N) for N subscribers of the channel")
        .summary("Sends a message to all who listen to a channel of the shard.");
  }

  private static void declareInspection(FamilyBuilder pubSub) {
    pubSub
        .container("PUBSUB")
        .since("2.8.0")
        .complexity("That of its subcommands")
        .summary("Tells about channels.");
    pubSub
        .command("PUBSUB|CHANNELS [pattern]", call -> channels(call, CHANNEL))
        .flags(CommandFlag.PUBSUB, LOADING, STALE)
        .since("2.8.0")
        .complexity("O(N) for N channels")
        .summary("Names the channels that somebody listens to.");
    pubSub
        .command("PUBSUB|NUMSUB [channel...]", call -> numsub(call, CHANNEL))
        .flags(CommandFlag.PUBSUB, LOADING, STALE)
        .since("2.8.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Counts the subscribers of channels, without those of patterns.");
    pubSub
        .command("PUBSUB|NUMPAT", PubSubCommands::numpat)
        .flags(CommandFlag.PUBSUB, LOADING, STALE)
        .since("2.8.0")
        .complexity("O(1)")
        .summary("Counts the patterns that somebody listens to.");
    pubSub
        .command("PUBSUB|SHARDCHANNELS [pattern]", call -> channels(call, SHARD_CHANNEL))
        .flags(CommandFlag.PUBSUB, LOADING, STALE)
        .since("7.0.0")
        .complexity("O(N) for N channels")
        .summary("Names the channels of the shard that somebody listens to.");
    pubSub
        .command("PUBSUB|SHARDNUMSUB [shardchannel...]", call -> numsub(call, SHARD_CHANNEL))
        .flags(CommandFlag.PUBSUB, LOADING, STALE)
        .since("7.0.0")
        .complexity(SUBSCRIBE_COMPLEXITY)
        .summary("Counts the subscribers of channels of the shard.");
    pubSub
        .command("PUBSUB|HELP", PubSubCommands::help)
        .flags(LOADING, STALE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  // ---- subscribing

  private static void subscribe(Call call, ChannelKind kind) {
    call.replyIsMessage();
    call.keep(Subscriptions.memoryBytes(call.argCount() - 1, call.argumentBytes(1)));
    Session session = call.session();
    PubSub pubSub = call.engine().pubSub();
    for (int i = 1; i < call.argCount(); i++) {
      Slice name = call.arg(i);
      pubSub.subscribe(kind, name, session);
      replyCount(call, kind, kind.subscribed(), name);
    }
    session.keptChanged();
  }

  private static void unsubscribe(Call call, ChannelKind kind) {
    call.replyIsMessage();
    Session session = call.session();
    PubSub pubSub = call.engine().pubSub();
    if (call.argCount() == 1) {
      unsubscribeAll(call, kind);
    }
    for (int i = 1; i < call.argCount(); i++) {
      Slice name = call.arg(i);
      pubSub.unsubscribe(kind, name, session);
      replyCount(call, kind, kind.unsubscribed(), name);
    }
    session.keptChanged();
  }

  private static void unsubscribeAll(Call call, ChannelKind kind) {
    Session session = call.session();
    List<Slice> names = session.subscriptions().names(kind);
    for (Slice name : names) {
      call.engine().pubSub().unsubscribe(kind, name, session);
      replyCount(call, kind, kind.unsubscribed(), name);
    }
    if (names.isEmpty()) {
      beginReply(call, kind.unsubscribed());
      call.reply().nullBulk();
      call.reply().integer(count(session, kind));
    }
  }

  private static void replyCount(Call call, ChannelKind kind, String what, Slice name) {
    beginReply(call, what);
    call.reply().bulk(name);
    call.reply().integer(count(call.session(), kind));
  }

  private static void beginReply(Call call, String what) {
    call.reply().push(3);
    call.reply().bulk(what);
  }

  /** Channels and patterns count together. */
  private static int count(Session session, ChannelKind kind) {
    return kind == SHARD_CHANNEL
        ? session.subscriptionCount(SHARD_CHANNEL)
        : session.subscriptionCount(CHANNEL) + session.subscriptionCount(PATTERN);
  }

  // ---- publishing

  private static void publish(Call call) {
    call.reply().integer(call.engine().pubSub().publish(call.arg(1), call.arg(2)));
    call.propagateMessage();
  }

  private static void spublish(Call call) {
    call.reply().integer(call.engine().pubSub().publishToShard(call.arg(1), call.arg(2)));
    call.propagateMessage();
  }

  // ---- what there is

  private static void channels(Call call, ChannelKind kind) {
    if (call.argCount() > 3) {
      throw call.unknownForm();
    }
    Slice pattern = call.argCount() == 3 ? call.arg(2) : null;
    List<Slice> names = call.engine().pubSub().names(kind, pattern);
    call.reply().array(names.size());
    names.forEach(call.reply()::bulk);
  }

  private static void numsub(Call call, ChannelKind kind) {
    ReplyWriter reply = call.reply();
    reply.array(2 * (call.argCount() - 2));
    for (int i = 2; i < call.argCount(); i++) {
      reply.bulk(call.arg(i));
      reply.integer(call.engine().pubSub().count(kind, call.arg(i)));
    }
  }

  private static void numpat(Call call) {
    call.reply().integer(call.engine().pubSub().count(PATTERN));
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "CHANNELS [<pattern>]",
        "Names the channels that somebody listens to (those that match the pattern).",
        "NUMPAT",
        "Counts the patterns that somebody listens to.",
        "NUMSUB [<channel> ...]",
        "Counts the subscribers of each channel, without those of patterns.",
        "SHARDCHANNELS [<pattern>]",
        "Names the channels of the shard that somebody listens to.",
        "SHARDNUMSUB [<shardchannel> ...]",
        "Counts the subscribers of each channel of the shard.");
  }
}
