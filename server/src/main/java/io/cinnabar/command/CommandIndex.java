package io.cinnabar.command;

import java.util.List;
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

  private final long[] words;
  private final @Nullable Command[] commands;
  private final long multiplier;
  private final int shift;

  /** Over the names that the commands have below their containers. */
  CommandIndex(List<Command> list) {
    int bits = Math.max(2, 34 - Integer.numberOfLeadingZeros(Math.max(1, list.size())));
    long[] keys = new long[list.size()];
    for (int i = 0; i < keys.length; i++) {
      byte[] name = list.get(i).nameBytes();
      keys[i] = word(name, 0, name.length);
    }
    shift = Long.SIZE - bits;
    words = new long[1 << bits];
    commands = new Command[1 << bits];
    multiplier = bestMultiplier(keys, shift);
    for (int i = 0; i < keys.length; i++) {
      add(keys[i], list.get(i));
    }
  }

  private void add(long word, Command command) {
    int slot = slot(word, multiplier, shift);
    while (commands[slot] != null) {
      slot = (slot + 1) & (commands.length - 1);
    }
    words[slot] = word;
    commands[slot] = command;
  }

  @Nullable Command find(byte[] array, int offset, int length) {
    long word = word(array, offset, length);
    int slot = slot(word, multiplier, shift);
    for (Command command; (command = commands[slot]) != null; ) {
      if (words[slot] == word && hasName(command, array, offset, length)) {
        return command;
      }
      slot = (slot + 1) & (commands.length - 1);
    }
    return null;
  }

  static int lowerCase(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  private static boolean hasName(Command command, byte[] array, int offset, int length) {
    byte[] name = command.nameBytes();
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
    long word = 0;
    int head = Math.min(length, Long.BYTES);
    for (int i = 0; i < head; i++) {
      word = (word << 8) | (lowerCase(array[offset + i]) & 0xff);
    }
    for (int i = head; i < length; i++) {
      word = word * MIX + lowerCase(array[offset + i]);
    }
    return word;
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
