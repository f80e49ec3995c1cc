package io.cinnabar.persistence;

import io.cinnabar.value.Encoding;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.Thresholds;

/** Reads lists: element by element, whichever nodes they were cut into. */
final class ListReader {

  private final RdbReader in;
  private final RdbElements elements;
  private final RdbString element = new RdbString();

  ListReader(RdbReader in, RdbElements elements) {
    this.in = in;
    this.elements = elements;
  }

  /** Reads a list of one of the types that are lists into an empty one. */
  void read(int type, ListValue list, Thresholds thresholds) throws RdbException {
    switch (type) {
      case RdbType.LIST -> {
        elements.strings();
        appendAll(list, thresholds);
      }
      case RdbType.LIST_ZIPLIST -> {
        elements.ziplist();
        appendAll(list, thresholds);
      }
      default -> readNodes(type, list, thresholds);
    }
    if (list.isEmpty()) {
      throw new RdbException.EmptyValue("has an empty list");
    }
  }

  private void readNodes(int type, ListValue list, Thresholds thresholds) throws RdbException {
    int count = in.count(1);
    for (int nodes = count; nodes > 0; nodes--) {
      if (type == RdbType.LIST_ZIPLISTS) {
        elements.ziplist();
      } else if (!isPacked(in.length())) {
        list.append(in.string(element), thresholds);
        continue;
      } else {
        elements.listpack();
        if (count == 1
            && ListValue.isSmall(elements.packed().length, elements.count(), thresholds)) {
          elements.copyTo(list.packed(), Encoding.LISTPACK);
          return;
        }
      }
      appendAll(list, thresholds);
    }
  }

  private static boolean isPacked(long container) throws RdbException {
    if (container != ListWriter.PLAIN && container != ListWriter.PACKED) {
      throw new RdbException("has a list of unknown nodes");
    }
    return container == ListWriter.PACKED;
  }

  private void appendAll(ListValue list, Thresholds thresholds) throws RdbException {
    while (!elements.isAtEnd()) {
      list.append(elements.next(element), thresholds);
    }
  }

  void release() {
    element.release();
  }
}
