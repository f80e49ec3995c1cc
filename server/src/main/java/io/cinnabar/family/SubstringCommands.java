package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;

/** Commands on the length of strings and on parts of them. */
public final class SubstringCommands {

  private static final String SUBSTRING_COMPLEXITY = "O(N) for a piece of N bytes";
  private static final CommandError TOO_LONG =
      new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  private static final CommandError NEGATIVE_OFFSET =
      new CommandError("ERR offset is out of range");

  private SubstringCommands() {}

  public static void declare(CommandTable.Builder table) {
    declareParts(table.family("string"));
  }

  private static void declareParts(FamilyBuilder string) {
    string
        .command("APPEND key value", SubstringCommands::append)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("2.0.0")
        .complexity("O(1) on average for short pieces: a string that grows gets room to spare")
        .summary("Adds bytes to the end of a string.");
    string
        .command("SETRANGE key offset:integer value", SubstringCommands::setrange)
        .flags(WRITE, DENYOOM)
        .key(1, RW, UPDATE)
        .since("2.2.0")
        .complexity("O(1) for a short piece, O(M) for one of M bytes")
        .summary("Writes bytes over a part of a string.");
    string
        .command("GETRANGE key start:integer end:integer", SubstringCommands::getrange)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.4.0")
        .complexity(SUBSTRING_COMPLEXITY)
        .summary("Reads a part of a string.");
    string
        .command("SUBSTR key start:integer end:integer", SubstringCommands::getrange)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.0.0")
        .complexity(SUBSTRING_COMPLEXITY)
        .deprecated("2.0.0", "`GETRANGE`")
        .summary("Reads a part of a string.");
    string
        .command("STRLEN key", SubstringCommands::strlen)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("2.2.0")
        .complexity("O(1)")
        .summary("Tells how long a string is, in bytes.");
  }

  private static void strlen(Call call) {
    StringValue value = call.readString(call.arg(1));
    call.reply().integer(value == null ? 0 : value.length());
  }

  private static void append(Call call) {
    Slice key = call.arg(1);
    Slice tail = call.arg(2);
    StringValue value = call.editString(key);
    long length = tail.length;
    if (value == null) {
      call.setString(key, tail, false);
    } else {
      length += value.length();
      checkLength(call, length);
      value.append(tail);
    }
    call.changed(key, KeyEvent.APPEND);
    call.reply().integer(length);
  }

  private static void setrange(Call call) {
    Slice key = call.arg(1);
    long offset = call.integer(2);
    Slice part = call.arg(3);
    if (offset < 0) {
      throw NEGATIVE_OFFSET;
    }
    StringValue value = call.editString(key);
    int length = value == null ? 0 : value.length();
    if (part.isEmpty()) {
      call.reply().integer(length);
      return;
    }
    long end = offset + part.length;
    checkLength(call, end);
    if (value == null) {
      Slice text = call.createString(key, (int) end);
      System.arraycopy(
          part.array, part.offset, text.array, text.offset + (int) offset, part.length);
    } else {
      value.overwrite((int) offset, part);
    }
    call.changed(key, KeyEvent.SETRANGE);
    call.reply().integer(Math.max(length, end));
  }

  private static void checkLength(Call call, long length) {
    if (length < 0 || length > call.engine().settings().maxBulkLength) {
      throw TOO_LONG;
    }
  }

  private static void getrange(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    StringValue value = call.readString(call.arg(1));
    if (value == null || (start < 0 && end < 0 && start > end)) {
      call.reply().bulk("");
      return;
    }
    Slice bytes = value.bytes();
    long length = bytes.length;
    start = Math.max(0, start < 0 ? length + start : start);
    end = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
    if (start > end) {
      call.reply().bulk("");
    } else {
      call.reply().bulk(bytes.array, bytes.offset + (int) start, (int) (end - start + 1));
    }
  }
}
