package io.cinnabar.command;

import io.cinnabar.arena.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands by name, whatever its case: a hash table with open addressing, filled once. The first
 * eight bytes of a name, in lower case, are its key; longer names mix the rest in and are compared
 * byte by byte. The multiplier that spreads the keys is chosen for the names at hand, so that
 * nearly every look-up ends at its first slot. Immutable; look-ups allocate nothing.
 */
final class CommandIndex {

  private static final int CANDIDATES = 32;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** Over no names. */
  static final CommandIndex EMPTY = new CommandIndex(Map.of());

  private final long[] words;
  private final byte[][] names;
  private final @Nullable Command[] commands;
  private final long multiplier;
  private final int shift;

  /** Over the names that the commands have below their containers. */
  static CommandIndex of(List<Command> commands) {
    Map<String, Command> byName = new LinkedHashMap<>();
    for (Command command : commands) {
      byName.put(new String(command.nameBytes(), StandardCharsets.ISO_8859_1), command);
    }
    return new CommandIndex(byName);
  }

  /** Over any names, in lower case, one char from 0 to 255 for each byte. */
  CommandIndex(Map<String, Command> byName) {
    int bits = Math.max(2, 34 - Integer.numberOfLeadingZeros(Math.max(1, byName.size())));
    long[] keys = new long[byName.size()];
    int count = 0;
    for (String name : byName.keySet()) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      keys[count++] = word(bytes, 0, bytes.length);
    }
    shift = Long.SIZE - bits;
    words = new long[1 << bits];
    names = new byte[1 << bits][];
    commands = new Command[1 << bits];
    multiplier = bestMultiplier(keys, shift);
    for (Map.Entry<String, Command> entry : byName.entrySet()) {
      add(entry.getKey().getBytes(StandardCharsets.ISO_8859_1), entry.getValue());
    }
  }

  private void add(byte[] name, Command command) {
    long word = word(name, 0, name.length);
    int slot = slot(word, multiplier, shift);
    while (commands[slot] != null) {
      slot = (slot + 1) & (commands.length - 1);
    }
    words[slot] = word;
    names[slot] = name;
    commands[slot] = command;
  }

  @Nullable Command find(byte[] array, int offset, int length) {
    long word = word(array, offset, length);
    int slot = slot(word, multiplier, shift);
    for (Command command; (command = commands[slot]) != null; ) {
      if (words[slot] == word && hasName(names[slot], array, offset, length)) {
        return command;
      }
      slot = (slot + 1) & (commands.length - 1);
    }
    return null;
  }

  static int lowerCase(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  private static boolean hasName(byte[] name, byte[] array, int offset, int length) {
    if (name.length != length) {
      return false;
    }
    if (length > Long.BYTES) {
      for (int i = 0; i < length; i++) {
        if (name[i] != lowerCase(array[offset + i])) {
          return false;
        }
      }
    }
    return true;
  }

  private static long word(byte[] array, int offset, int length) {
    int head = Math.min(length, Long.BYTES);
    long word = 0;
    if (head > 0 && offset <= array.length - Long.BYTES) {
      long bytes = Long.reverseBytes(Bytes.getLong(array, offset));
      word = lowerCase(bytes >>> (Long.SIZE - Byte.SIZE * head));
    } else {
      for (int i = 0; i < head; i++) {
        word = (word << 8) | (lowerCase(array[offset + i]) & 0xff);
      }
    }
    for (int i = head; i < length; i++) {
      word = word * MIX + lowerCase(array[offset + i]);
    }
    return word;
  }

  /** Eight at once: sets the bit 0x20 of each byte from A to Z. */
  private static long lowerCase(long bytes) {
    long low = bytes & 0x7f7f7f7f7f7f7f7fL;
    long fromA = low + 0x3f3f3f3f3f3f3f3fL;
    long beyondZ = low + 0x2525252525252525L;
    return bytes | (fromA & ~beyondZ & ~bytes & 0x8080808080808080L) >>> 2;
  }

  private static int slot(long word, long multiplier, int shift) {
    return (int) ((word * multiplier) >>> shift);
  }

  private static long bestMultiplier(long[] keys, int shift) {
    long best = MIX;
    int fewest = Integer.MAX_VALUE;
    long candidate = MIX;
    for (int i = 0; i < CANDIDATES && fewest > 0; i++) {
      int collisions = collisions(keys, candidate, shift);
      if (collisions < fewest) {
        fewest = collisions;
        best = candidate;
      }
      candidate = candidate * 0xD1342543DE82EF95L + 2;
    }
    return best;
  }

  private static int collisions(long[] keys, long multiplier, int shift) {
    boolean[] taken = new boolean[1 << (Long.SIZE - shift)];
    int collisions = 0;
    for (long key : keys) {
      int slot = slot(key, multiplier, shift);
      if (taken[slot]) {
        collisions++;
      }
      taken[slot] = true;
    }
    return collisions;
  }
}
