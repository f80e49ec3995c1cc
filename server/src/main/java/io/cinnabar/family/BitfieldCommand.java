package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.structure.Bits;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;

/**
 * BITFIELD and BITFIELD_RO. The operations are read twice: to check them all and to see how long
 * the string has to be, then to carry them out, so that nothing has to be kept in between.
 *
 * <p>A field's type is its width in bits, from 1 to 64, negative where the number has a sign.
 */
final class BitfieldCommand {

  private static final CommandError TYPE =
      new CommandError(
          "ERR Invalid bitfield type. Use something like i16 u8."
              + " Note that u64 is not supported but i64 is.");
  private static final CommandError OVERFLOW_TYPE =
      new CommandError("ERR Invalid OVERFLOW type specified");
  private static final CommandError ONLY_GET =
      new CommandError("ERR BITFIELD_RO only supports the GET subcommand");

  private static final int FIRST_OPERATION = 2;
  private static final Slice NOTHING = new Slice();
  private static final int READ_KEY = KeyFlag.setOf(KeyFlag.RO, KeyFlag.ACCESS);
  private static final int WRITTEN_KEY = KeyFlag.setOf(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE);

  private enum Overflow {
    WRAP,
    SAT,
    FAIL
  }

  private enum Word {
    GET(3),
    SET(4),
    INCRBY(4),
    OVERFLOW(2);

    /** Arguments of the operation, its own word included. */
    private final int arguments;

    Word(int arguments) {
      this.arguments = arguments;
    }
  }

  private BitfieldCommand() {}

  static void run(Call call) {
    long lastWritten = check(call);
    if (lastWritten < 0) {
      read(call);
    } else {
      write(call, (int) (lastWritten >>> 3) + 1);
    }
  }

  static void runReadOnly(Call call) {
    if (check(call) >= 0) {
      throw ONLY_GET;
    }
    read(call);
  }

  /** It writes unless all that can be made out of the arguments is GET and OVERFLOW. */
  static boolean findKey(CommandArguments arguments, KeyPositions keys) {
    int flags = READ_KEY;
    for (int i = FIRST_OPERATION; i < arguments.argCount(); ) {
      Slice word = arguments.arg(i);
      int left = arguments.argCount() - i;
      if (word.isWord("get") && left >= Word.GET.arguments) {
        i += Word.GET.arguments;
      } else if (word.isWord("overflow") && left >= Word.OVERFLOW.arguments) {
        i += Word.OVERFLOW.arguments;
      } else {
        flags = WRITTEN_KEY;
        break;
      }
    }
    keys.add(1, flags);
    return true;
  }

  // ---- reading the arguments

  /** Checks all operations; the last bit that one of them may write, -1 if all only read. */
  private static long check(Call call) {
    long lastWritten = -1;
    for (int i = FIRST_OPERATION; i < call.argCount(); ) {
      Word word = word(call, i);
      if (word == Word.OVERFLOW) {
        overflow(call, i + 1);
      } else {
        int type = type(call.arg(i + 1));
        long bit = BitmapCommands.bitOffset(call, i + 2, Math.abs(type));
        if (word != Word.GET) {
          lastWritten = Math.max(lastWritten, bit + Math.abs(type) - 1);
          call.integer(i + 3);
        }
      }
      i += word.arguments;
    }
    return lastWritten;
  }

  private static Word word(Call call, int index) {
    Word word;
    if (call.isWord(index, "get")) {
      word = Word.GET;
    } else if (call.isWord(index, "incrby")) {
      word = Word.INCRBY;
    } else if (call.isWord(index, "set")) {
      word = Word.SET;
    } else if (call.isWord(index, "overflow")) {
      word = Word.OVERFLOW;
    } else {
      throw CommandError.SYNTAX;
    }
    if (index + word.arguments > call.argCount()) {
      throw CommandError.SYNTAX;
    }
    return word;
  }

  private static Overflow overflow(Call call, int index) {
    if (call.isWord(index, "wrap")) {
      return Overflow.WRAP;
    } else if (call.isWord(index, "sat")) {
      return Overflow.SAT;
    } else if (call.isWord(index, "fail")) {
      return Overflow.FAIL;
    }
    throw OVERFLOW_TYPE;
  }

