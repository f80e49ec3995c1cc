package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.Listpack;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.PackedBytes;
import io.cinnabar.value.ValueType;
import java.util.Locale;

/** What DEBUG tells of listpacks and of large lists. It writes into the log what is long. */
final class DebugList {

  private static final CommandError NO_LISTPACK =
      new CommandError("ERR Not a listpack encoded object.");
  private static final CommandError NO_QUICKLIST =
      new CommandError("ERR Not a quicklist encoded object.");

  private DebugList() {}

  /** What the leaves of a list have in all. */
  private static final class Totals {
    private long leaves;
    private long elements;
    private long bytes;
    private long serializedBytes;

    private void add(int count, int elementBytes) {
      long listpackBytes = elementBytes + (long) Listpack.EMPTY_BYTES;
      leaves++;
      elements += count;
      bytes += listpackBytes;
      // The kind of node, and a string.
      serializedBytes += 1 + DebugObject.lengthBytes(listpackBytes) + listpackBytes;
    }
  }

  private static Totals totals(Entry entry) {
    Totals totals = new Totals();
    if (isListpack(entry)) {
      PackedBytes bytes = new PackedBytes(entry);
      int count = Listpack.count(bytes.array(), bytes.offset());
      totals.add(count, bytes.length() - Listpack.EMPTY_BYTES);
    } else {
      entry.list().visitLeaves((count, bytes, isCompressed) -> totals.add(count, bytes));
    }
    return totals;
  }

  /** Bytes of a list in an RDB file, which is written without compression. */
  static long serializedLength(Entry entry) {
    Totals totals = totals(entry);
    return DebugObject.lengthBytes(totals.leaves) + totals.serializedBytes;
  }

  /** What DEBUG OBJECT says of a list that is not a listpack. */
  static String fields(Call call, Entry entry) {
    if (entry.type() != ValueType.LIST || isListpack(entry)) {
      return "";
    }
    Totals totals = totals(entry);
    return " ql_nodes:"
        + totals.leaves
        + String.format(Locale.ROOT, " ql_avg_node:%.2f", (double) totals.elements / totals.leaves)
        + " ql_listpack_max:"
        + call.engine().settings().thresholds.listMaxListpackSize
        + " ql_compressed:"
        + (call.engine().settings().thresholds.listCompressDepth > 0 ? 1 : 0)
        + " ql_uncompressed_size:"
        + totals.bytes;
  }

  static void listpack(Call call) {
    Entry entry = DebugObject.entry(call);
    if (!isListpack(entry)) {
      throw NO_LISTPACK;
    }
    EditableBytes bytes =
        entry.type() == ValueType.HASH ? DebugHash.listpack(entry) : new PackedBytes(entry);
    byte[] a = bytes.array();
    int start = bytes.offset();
    Log log = call.engine().log();
    log.notice(
        "DEBUG LISTPACK: " + bytes.length() + " bytes, " + Listpack.count(a, start) + " entries");
    for (int p = Listpack.first(a, start); p != Listpack.NONE; p = Listpack.next(a, start, p)) {
      String kind = Listpack.isInteger(a, start, p) ? "an integer of " : "a string of ";
      log.notice(
          "DEBUG LISTPACK: at " + p + " " + kind + Listpack.length(a, start, p) + " characters");
    }
    call.reply().simple("Listpack structure printed on stdout");
  }

  static void quicklist(Call call) {
    Entry entry = DebugObject.entry(call);
    if (entry.type() != ValueType.LIST || isListpack(entry)) {
      throw NO_QUICKLIST;
    }
    Log log = call.engine().log();
    log.notice("DEBUG QUICKLIST: " + entry.list().length() + " elements");
    entry
        .list()
        .visitLeaves(
            (count, bytes, isCompressed) ->
                log.notice(
                    "DEBUG QUICKLIST: a leaf of "
                        + count
                        + " elements in "
                        + bytes
                        + " bytes"
                        + (isCompressed ? ", compressed" : "")));
    call.reply().simple("Quicklist structure printed on stdout");
  }

  private static boolean isListpack(Entry entry) {
    return entry.encoding() == Encoding.LISTPACK || entry.encoding() == Encoding.LISTPACK_BLOCK;
  }
}
