package io.cinnabar.command;

import java.util.List;

/**
 * The keys of a command as older clients know them: first key, last key (counted from the end if
 * negative), step; all 0 without keys.
 *
 * @param incomplete whether there are keys that the three numbers don't tell
 */
record KeyRange(int first, int last, int step, boolean incomplete) {

  /**
   * The range of all specifications that join into one: a sole range as it is, several when each
   * begins where the one before it ends.
   */
  static KeyRange of(List<KeySpec> specs) {
    if (specs.size() == 1 && specs.get(0).isPlainRange()) {
      KeySpec spec = specs.get(0);
      return new KeyRange(spec.beginIndex(), absoluteLast(spec), spec.step(), false);
    }
    int first = 0;
    int last = 0;
    int previousLast = 0;
    boolean incomplete = false;
    for (KeySpec spec : specs) {
      boolean joins =
          spec.isPlainRange()
              && spec.step() == 1
              && (previousLast == 0 || previousLast == spec.beginIndex() - 1);
      if (!joins) {
        incomplete = true;
        previousLast = 0;
        continue;
      }
      incomplete |= spec.has(KeyFlag.INCOMPLETE);
      first = first == 0 ? spec.beginIndex() : Math.min(first, spec.beginIndex());
      // A last key counted from the end lies behind every one counted from the beginning.
      if (Integer.compareUnsigned(absoluteLast(spec), last) > 0) {
        last = absoluteLast(spec);
      }
      previousLast = last;
    }
    return new KeyRange(first, last, first == 0 ? 0 : 1, incomplete);
  }

  private static int absoluteLast(KeySpec spec) {
    return spec.first() >= 0 ? spec.beginIndex() + spec.first() : spec.first();
  }
}
