package io.cinnabar.lua;

import java.util.Arrays;

/** The statements that write variables and fields. */
@SuppressWarnings("ReferenceEquality")
final class Assignments {
  private Assignments() {}

  /** A local that no function within captures. */
  static final class ToLocal extends Statement {
    private final int slot;
    private final Expression value;

    ToLocal(int slot, Expression value) {
      this.slot = slot;
      this.value = value;
    }

    @Override
    int execute(Frame f) {
      f.slots[slot] = value.evaluate(f);
      return NORMAL;
    }
  }

  /** The same, for a value that is most probably a number. */
  static final class NumberToLocal extends Statement {
    private final int slot;
    private final Expression value;

    NumberToLocal(int slot, Expression value) {
      this.slot = slot;
      this.value = value;
    }

    @Override
    int execute(Frame f) {
      double number = value.number(f);
      if (Numbers.isSignal(number)) {
        f.slots[slot] = f.value;
      } else {
        f.numbers[slot] = number;
        if (f.slots[slot] != Frame.NUMBER) {
          f.slots[slot] = Frame.NUMBER;
        }
      }
      return NORMAL;
    }
  }

  /** One variable or field. */
  static final class Single extends Statement {
    private final Target target;
    private final Expression value;

    Single(Target target, Expression value) {
      this.target = target;
      this.value = value;
    }

    @Override
    int execute(Frame f) {
      target.assign(f, value);
      return NORMAL;
    }
  }

  /** Several at once: all sides are evaluated before anything is written, from the last on. */
  static final class Several extends Statement {
    private final Target[] targets;
    private final Expression[] values;
    private final boolean isOpen;

    Several(Target[] targets, Expression[] values, boolean isOpen) {
      this.targets = targets;
      this.values = values;
      this.isOpen = isOpen;
    }

    @Override
    int execute(Frame f) {
      Object[] prepared = new Object[2 * targets.length];
      for (int i = 0; i < targets.length; i++) {
        targets[i].prepare(f, prepared, 2 * i);
      }
      Object[] all = Lists.evaluate(f, values, isOpen);
      if (all.length < targets.length) {
        all = Arrays.copyOf(all, targets.length);
      }
      for (int i = targets.length - 1; i >= 0; i--) {
        targets[i].assign(f, prepared, 2 * i, all[i]);
      }
      return NORMAL;
    }
  }
}
