package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;
import static io.cinnabar.command.KeyFlag.VARIABLE_FLAGS;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.Bits;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;

/** Commands on strings that are arrays of bits. */
public final class BitmapCommands {

  private static final CommandError OFFSET =
      new CommandError("ERR bit offset is not an integer or out of range");
  private static final CommandError NO_BIT =
      new CommandError("ERR bit is not an integer or out of range");
  private static final CommandError BIT_SOUGHT =
      new CommandError("ERR The bit argument must be 1 or 0.");

  private BitmapCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder bitmap = table.family("bitmap");
    declareBits(bitmap);
    declareWholeBitmaps(bitmap);
    declareBitfield(bitmap);
  }

  private static void declareBits(FamilyBuilder bitmap) {
    bitmap
        .command("SETBIT key offset:integer value:integer", BitmapCommands::setbit)
        .flags(WRITE, DENYOOM)
        .key(1, RW, ACCESS, UPDATE)
        .since("2.2.0")
        .complexity("O(1)")
        .summary("Sets or clears one bit of a string and tells what it was.");
    bitmap
        .command("GETBIT key offset:integer", BitmapCommands::getbit)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("2.2.0")
        .complexity("O(1)")
        .summary("Reads one bit of a string.");
  }

  private static void declareWholeBitmaps(FamilyBuilder bitmap) {
    bitmap
        .command(
            "BITCOUNT key [range:<start:integer end:integer [unit:(BYTE | BIT)@7.0.0]>]",
            BitmapCommands::bitcount)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.6.0")
        .complexity("O(N) for a range of N bytes")
        .summary("Counts the bits of a string that are set.")
        .history("7.0.0", "Takes `BYTE` and `BIT`.");
    bitmap
        .command(
            "BITPOS key bit:integer [range:<start:integer"
                + " [end-unit-block:<end:integer [unit:(BYTE | BIT)@7.0.0]>]>]",
            BitmapCommands::bitpos)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.8.7")
        .complexity("O(N) for a range of N bytes")
        .summary("Finds the first bit of a string that is set, or clear.")
        .history("7.0.0", "Takes `BYTE` and `BIT`.");
    bitmap
        .command("BITOP operation:AND|OR|XOR|NOT destkey:key key...", new BitopCommand()::run)
        .flags(WRITE, DENYOOM)
        .key(2, OW, UPDATE)
        .keys(3, -1, 1, RO, ACCESS)
        .since("2.6.0")
        .complexity("O(N) for strings of N bytes together")
        .summary("Combines the bits of several strings and stores the result.");
  }

  private static void declareBitfield(FamilyBuilder bitmap) {
    bitmap
        .command(
            "BITFIELD key [operation:("
                + "GET get-block:<encoding offset:integer>"
                + " | write:<[OVERFLOW overflow-block:(WRAP | SAT | FAIL)]"
                + " write-operation:("
                + "SET set-block:<encoding offset:integer value:integer>"
                + " | INCRBY incrby-block:<encoding offset:integer increment:integer>)>)...]",
            BitfieldCommand::run)
        .flags(WRITE, DENYOOM)
        .key(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS)
        .keyNotes("without `SET` and `INCRBY` it only reads")
        .keyFinder(BitfieldCommand::findKey)
        .since("3.2.0")
        .complexity("O(1) for each operation")
        .summary("Reads and writes integers of any width inside a string.");
    bitmap
        .command(
            "BITFIELD_RO key [GET... get-block:<encoding offset:integer>]",
            BitfieldCommand::runReadOnly)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("6.0.0")
        .complexity("O(1) for each operation")
        .summary("Reads integers of any width inside a string.");
  }

  /**
   * An argument as the number of a bit.
   *
   * @param width what a number behind {@code #} is multiplied by; 0 where none is allowed
   */
  static long bitOffset(Call call, int index, int width) {
    Slice text = call.arg(index);
    int skipped = width > 0 && text.length > 0 && text.at(0) == '#' ? 1 : 0;
    int digits = text.length - skipped;
    if (!IntegerText.isLong(text.array, text.offset + skipped, digits)) {
      throw OFFSET;
    }
    long bit = IntegerText.toLong(text.array, text.offset + skipped, digits);
    if (skipped > 0) {
      // A product beyond 64 bits wraps around, and may be a valid offset again: as in Redis.
      bit *= width;
    }
    if (bit < 0 || bit >>> 3 >= call.engine().settings().maxBulkLength) {
      throw OFFSET;
    }
    return bit;
  }

  private static void setbit(Call call) {
    Slice key = call.arg(1);
    long bit = bitOffset(call, 2, 0);
    long on = call.integer(3, NO_BIT);
    if ((on & ~1) != 0) {
      throw NO_BIT;
    }
    int length = (int) (bit >>> 3) + 1;
    StringValue value = call.editString(key);
    if (value == null) {
      write(call.createString(key, length), bit, on);
      call.changed(key, KeyEvent.SETBIT);
      call.reply().integer(0);
      return;
    }
    boolean grows = value.length() < length;
    long before = bit(value.bytes(), bit);
    boolean changes = grows || before != on;
    // What stays as it is becomes raw even so, but needs no copy for a view.
    if (changes || !value.isRaw()) {
      write(value.edit(length), bit, on);
    }
    if (changes) {
      call.changed(key, KeyEvent.SETBIT);
    }
    call.reply().integer(before);
  }

  private static void write(Slice bytes, long bit, long on) {
    Bits.set(bytes.array, bytes.offset, bit, on != 0);
  }

  /** A bit of a string, which zeros follow. */
  private static int bit(Slice bytes, long bit) {
    return bit >>> 3 < bytes.length ? Bits.get(bytes.array, bytes.offset, bit) : 0;
  }

  private static void getbit(Call call) {
    long bit = bitOffset(call, 2, 0);
    StringValue value = call.readString(call.arg(1));
    call.reply().integer(value == null ? 0 : bit(value.bytes(), bit));
  }

  private static void bitcount(Call call) {
    StringValue value = call.readString(call.arg(1));
    if (value == null) {
      call.reply().integer(0);
      return;
    }
    Slice bytes = value.bytes();
    int arguments = call.argCount();
    if (arguments == 2) {
      call.reply().integer(Bits.count(bytes.array, bytes.offset, bytes.length));
      return;
    }
    if (arguments != 4 && arguments != 5) {
      throw CommandError.SYNTAX;
    }
    long start = call.integer(2);
    long end = call.integer(3);
    if (start < 0 && end < 0 && start > end) {
      call.reply().integer(0);
      return;
    }
    boolean byBits = arguments == 5 && unitIsBit(call, 4);
    long total = byBits ? 8L * bytes.length : bytes.length;
    long first = fromEnd(start, total);
    long last = Math.min(fromEnd(end, total), total - 1);
    if (first > last) {
      call.reply().integer(0);
    } else if (byBits) {
      call.reply().integer(Bits.count(bytes.array, bytes.offset, first, last));
    } else {
      int length = (int) (last - first + 1);
      call.reply().integer(Bits.count(bytes.array, bytes.offset + (int) first, length));
    }
  }

  private static void bitpos(Call call) {
    long sought = call.integer(2);
    if ((sought & ~1) != 0) {
      throw BIT_SOUGHT;
    }
    boolean on = sought == 1;
    StringValue value = call.readString(call.arg(1));
    if (value == null) {
      call.reply().integer(on ? -1 : 0);
      return;
    }
    Slice bytes = value.bytes();
    int arguments = call.argCount();
    if (arguments > 6) {
      throw CommandError.SYNTAX;
    }
    long start = arguments > 3 ? call.integer(3) : 0;
    boolean byBits = arguments == 6 && unitIsBit(call, 5);
    long end = arguments > 4 ? call.integer(4) : -1;
    long total = byBits ? 8L * bytes.length : bytes.length;
    long first = fromEnd(start, total);
    long last = Math.min(fromEnd(end, total), total - 1);
    if (first > last) {
      call.reply().integer(-1);
      return;
    }
    if (!byBits) {
      first *= 8;
      last = 8 * last + 7;
    }
    long found = Bits.indexOf(on, bytes.array, bytes.offset, first, last);
    // Without an end the string is followed by zeros.
    call.reply().integer(found < 0 && !on && arguments <= 4 ? 8L * bytes.length : found);
  }

  private static boolean unitIsBit(Call call, int index) {
    if (call.isWord(index, "bit")) {
      return true;
    }
    if (call.isWord(index, "byte")) {
      return false;
    }
    throw CommandError.SYNTAX;
  }

  /** An index, where a negative one counts from the end; before the first it is the first. */
  private static long fromEnd(long index, long total) {
    return index < 0 ? Math.max(0, total + index) : index;
  }
}
