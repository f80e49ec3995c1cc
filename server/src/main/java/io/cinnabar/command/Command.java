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
  private final int arity;
  private final int flags;
  private final int categories;
  private final Handler handler;
  private final List<KeySpec> keySpecs;
  private final @Nullable KeyFinder keyFinder;
  private final KeyRange keyRange;
  private final List<String> tips;
  private final CommandDocs docs;
  private final List<Argument> arguments;
  private final List<Command> subcommands;
  private final CommandIndex subcommandIndex;
  private final boolean variableKeyFlags;

  /** Numbers itself and then its subcommands from {@code firstId} on. */
  Command(CommandBuilder builder, int firstId) {
    fullName = builder.fullName();
    name = fullName.substring(fullName.indexOf('|') + 1);
    nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    id = firstId;
    arity = builder.arity();
    handler = builder.handler();
    keySpecs = List.copyOf(builder.keySpecs());
    keyFinder = builder.keyFinder();
    keyRange = KeyRange.of(keySpecs);
    flags = builder.flags() | (keyRange.incomplete() ? CommandFlag.MOVABLEKEYS.bit : 0);
    categories = builder.categories();
    tips = List.copyOf(builder.tips());
    docs = builder.docs();
    arguments = builder.arguments();
    variableKeyFlags = hasVariableFlags(keySpecs);
    List<Command> children = new ArrayList<>();
    for (CommandBuilder child : builder.subcommands()) {
      children.add(new Command(child, firstId + 1 + children.size()));
    }
    subcommands = List.copyOf(children);
    subcommandIndex = new CommandIndex(subcommands);
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
    return arity;
  }

  /** Whether a call of {@code argCount} words satisfies the arity. */
  public boolean acceptsArgumentCount(int argCount) {
    return arity >= 0 ? argCount == arity : argCount >= -arity;
  }

  public boolean has(CommandFlag flag) {
    return (flags & flag.bit) != 0;
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
    return arguments;
  }

  @Override
  public String toString() {
    return fullName;
  }
}