  /** {@code i5} is -5, {@code u5} is 5; what follows a NUL doesn't count. */
  private static int type(Slice text) {
    int end = 0;
    while (end < text.length && text.at(end) != 0) {
      end++;
    }
    boolean signed = end > 0 && text.at(0) == 'i';
    if ((!signed && (end == 0 || text.at(0) != 'u'))
        || !IntegerText.isLong(text.array, text.offset + 1, end - 1)) {
      throw TYPE;
    }
    long width = IntegerText.toLong(text.array, text.offset + 1, end - 1);
    if (width < 1 || width > (signed ? Long.SIZE : Long.SIZE - 1)) {
      throw TYPE;
    }
    return (int) (signed ? -width : width);
  }

  // ---- carrying them out

  private static void read(Call call) {
    StringValue value = call.readString(call.arg(1));
    carryOut(call, value == null ? NOTHING : value.bytes(), false);
  }

  private static void write(Call call, int minLength) {
    Slice key = call.arg(1);
    StringValue value = call.editString(key);
    boolean grows = value == null || value.length() < minLength;
    Slice bytes = value == null ? call.createString(key, minLength) : value.edit(minLength);
    long changes = carryOut(call, bytes, grows);
    if (changes > 0 || grows) {
      // Redis counts each write. Where all failed it doesn't tell of the new zeros, which then are
      // here and not with its followers: no example.
      call.changed(key, KeyEvent.SETBIT);
      call.changed(Math.max(0, changes - 1));
    }
  }

  /** Replies; the number of writes that changed something, of a string that has grown of all. */
  private static long carryOut(Call call, Slice bytes, boolean hasGrown) {
    int mark = call.reply().beginDeferred();
    int results = 0;
    long changes = 0;
    Overflow overflow = Overflow.WRAP;
    for (int i = FIRST_OPERATION; i < call.argCount(); ) {
      Word word = word(call, i);
      if (word == Word.OVERFLOW) {
        overflow = overflow(call, i + 1);
      } else {
        results++;
        changes += carryOut(call, i, word, overflow, bytes, hasGrown) ? 1 : 0;
      }
      i += word.arguments;
    }
    call.reply().endArray(mark, results);
    return changes;
  }

  private static boolean carryOut(
      Call call, int index, Word word, Overflow overflow, Slice bytes, boolean hasGrown) {
    int type = type(call.arg(index + 1));
    int width = Math.abs(type);
    long bit = BitmapCommands.bitOffset(call, index + 2, width);
    long before = extended(type, Bits.field(bytes.array, bytes.offset, bytes.length, bit, width));
    if (word == Word.GET) {
      call.reply().integer(before);
      return false;
    }
    long number = call.integer(index + 3);
    boolean adds = word == Word.INCRBY;
    long start = adds ? before : number;
    long increment = adds ? number : 0;
    int beyond = overflow == Overflow.WRAP ? 0 : beyond(type, start, increment);
    if (beyond != 0 && overflow == Overflow.FAIL) {
      call.reply().nullBulk();
      return false;
    }
    long after = beyond == 0 ? extended(type, start + increment) : limit(type, beyond);
    Bits.putField(bytes.array, bytes.offset, bytes.length, bit, width, after);
    call.reply().integer(adds ? after : before);
    return hasGrown || after != before;
  }

  /** The lowest bits of a number, as many as the type has, as a number of that type. */
  private static long extended(int type, long bits) {
    int unused = Long.SIZE - Math.abs(type);
    return type < 0 ? bits << unused >> unused : bits << unused >>> unused;
  }

  /** Whether a sum lies above (1) or below (-1) what the type holds; 0 where it fits. */
  private static int beyond(int type, long start, long increment) {
    long sum = start + increment;
    if (type > 0) {
      // Only an increment leads below: a negative number that is set is taken for a large one.
      return sum < 0 ? (increment < 0 ? -1 : 1) : sum > limit(type, 1) ? 1 : 0;
    }
    if (type > -Long.SIZE && start < limit(type, 1) - Long.MAX_VALUE) {
      // SET of a number so low that its distance from the greatest wraps around: as in Redis.
      return 1;
    }
    if (((start ^ sum) & (increment ^ sum)) < 0) {
      return increment < 0 ? -1 : 1;
    }
    return sum > limit(type, 1) ? 1 : sum < limit(type, -1) ? -1 : 0;
  }

  /** The greatest number of a type, or, with -1, the least. */
  private static long limit(int type, int sign) {
    if (type > 0) {
      return sign > 0 ? -1L >>> (Long.SIZE - type) : 0;
    }
    long greatest = Long.MAX_VALUE >>> (Long.SIZE + type);
    return sign > 0 ? greatest : ~greatest;
  }
}
