package io.cinnabar.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Declares one command. The ACL categories that follow from flags (read, write, admin, dangerous,
 * pubsub, fast, slow, blocking) and {@link CommandFlag#MOVABLEKEYS} are derived, never declared.
 */
public final class CommandBuilder {

  private final String group;
  private final String syntax;
  private final String fullName;
  private final Handler handler;
  private final List<KeySpec> keySpecs = new ArrayList<>();
  private final List<String> tips = new ArrayList<>();
  private final List<String> docFlags = new ArrayList<>();
  private final List<CommandDocs.Change> history = new ArrayList<>();
  private final List<CommandBuilder> subcommands = new ArrayList<>();
  private int flags;
  private boolean mayReplicate;
  private InTransaction inTransaction = InTransaction.QUEUED;
  private int categories;
  private int arity;
  private int element;
  private boolean quick;
  private boolean whileSubscribed;
  private boolean failsWithWrites;
  private @Nullable KeyFinder keyFinder;
  private @Nullable String since;
  private @Nullable String complexity;
  private @Nullable String summary;
  private @Nullable String deprecatedSince;
  private @Nullable String replacedBy;

  CommandBuilder(String group, String syntax, Handler handler) {
    this.group = group;
    this.syntax = syntax;
    this.fullName = Syntax.name(syntax);
    this.handler = handler;
  }

  public CommandBuilder flags(CommandFlag... added) {
    for (CommandFlag flag : added) {
      flags |= flag.bit;
      categories |= categoriesOf(flag);
    }
    return this;
  }

  /**
   * Although not flagged {@link CommandFlag#FAST}, it takes constant time but for the bytes of its
   * arguments.
   */
  public CommandBuilder quick() {
    quick = true;
    return this;
  }

  /** Adds categories that neither family nor flags give. */
  public CommandBuilder acl(AclCategory... added) {
    return acl(List.of(added));
  }

  CommandBuilder acl(List<AclCategory> added) {
    for (AclCategory category : added) {
      categories |= category.bit;
    }
    return this;
  }

  /**
   * Without being a write it may have something for the followers, as PUBLISH does, or scripts: it
   * waits where writes do.
   */
  public CommandBuilder mayReplicate() {
    mayReplicate = true;
    return this;
  }

  /** For the few commands that are not queued between MULTI and EXEC. */
  public CommandBuilder inTransaction(InTransaction fate) {
    inTransaction = fate;
    return this;
  }

  /** Clients of RESP2 may call it while they are subscribed, as they may no others. */
  public CommandBuilder whileSubscribed() {
    whileSubscribed = true;
    return this;
  }

  /** Without being a write it is refused where writes are, to show that the server is not well. */
  public CommandBuilder failingWithWrites() {
    failsWithWrites = true;
    return this;
  }

  /** For the few commands whose arity isn't what their documented arguments say. */
  public CommandBuilder arity(int arity) {
    this.arity = arity;
    return this;
  }

  /** A key is the argument at {@code index} (the command's name is at 0). */
  public CommandBuilder key(int index, KeyFlag... flags) {
    return add(KeySpec.range(index, 0, 1, flags));
  }

  /**
   * The argument at {@code index} is an element that is looked for in the collection of the first
   * key: it is read ahead of the command, where that is large.
   */
  public CommandBuilder element(int index) {
    element = index;
    return this;
  }

  /**
   * Keys are every {@code step}-th argument from {@code first} on.
   *
   * @param last the last key's index, or, if negative, counted from the end: -1 is the last
   *     argument
   */
  public CommandBuilder keys(int first, int last, int step, KeyFlag... flags) {
    return add(KeySpec.range(first, last < 0 ? last : last - first, step, flags));
  }

  /** The argument at {@code index} is the number of keys that follow it. */
  public CommandBuilder keyCount(int index, KeyFlag... flags) {
    return add(KeySpec.number(index, flags));
  }

  /** A key follows {@code keyword}, which is looked for from {@code startFrom} on. */
  public CommandBuilder keyAfter(String keyword, int startFrom, KeyFlag... flags) {
    return add(KeySpec.keyword(keyword, startFrom, 0, 1, 0, flags));
  }

  /**
   * Keys follow {@code keyword} up to the end, or, with a {@code limit} above 0, up to one {@code
   * limit}-th of what follows.
   *
   * @param startFrom where to look; if negative, backwards from there, counted from the end
   */
  public CommandBuilder keysAfter(String keyword, int startFrom, int limit, KeyFlag... flags) {
    return add(KeySpec.keyword(keyword, startFrom, -1, 1, limit, flags));
  }

  /** There are keys that only a {@linkplain #keyFinder finder} finds. */
  public CommandBuilder unknownKeys(KeyFlag... flags) {
    return add(KeySpec.unknown(flags));
  }

  /** Says something about the keys declared last. */
  public CommandBuilder keyNotes(String notes) {
    int last = keySpecs.size() - 1;
    keySpecs.set(last, keySpecs.get(last).withNotes(notes));
    return this;
  }

  /** Finds the keys where the specifications can't, or not what is done with them. */
  public CommandBuilder keyFinder(KeyFinder finder) {
    this.keyFinder = finder;
    return this;
  }

  /** Adds {@link CommandTips}. */
  public CommandBuilder tips(String... added) {
    tips.addAll(List.of(added));
    return this;
  }

  public CommandBuilder since(String version) {
    this.since = version;
    return this;
  }

  public CommandBuilder complexity(String text) {
    this.complexity = text;
    return this;
  }

  /** One sentence of our own. */
  public CommandBuilder summary(String text) {
    this.summary = text;
    return this;
  }

  /** What a later version changed; in the order of versions. */
  public CommandBuilder history(String version, String text) {
    history.add(new CommandDocs.Change(version, text));
    return this;
  }

  public CommandBuilder deprecated(String sinceVersion, String replacement) {
    docFlags.add("deprecated");
    this.deprecatedSince = sinceVersion;
    this.replacedBy = replacement;
    return this;
  }

  /** For the server's own use, not for applications. */
  public CommandBuilder systemCommand() {
    docFlags.add("syscmd");
    return this;
  }

  private CommandBuilder add(KeySpec spec) {
    keySpecs.add(spec);
    return this;
  }

  void addSubcommand(CommandBuilder subcommand) {
    for (CommandBuilder other : subcommands) {
      if (other.fullName().equals(subcommand.fullName())) {
        throw new IllegalArgumentException("declared twice: " + subcommand.fullName());
      }
    }
    subcommands.add(subcommand);
  }

  String fullName() {
    return fullName;
  }

  String syntax() {
    return syntax;
  }

  /** What {@link #arity(int)} says; 0 where the syntax tells. */
  int arity() {
    return arity;
  }

  int flags() {
    return flags;
  }

  boolean failsWithWrites() {
    return failsWithWrites;
  }

  boolean runsWhileSubscribed() {
    return whileSubscribed;
  }

  InTransaction inTransaction() {
    return inTransaction;
  }

  boolean replicates() {
    return mayReplicate;
  }

  int categories() {
    return has(CommandFlag.FAST) ? categories : categories | AclCategory.SLOW.bit;
  }

  private int categoriesOf(CommandFlag flag) {
    return switch (flag) {
      case WRITE -> AclCategory.WRITE.bit;
      case READONLY -> group.equals("scripting") ? 0 : AclCategory.READ.bit;
      case ADMIN -> AclCategory.ADMIN.bit | AclCategory.DANGEROUS.bit;
      case PUBSUB -> AclCategory.PUBSUB.bit;
      case FAST -> AclCategory.FAST.bit;
      case BLOCKING -> AclCategory.BLOCKING.bit;
      default -> 0;
    };
  }

  int element() {
    return element;
  }

  boolean isQuick() {
    return quick || has(CommandFlag.FAST);
  }

  private boolean has(CommandFlag flag) {
    return (flags & flag.bit) != 0;
  }

  Handler handler() {
    return handler;
  }

  List<KeySpec> keySpecs() {
    return keySpecs;
  }

  @Nullable KeyFinder keyFinder() {
    return keyFinder;
  }

  List<String> tips() {
    return tips;
  }

  CommandDocs docs() {
    return new CommandDocs(
        summary, since, group, complexity, docFlags, deprecatedSince, replacedBy, history);
  }

  List<CommandBuilder> subcommands() {
    return subcommands;
  }
}
