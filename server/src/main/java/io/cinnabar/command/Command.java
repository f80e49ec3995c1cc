package io.cinnabar.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command, a subcommand, or a container of subcommands, as it was declared. Immutable. Whatever
 * the dispatcher asks for each call is a comparison of a field; the rest serves COMMAND.
 */
public final class Command {
  private final String name;
  private final String fullName;
  private final byte[] nameBytes;
  private final int id;

  /**
   * The declaration, from which {@link #arity} and {@link #arguments} follow. It is read when
   * somebody asks for them: a start has no time to read all, and most are never asked for.
   */
  private final String syntax;

  /** 0 until asked for. */
  private int arity;

  private @Nullable List<Argument> arguments;
  private final int flags;
  private final int categories;
  private final boolean mayReplicate;
  private final InTransaction inTransaction;
  private final Handler handler;
  private final List<KeySpec> keySpecs;
  private final @Nullable KeyFinder keyFinder;
  private final KeyRange keyRange;
  private final List<String> tips;
  private final CommandDocs docs;
  private final List<Command> subcommands;
  private final CommandIndex subcommandIndex;
  private final boolean variableKeyFlags;
  private final boolean quick;
  private final boolean whileSubscribed;
  private final boolean failsWithWrites;
  private final int element;

  /** Numbers itself and then its subcommands from {@code firstId} on. */
  Command(CommandBuilder builder, int firstId) {
    fullName = builder.fullName();
    name = fullName.substring(fullName.indexOf('|') + 1);
    nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    id = firstId;
    syntax = builder.syntax();
    arity = builder.arity();
    handler = builder.handler();
    keySpecs = List.copyOf(builder.keySpecs());
    keyFinder = builder.keyFinder();
    keyRange = KeyRange.of(keySpecs);
    flags = builder.flags() | (keyRange.incomplete() ? CommandFlag.MOVABLEKEYS.bit : 0);
    categories = builder.categories();
    mayReplicate = builder.replicates() || has(CommandFlag.WRITE);
    inTransaction = builder.inTransaction();
    tips = List.copyOf(builder.tips());
    docs = builder.docs();
    quick = builder.isQuick();
    whileSubscribed = builder.runsWhileSubscribed();
    failsWithWrites = builder.failsWithWrites() || has(CommandFlag.WRITE);
    element = builder.element();
    variableKeyFlags = hasVariableFlags(keySpecs);
    List<Command> children = new ArrayList<>();
    for (CommandBuilder child : builder.subcommands()) {
      children.add(new Command(child, firstId + 1 + children.size()));
    }
    subcommands = List.copyOf(children);
    subcommandIndex = children.isEmpty() ? CommandIndex.EMPTY : CommandIndex.of(subcommands);
  }

  private static boolean hasVariableFlags(List<KeySpec> specs) {
    for (KeySpec spec : specs) {
      if (spec.has(KeyFlag.VARIABLE_FLAGS)) {
        return true;
      }
    }
    return false;
  }

  /** In lower case; a subcommand's is without its container's. */
  public String name() {
    return name;
  }

  /** In lower case, with the container's name and a bar in front where there is one. */
  public String fullName() {
    return fullName;
  }

  byte[] nameBytes() {
    return nameBytes;
  }

  /** Dense: an index for arrays of {@link CommandTable#count} elements. */
  public int id() {
    return id;
  }

  /** How many words a call has, its name among them; if negative, at least that many. */
  public int arity() {
    int known = arity;
    return known != 0 ? known : readArity();
  }

  /** Threads that do this at once come to the same. */
  private int readArity() {
    arity = Syntax.parse(syntax).arity();
    return arity;
  }

  /** Whether a call of {@code argCount} words satisfies the arity. */
  public boolean acceptsArgumentCount(int argCount) {
    int words = arity();
    return words >= 0 ? argCount == words : argCount >= -words;
  }

  public boolean has(CommandFlag flag) {
    return (flags & flag.bit) != 0;
  }

  /**
   * Whether a call with small arguments and a small reply takes hardly longer than any other, so
   * that it need not be measured alone.
   */
  boolean isQuick() {
    return quick;
  }

  /** The argument that is looked for in the first key's collection; 0: none is. */
  int element() {
    return element;
  }

  /** Whether it may change the data set, or reach the followers in another way. */
  boolean mayReplicate() {
    return mayReplicate;
  }

  /** Whether clients of RESP2 may call it while they are subscribed. */
  boolean runsWhileSubscribed() {
    return whileSubscribed;
  }

  /** Whether it is refused while writes are. */
  boolean failsWithWrites() {
    return failsWithWrites;
  }

  /** What becomes of it between MULTI and EXEC. */
  InTransaction inTransaction() {
    return inTransaction;
  }

  /** Whether it reads or changes the data set. */
  boolean touchesKeyspace() {
    return mayReplicate || has(CommandFlag.READONLY);
  }

  public boolean in(AclCategory category) {
    return (categories & category.bit) != 0;
  }

  /** A container's arity keeps it from being run without a subcommand, unless it has a handler. */
  public Handler handler() {
    return handler;
  }

  public boolean isContainer() {
    return !subcommands.isEmpty();
  }

  public List<Command> subcommands() {
    return subcommands;
  }

  /** The subcommand of that name, whatever its case. */
  public @Nullable Command subcommand(byte[] array, int offset, int length) {
    return subcommandIndex.find(array, offset, length);
  }

  public List<KeySpec> keySpecs() {
    return keySpecs;
  }

  /** The first key's index, or 0 where an index alone doesn't tell. */
  public int firstKey() {
    return keyRange.first();
  }

  /** The last key's index, from the end if negative, as far as one range can tell. */
  public int lastKey() {
    return keyRange.last();
  }

  /** From one key of that range to the next. */
  public int keyStep() {
    return keyRange.step();
  }

  /** Whether it has keys and reads no others than those among its arguments. */
  boolean namesAllKeys() {
    boolean all = !keySpecs.isEmpty();
    for (int i = 0; i < keySpecs.size() && all; i++) {
      KeySpec spec = keySpecs.get(i);
      all = !spec.has(KeyFlag.INCOMPLETE) && spec.begin() != KeySpec.Begin.UNKNOWN;
    }
    return all;
  }

  public boolean hasKeys() {
    return !keySpecs.isEmpty() || keyFinder != null;
  }

  /**
   * Finds the keys among {@code arguments}, which satisfy the arity. False, and an undefined
   * content of {@code keys}, when the arguments make no sense.
   */
  public boolean findKeys(CommandArguments arguments, KeyPositions keys) {
    keys.clear();
    if (!variableKeyFlags || keyFinder == null) {
      if (findKeysBySpecs(arguments, keys)) {
        return true;
      }
      keys.clear();
    }
    return keyFinder != null && keyFinder.find(arguments, keys);
  }

  private boolean findKeysBySpecs(CommandArguments arguments, KeyPositions keys) {
    for (int i = 0; i < keySpecs.size(); i++) {
      KeySpec spec = keySpecs.get(i);
      if (!spec.has(KeyFlag.NOT_KEY) && !spec.find(arguments, keys)) {
        return false;
      }
      if (spec.has(KeyFlag.INCOMPLETE) && keyFinder != null) {
        return false;
      }
    }
    return true;
  }

  public List<String> tips() {
    return tips;
  }

  public CommandDocs docs() {
    return docs;
  }

  public List<Argument> arguments() {
    List<Argument> known = arguments;
    if (known == null) {
      known = List.copyOf(Syntax.parse(syntax).arguments(keySpecs.size()));
      arguments = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return fullName;
  }
}
