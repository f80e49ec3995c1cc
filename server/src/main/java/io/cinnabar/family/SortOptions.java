package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.command.User;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of SORT. */
final class SortOptions {
  private static final int FIRST = 2;

  private static final CommandError BY_DENIED =
      new CommandError("ERR BY option of SORT denied due to insufficient ACL permissions.");
  private static final CommandError GET_DENIED =
      new CommandError("ERR GET option of SORT denied due to insufficient ACL permissions.");

  boolean isDescending;
  boolean isAlpha;
  long limitOffset;
  long limitCount = -1;
  @Nullable SortPattern by;

  /** Whether BY has a pattern that leads to nothing: the elements come in the order they have. */
  boolean isUnsorted;

  final List<SortPattern> gets = new ArrayList<>();
  @Nullable Slice store;

  static SortOptions of(Call call, boolean mayStore) {
    SortOptions options = new SortOptions();
    int i = FIRST;
    while (i < call.argCount()) {
      i += options.read(call, i, mayStore);
    }
    return options;
  }

  /** How many arguments the option at this index takes. */
  private int read(Call call, int index, boolean mayStore) {
    int left = call.argCount() - index - 1;
    if (call.isWord(index, "asc")) {
      isDescending = false;
      return 1;
    } else if (call.isWord(index, "desc")) {
      isDescending = true;
      return 1;
    } else if (call.isWord(index, "alpha")) {
      isAlpha = true;
      return 1;
    } else if (call.isWord(index, "limit") && left >= 2) {
      limitOffset = call.integer(index + 1);
      limitCount = call.integer(index + 2);
      return 3;
    } else if (mayStore && call.isWord(index, "store") && left >= 1) {
      store = call.arg(index + 1);
      return 2;
    } else if (call.isWord(index, "by") && left >= 1) {
      by = new SortPattern(call.arg(index + 1));
      // Once said, it stays so, even if another pattern comes.
      isUnsorted |= !by.hasStar();
      if (by.hasStar() && !mayReadAllKeys(call)) {
        throw BY_DENIED;
      }
      return 2;
    } else if (call.isWord(index, "get") && left >= 1) {
      if (!mayReadAllKeys(call)) {
        throw GET_DENIED;
      }
      gets.add(new SortPattern(call.arg(index + 1)));
      return 2;
    }
    throw CommandError.SYNTAX;
  }

  /** Which keys the patterns lead to depends on the data. */
  private static boolean mayReadAllKeys(Call call) {
    User user = call.session().user();
    return user.isUnrestricted() || user.mayReadAllKeys(call.command(), call);
  }

  /** Finds the keys of SORT: what is sorted, and where the last STORE puts the result. */
  static boolean findKeys(CommandArguments arguments, KeyPositions keys) {
    keys.add(1, KeyFlag.setOf(KeyFlag.RO, KeyFlag.ACCESS));
    int stored = 0;
    for (int i = FIRST; i < arguments.argCount(); i++) {
      Slice word = arguments.arg(i);
      if (word.isWord("limit")) {
        i += 2;
      } else if (word.isWord("get") || word.isWord("by")) {
        i++;
      } else if (word.isWord("store") && i + 1 < arguments.argCount()) {
        stored = ++i;
      }
    }
    if (stored > 0) {
      keys.add(stored, KeyFlag.setOf(KeyFlag.OW, KeyFlag.UPDATE));
    }
    return true;
  }

  /** Finds the key of SORT_RO. */
  static boolean findKey(CommandArguments arguments, KeyPositions keys) {
    keys.add(1, KeyFlag.setOf(KeyFlag.RO, KeyFlag.ACCESS));
    return true;
  }
}
