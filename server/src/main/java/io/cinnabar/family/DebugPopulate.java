package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/** DEBUG POPULATE: many strings at once. Keys that are there already stay as they are. */
final class DebugPopulate {

  private static final CommandError NOT_POSITIVE =
      new CommandError("ERR value is out of range, must be positive");

  private DebugPopulate() {}

  static void run(Call call) {
    long count = positive(call, 2);
    String prefix = call.argCount() > 3 ? call.argText(3) : "key";
    long size = call.argCount() > 4 ? positive(call, 4) : 0;
    if (size > call.engine().settings().maxBulkLength || size > Integer.MAX_VALUE) {
      throw NOT_POSITIVE;
    }
    for (long i = 0; i < count; i++) {
      Slice key = slice(prefix + ":" + i);
      if (call.editOther(call.database(), key) == null) {
        Slice value = slice("value:" + i);
        if (size > 0) {
          value = new Slice(Arrays.copyOf(value.array, (int) size));
        }
        call.setString(key, value, false);
        call.alsoTouched(key, KeyEvent.NEW);
      }
    }
    call.reply().ok();
  }

  private static Slice slice(String text) {
    return new Slice(text.getBytes(ISO_8859_1));
  }

  private static long positive(Call call, int index) {
    long number = call.integer(index, NOT_POSITIVE);
    if (number < 0) {
      throw NOT_POSITIVE;
    }
    return number;
  }
}
