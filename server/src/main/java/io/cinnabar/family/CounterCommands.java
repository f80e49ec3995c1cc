package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.LongDouble;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;

/** Commands that count: on strings that are numbers. */
public final class CounterCommands {

  static final CommandError OVERFLOW =
      new CommandError("ERR increment or decrement would overflow");
  private static final CommandError DECREMENT_OVERFLOW =
      new CommandError("ERR decrement would overflow");
  static final CommandError NAN_OR_INFINITY =
      new CommandError("ERR increment would produce NaN or Infinity");
  private static final byte[] SET = Slice.of("SET").array;
  private static final byte[] KEEPTTL = Slice.of("KEEPTTL").array;

  private CounterCommands() {}

  public static void declare(CommandTable.Builder table) {
    declareNumbers(table.family("string"));
  }

  private static void declareNumbers(FamilyBuilder string) {
    string
        .command("INCR key", CounterCommands::incr)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Adds one to an integer.");
    string
        .command("DECR key", CounterCommands::decr)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Takes one from an integer.");
    string
        .command("INCRBY key increment:integer", CounterCommands::incrby)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Adds to an integer.");
    string
        .command("DECRBY key decrement:integer", CounterCommands::decrby)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Takes from an integer.");
    string
        .command("INCRBYFLOAT key increment:double", CounterCommands::incrbyfloat)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("2.6.0")
        .complexity("O(1)")
        .summary("Adds to a number that may have a fraction.");
  }

  private static void incr(Call call) {
    add(call, 1);
  }

  private static void decr(Call call) {
    add(call, -1);
  }

  private static void incrby(Call call) {
    add(call, call.integer(2));
  }

  private static void decrby(Call call) {
    long decrement = call.integer(2);
    if (decrement == Long.MIN_VALUE) {
      throw DECREMENT_OVERFLOW;
    }
    add(call, -decrement);
  }

  private static void add(Call call, long increment) {
    Slice key = call.arg(1);
    StringValue value = call.editString(key);
    long before = 0;
    if (value != null) {
      before = integer(value);
    }
    long after = before + increment;
    if (((before ^ after) & (increment ^ after)) < 0) {
      throw OVERFLOW;
    }
    if (value == null) {
      byte[] digits = new byte[IntegerText.length(after)];
      IntegerText.write(after, digits, 0);
      call.setString(key, new Slice(digits), false);
    } else {
      value.setInteger(after);
    }
    call.changed(key, KeyEvent.INCRBY);
    call.reply().integer(after);
  }

  /** A string need not be stored as an integer to be one: APPEND may have made it. */
  private static long integer(StringValue value) {
    if (value.isInteger()) {
      return value.integer();
    }
    Slice text = value.bytes();
    if (!IntegerText.isLong(text)) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return IntegerText.toLong(text);
  }

  private static void incrbyfloat(Call call) {
    Slice key = call.arg(1);
    StringValue value = call.editString(key);
    LongDouble after;
    if (value == null) {
      after = number(call.arg(2));
    } else {
      after = number(value.bytes()).add(number(call.arg(2)));
    }
    if (!after.isFinite()) {
      throw NAN_OR_INFINITY;
    }
    Slice stored = new Slice(after.toText());
    if (value == null) {
      create(call, key, stored);
    } else {
      value.setText(stored);
    }
    call.changed(key, KeyEvent.INCRBYFLOAT);
    if (call.isFollowed()) {
      call.propagateAs(SET, key.toByteArray(), stored.array, KEEPTTL);
    }
    call.reply().bulk(stored);
  }

  /** Makes a string that is held as text, even where it could be held as an integer. */
  private static void create(Call call, Slice key, Slice text) {
    StringValue made = call.createString(key);
    try {
      made.setText(text);
    } catch (ArenaFullException full) {
      call.removeFound();
      throw full;
    }
  }

  private static LongDouble number(Slice text) {
    LongDouble number = LongDouble.parse(text);
    if (number == null) {
      throw CommandError.NOT_A_FLOAT;
    }
    return number;
  }
}
