package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.AclCategory.LIST;
import static io.cinnabar.command.AclCategory.SET;
import static io.cinnabar.command.AclCategory.SORTEDSET;
import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** SORT and SORT_RO: elements of lists, sets and sorted sets, in order. */
public final class SortCommands {
  private static final String ARGUMENTS =
      " key [BY by-pattern=pattern:pattern#1] [LIMIT limit:<offset:integer count:integer>]"
          + " [GET... get-pattern=pattern:pattern#1] [order:ASC|DESC] [sorting:ALPHA]";
  private static final String COMPLEXITY =
      "O(N+M*log(M)) for N elements of which M are wanted; O(N) when they are not sorted";
  private static final String PATTERN_NOTES = "what BY and GET look up follows from the elements";
  private static final Slice EMPTY = new Slice();

  private final Sorting sorting = new Sorting();

  private SortCommands() {}

  public static void declare(CommandTable.Builder table) {
    SortCommands commands = new SortCommands();
    FamilyBuilder family = table.family("generic", SET, SORTEDSET, LIST, DANGEROUS);
    family
        .command("SORT" + ARGUMENTS + " [STORE destination:key#2]", commands::sort)
        .flags(WRITE, DENYOOM)
        .key(1, RO, ACCESS)
        .unknownKeys(RO, ACCESS)
        .keyNotes(PATTERN_NOTES)
        .unknownKeys(OW, UPDATE)
        .keyNotes("STORE may stand anywhere")
        .keyFinder(SortOptions::findKeys)
        .since("1.0.0")
        .complexity(COMPLEXITY)
        .summary("Sorts the elements of a list, set or sorted set; lists or stores the result.");
    family
        .command("SORT_RO" + ARGUMENTS, commands::sortReadOnly)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .unknownKeys(RO, ACCESS)
        .keyNotes(PATTERN_NOTES)
        .keyFinder(SortOptions::findKey)
        .since("7.0.0")
        .complexity(COMPLEXITY)
        .summary("Sorts the elements of a list, set or sorted set; lists the result.");
  }

  private void sort(Call call) {
    run(call, SortOptions.of(call, true));
  }

  private void sortReadOnly(Call call) {
    run(call, SortOptions.of(call, false));
  }

  private void run(Call call, SortOptions options) {
    try {
      sorting.begin(call, options, call.read(call.arg(1)));
      Slice destination = options.store;
      if (destination == null) {
        reply(call, options);
      } else {
        store(call, options, destination);
      }
    } finally {
      sorting.end();
    }
  }

  private void reply(Call call, SortOptions options) {
    SortColumn elements = sorting.elements();
    int columns = Math.max(1, options.gets.size());
    call.reply().array(Math.multiplyExact(sorting.size(), columns));
    for (int i = 0; i < sorting.size(); i++) {
      int element = sorting.at(i);
      if (options.gets.isEmpty()) {
        replyElement(call.reply(), elements, element);
      }
      for (int get = 0; get < options.gets.size(); get++) {
        replyFound(call, options.gets.get(get), elements, element);
      }
    }
  }

  private static void replyFound(Call call, SortPattern pattern, SortColumn elements, int element) {
    if (pattern.isElement()) {
      replyElement(call.reply(), elements, element);
      return;
    }
    Slice found = pattern.look(call, elements.text(element));
    if (found == null) {
      call.reply().nullBulk();
    } else {
      call.reply().bulk(found);
    }
  }

  private static void replyElement(ReplyWriter reply, SortColumn elements, int element) {
    if (elements.isInteger(element)) {
      reply.bulkInteger(elements.integer(element));
    } else {
      reply.bulk(elements.text(element));
    }
  }

  private void store(Call call, SortOptions options, Slice destination) {
    int columns = Math.max(1, options.gets.size());
    int count = Math.multiplyExact(sorting.size(), columns);
    if (count > 0) {
      fill(call, options, call.prepare(ValueType.LIST, destination).list());
      call.putPrepared();
      call.changed(destination, KeyEvent.SORTSTORE);
      call.changed(count - 1);
    } else {
      Entry found = call.edit(destination);
      if (found != null) {
        call.removeFound();
        call.changed(destination, KeyEvent.DEL);
      }
    }
    call.reply().integer(count);
  }

  private void fill(Call call, SortOptions options, ListValue list) {
    SortColumn elements = sorting.elements();
    for (int i = 0; i < sorting.size(); i++) {
      Slice element = elements.text(sorting.at(i));
      if (options.gets.isEmpty()) {
        append(call, list, element);
      }
      for (int get = 0; get < options.gets.size(); get++) {
        SortPattern pattern = options.gets.get(get);
        append(call, list, pattern.isElement() ? element : pattern.look(call, element));
      }
    }
  }

  private static void append(Call call, ListValue list, @Nullable Slice element) {
    list.append(element == null ? EMPTY : element, call.engine().settings().thresholds);
  }
}
