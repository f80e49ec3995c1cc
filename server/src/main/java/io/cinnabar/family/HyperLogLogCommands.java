package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.DenseRegisters;
import io.cinnabar.structure.HyperLogLog;
import io.cinnabar.structure.HyperLogLogEditor;
import io.cinnabar.structure.HyperLogLogEditor.Outcome;
import io.cinnabar.structure.RegisterHistogram;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.SparseRegisters;
import io.cinnabar.structure.UnionRegisters;
import io.cinnabar.value.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * Commands that count different elements in sketches, which are strings: a dense one is changed in
 * place, a sparse one as a copy that is stored when the command is through.
 */
public final class HyperLogLogCommands {

  private static final CommandError NOT_A_SKETCH =
      new CommandError("WRONGTYPE Key is not a valid HyperLogLog string value.");
  private static final CommandError DAMAGED =
      new CommandError("INVALIDOBJ Corrupted HLL object detected");
  private static final CommandError NOT_SPARSE = new CommandError("ERR HLL encoding is not sparse");
  private static final CommandError NO_SUCH_KEY =
      new CommandError("ERR The specified key does not exist");

  // Scratches, for one command after the other.
  private final HyperLogLogEditor editor = new HyperLogLogEditor();
  private final UnionRegisters union = new UnionRegisters();
  private final RegisterHistogram histogram = new RegisterHistogram();

  private HyperLogLogCommands() {}

  public static void declare(CommandTable.Builder table) {
    HyperLogLogCommands commands = new HyperLogLogCommands();
    FamilyBuilder family = table.family("hyperloglog");
    declareCounting(family, commands);
    declareDebugging(family, commands);
  }

  private static void declareCounting(FamilyBuilder family, HyperLogLogCommands commands) {
    family
        .command("PFADD key [element...]", commands::pfadd)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("2.8.9")
        .complexity("O(1) for each element")
        .summary("Has a HyperLogLog meet elements; makes one where there is none.");
    family
        .command("PFCOUNT key...", commands::pfcount)
        .flags(READONLY)
        .mayReplicate()
        .keys(1, -1, 1, RW, ACCESS)
        .keyNotes("it notes in the value what it has counted, and tells the followers")
        .since("2.8.9")
        .complexity("O(1) for one key, mostly noted already; O(N) for N keys, which takes longer")
        .summary("Tells about how many different elements HyperLogLogs have met together.");
    family
        .command("PFMERGE destkey:key [sourcekey:key...]", commands::pfmerge)
        .flags(WRITE, DENYOOM)
        .key(1, RW, ACCESS, INSERT)
        .keys(2, -1, 1, RO, ACCESS)
        .since("2.8.9")
        .complexity("O(N) for N HyperLogLogs")
        .summary("Has one HyperLogLog meet all that others have met.");
  }

  private static void declareDebugging(FamilyBuilder family, HyperLogLogCommands commands) {
    family
        .command("PFDEBUG subcommand key", commands::pfdebug)
        .flags(WRITE, DENYOOM, ADMIN)
        .key(2, RW, ACCESS)
        .since("2.8.9")
        .complexity("O(1): a HyperLogLog has a greatest size")
        .systemCommand()
        .summary("Shows how a HyperLogLog is stored, or makes it dense.");
    family
        .command("PFSELFTEST", HyperLogLogSelfTest::run)
        .flags(ADMIN)
        .since("2.8.9")
        .complexity("Some milliseconds.")
        .systemCommand()
        .summary("Tests registers and estimates of HyperLogLogs.");
  }

  /** Whether a found string is a sketch, as far as its header tells. */
  private static Slice checked(StringValue value) {
    Slice bytes = value.bytes();
    if (!HyperLogLog.isValid(bytes)) {
      throw NOT_A_SKETCH;
    }
    return bytes;
  }

  // ---- PFADD

  private void pfadd(Call call) {
    Slice key = call.arg(1);
    StringValue value = call.editString(key);
    int changes;
    if (value != null && HyperLogLog.isDense(checked(value))) {
      changes = addToDense(call, value);
    } else {
      changes = addToSparse(call, key, value);
    }
    tell(call, key, changes);
    call.reply().integer(changes > 0 ? 1 : 0);
  }

  private static void tell(Call call, Slice key, int changes) {
    if (changes > 0) {
      call.changed(key, KeyEvent.PFADD);
      call.changed(changes - 1);
    }
  }

  private static int addToDense(Call call, StringValue value) {
    Slice bytes = value.bytes();
    int raised = 0;
    for (int i = 2; i < call.argCount(); i++) {
      long hash = HyperLogLog.hash(call.arg(i));
      int index = HyperLogLog.index(hash);
      int rank = HyperLogLog.rank(hash);
      int registers = bytes.offset + HyperLogLog.HEADER_BYTES;
      if (DenseRegisters.get(bytes.array, registers, index) < rank) {
        if (raised == 0) {
          bytes = value.edit();
          HyperLogLog.invalidateCardinality(bytes);
          registers = bytes.offset + HyperLogLog.HEADER_BYTES;
        }
        DenseRegisters.set(bytes.array, registers, index, rank);
        raised++;
      }
    }
    return raised;
  }

