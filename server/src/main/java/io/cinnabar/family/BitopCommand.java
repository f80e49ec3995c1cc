package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.BitInputs;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;

/**
 * BITOP. The result is computed where it will lie: in the target's own bytes where it is a string
 * already, even if it is one of the sources, and otherwise in a new string that takes the key when
 * it is ready. The list of sources is used again by the next call.
 */
final class BitopCommand {

  private static final CommandError SINGLE_SOURCE =
      new CommandError("ERR BITOP NOT must be called with a single source key.");
  private static final int FIRST_SOURCE = 3;
  private static final Slice EMPTY = new Slice();

  private enum Operation {
    AND,
    OR,
    XOR,
    NOT
  }

  private final BitInputs inputs = new BitInputs();

  void run(Call call) {
    Operation operation = operation(call);
    if (operation == Operation.NOT && call.argCount() > FIRST_SOURCE + 1) {
      throw SINGLE_SOURCE;
    }
    inputs.clear();
    for (int i = FIRST_SOURCE; i < call.argCount(); i++) {
      addSource(call, call.arg(i));
    }
    int length = inputs.longest();
    Slice key = call.arg(2);
    Entry found = call.editOther(call.database(), key);
    if (length == 0) {
      if (found != null) {
        call.removeOther(call.database());
        call.changed(key, KeyEvent.DEL);
      }
    } else {
      if (found != null && found.type() == ValueType.STRING && !found.expires()) {
        combine(operation, inPlace(found.string(), length));
        found.clock(call.engine().keyspace().accessClock().touched(found.clock()));
      } else {
        combine(operation, call.prepareString(key, length));
        call.putPrepared();
      }
      call.changed(key, KeyEvent.SET);
    }
    call.reply().integer(length);
  }

  private static Operation operation(Call call) {
    if (call.isWord(1, "and")) {
      return Operation.AND;
    } else if (call.isWord(1, "or")) {
      return Operation.OR;
    } else if (call.isWord(1, "xor")) {
      return Operation.XOR;
    } else if (call.isWord(1, "not")) {
      return Operation.NOT;
    }
    throw CommandError.SYNTAX;
  }

  private void addSource(Call call, Slice key) {
    StringValue value = call.readString(key);
    if (value == null) {
      inputs.add(EMPTY);
    } else if (value.isInteger()) {
      // Its digits lie nowhere.
      inputs.add(new Slice(value.bytes().toByteArray()));
    } else {
      inputs.add(value.bytes());
    }
  }

  private Slice inPlace(StringValue target, int length) {
    Slice bytes = target.bytes();
    byte[] array = bytes.array;
    int offset = bytes.offset;
    if (!inputs.contains(array, offset)) {
      return target.renew(length);
    }
    Slice moved = target.edit(length);
    inputs.moved(array, offset, moved.array, moved.offset);
    return moved;
  }

  private void combine(Operation operation, Slice target) {
    switch (operation) {
      case AND -> inputs.and(target.array, target.offset);
      case OR -> inputs.or(target.array, target.offset);
      case XOR -> inputs.xor(target.array, target.offset);
      case NOT -> inputs.not(target.array, target.offset);
    }
  }
}