  private int addToSparse(Call call, Slice key, @Nullable StringValue value) {
    load(value);
    long mostSparseBytes = call.engine().settings().hllSparseMaxBytes;
    Outcome outcome = Outcome.KEPT;
    int raised = 0;
    int next = 2;
    for (; next < call.argCount() && outcome != Outcome.DAMAGED; next++) {
      long hash = HyperLogLog.hash(call.arg(next));
      int index = HyperLogLog.index(hash);
      outcome = editor.raise(index, HyperLogLog.rank(hash), mostSparseBytes);
      raised += outcome == Outcome.RAISED ? 1 : 0;
    }
    if (value == null) {
      HyperLogLog.invalidateCardinality(editor.bytes());
      raised++;
    }
    if (raised > 0) {
      store(call, key, value);
    } else if (value != null) {
      value.makeRaw();
    }
    if (outcome == Outcome.DAMAGED) {
      // What it took until the damage showed, it keeps, as in Redis; but here the followers hear of
      // that much.
      tell(call, key, raised);
      if (raised > 0) {
        call.propagateUpTo(next - 1);
      }
      throw DAMAGED;
    }
    return raised;
  }

  /** Has the editor begin with a sparse sketch, or with a new one. */
  private void load(@Nullable StringValue value) {
    if (value == null) {
      editor.create();
    } else if (!editor.load(value.bytes())) {
      throw DAMAGED;
    }
  }

  /** Stores what the editor has made; no key is left where there is no room. */
  private void store(Call call, Slice key, @Nullable StringValue value) {
    if (value != null) {
      value.setRaw(editor.bytes());
      return;
    }
    StringValue made = call.createString(key);
    try {
      made.setRaw(editor.bytes());
    } catch (ArenaFullException e) {
      call.removeFound();
      throw e;
    }
  }

  // ---- PFCOUNT

  private void pfcount(Call call) {
    if (call.argCount() > 2) {
      addAll(call);
      call.reply().integer(union.cardinality());
      return;
    }
    Slice key = call.arg(1);
    StringValue value = call.readString(key);
    call.reply().integer(value == null ? 0 : cardinality(call, key, value));
  }

  private long cardinality(Call call, Slice key, StringValue value) {
    Slice bytes = checked(value);
    long known = HyperLogLog.cardinality(bytes);
    if (known >= 0) {
      value.makeRaw();
      return known;
    }
    if (!HyperLogLog.count(bytes, histogram)) {
      value.makeRaw();
      throw DAMAGED;
    }
    long counted = histogram.cardinality();
    try {
      HyperLogLog.putCardinality(value.edit(), counted);
      call.changed(key, KeyEvent.COUNTED);
    } catch (ArenaFullException e) {
      // Without memory for a copy that no snapshot shares it has to count again the next time.
    }
    return counted;
  }

  /**
   * Unites the sketches of all keys that there are.
   *
   * @return whether one of them is dense
   */
  private boolean addAll(Call call) {
    union.clear();
    boolean isDense = false;
    for (int i = 1; i < call.argCount(); i++) {
      StringValue value = call.readString(call.arg(i));
      if (value != null) {
        Slice bytes = checked(value);
        isDense |= HyperLogLog.isDense(bytes);
        if (!union.add(bytes)) {
          throw DAMAGED;
        }
      }
    }
    return isDense;
  }

  // ---- PFMERGE

  private void pfmerge(Call call) {
    boolean becomesDense = addAll(call);
    Slice key = call.arg(1);
    StringValue value = call.editString(key);
    if (value != null && HyperLogLog.isDense(value.bytes())) {
      Slice bytes = value.edit();
      union.copyTo(bytes);
      HyperLogLog.invalidateCardinality(bytes);
    } else {
      mergeIntoSparse(call, key, value, becomesDense);
    }
    call.changed(key, KeyEvent.PFADD);
    call.reply().ok();
  }

  private void mergeIntoSparse(
      Call call, Slice key, @Nullable StringValue value, boolean becomesDense) {
    load(value);
    if (becomesDense && !editor.makeDense()) {
      throw DAMAGED;
    }
    long mostSparseBytes = call.engine().settings().hllSparseMaxBytes;
    for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
      int rank = union.rank(i);
      if (rank > 0 && editor.raise(i, rank, mostSparseBytes) == Outcome.DAMAGED) {
        throw DAMAGED;
      }
    }
    HyperLogLog.invalidateCardinality(editor.bytes());
    store(call, key, value);
  }

  // ---- PFDEBUG

  private void pfdebug(Call call) {
    StringValue value = call.editString(call.arg(2));
    if (value == null) {
      throw NO_SUCH_KEY;
    }
    boolean isDense = HyperLogLog.isDense(checked(value));
    value.makeRaw();
    if (call.isWord(1, "getreg")) {
      if (!isDense) {
        makeDense(call, value);
      }
      writeRegisters(call, value.bytes());
    } else if (call.isWord(1, "decode")) {
      if (isDense) {
        throw NOT_SPARSE;
      }
      call.reply().bulk(SparseRegisters.describe(value.bytes()));
    } else if (call.isWord(1, "encoding")) {
      call.reply().simple(isDense ? "dense" : "sparse");
    } else if (call.isWord(1, "todense")) {
      if (!isDense) {
        makeDense(call, value);
      }
      call.reply().integer(isDense ? 0 : 1);
    } else {
      throw new CommandError("ERR Unknown PFDEBUG subcommand '" + call.argText(1) + "'");
    }
  }

  /** Counts as a change that followers make, too, but not as one that the key's watchers see. */
  private void makeDense(Call call, StringValue value) {
    load(value);
    if (!editor.makeDense()) {
      throw DAMAGED;
    }
    value.setRaw(editor.bytes());
    call.changed(1);
  }

  private static void writeRegisters(Call call, Slice sketch) {
    int offset = sketch.offset + HyperLogLog.HEADER_BYTES;
    call.reply().array(HyperLogLog.REGISTERS);
    for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
      call.reply().integer(DenseRegisters.get(sketch.array, offset, i));
    }
  }
}
