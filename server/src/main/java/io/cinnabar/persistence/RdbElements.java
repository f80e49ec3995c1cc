package io.cinnabar.persistence;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Intset;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.Ziplist;
import io.cinnabar.structure.Zipmap;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.PackedBytes;

/**
 * The strings that a collection consists of, one after the other, in whichever form it comes: as
 * strings of RDB, or as one string that is a ziplist, a zipmap, a listpack or an intset. Such a
 * string is checked as a whole before the first of them is read.
 */
final class RdbElements {

  private enum Form {
    STRINGS,
    ZIPLIST,
    ZIPMAP,
    LISTPACK,
    INTSET
  }

  private final RdbReader in;
  private final RdbString container = new RdbString();
  private final Ziplist ziplist = new Ziplist();
  private final Zipmap zipmap = new Zipmap();
  private final Slice zipmapValue = new Slice();

  private Form form = Form.STRINGS;
  private int count;
  private int taken;
  private int position;

  RdbElements(RdbReader in) {
    this.in = in;
  }

  /** They are strings, as many as the number says that is read first. */
  void strings() throws RdbException {
    open(Form.STRINGS, in.count(1));
  }

  /** They are in a ziplist. */
  void ziplist() throws RdbException {
    check(ziplist.over(in.string(container)), "ziplist");
    open(Form.ZIPLIST, ziplist.count());
  }

  /** They are in a zipmap: fields and values in turn. */
  void zipmap() throws RdbException {
    check(zipmap.over(in.string(container)), "zipmap");
    open(Form.ZIPMAP, 2 * zipmap.count());
  }

  /** They are in a listpack, which {@link #packed} returns. */
  void listpack() throws RdbException {
    Slice bytes = in.string(container);
    check(Listpack.validate(bytes.array, bytes.offset, bytes.length, true), "listpack");
    open(Form.LISTPACK, Listpack.count(bytes.array, bytes.offset));
    restart();
  }

  /** They are in an intset, which {@link #packed} returns. */
  void intset() throws RdbException {
    Slice bytes = in.string(container);
    check(Intset.validate(bytes.array, bytes.offset, bytes.length, true), "intset");
    open(Form.INTSET, Intset.count(bytes.array, bytes.offset));
  }

  private static void check(boolean isValid, String name) throws RdbException {
    if (!isValid) {
      throw new RdbException("has a damaged " + name);
    }
  }

  private void open(Form form, int count) {
    this.form = form;
    this.count = count;
    taken = 0;
  }

  /** How many there are, those that were taken included. */
  int count() {
    return count;
  }

  /** The listpack or intset. */
  Slice packed() {
    return container.bytes();
  }

  /** Goes back to the first element of the listpack. */
  void restart() {
    assert form == Form.LISTPACK;
    taken = 0;
    position = Listpack.first(packed().array, packed().offset);
  }

  /** Makes {@code bytes} the listpack or intset, as it is. */
  void copyTo(PackedBytes bytes, Encoding encoding) {
    Slice packed = packed();
    bytes.renewAs(encoding, packed.length);
    System.arraycopy(packed.array, packed.offset, bytes.array(), bytes.offset(), packed.length);
  }

  /** Takes the next one, of which there is one left. */
  Slice next(RdbString into) throws RdbException {
    assert taken < count;
    taken++;
    Slice element = into.bytes();
    byte[] digits = into.own(IntegerText.MAX_LONG_BYTES);
    switch (form) {
      case STRINGS -> in.string(into);
      case ZIPLIST -> ziplist.next(element, digits);
      case ZIPMAP -> nextOfZipmap(element);
      case LISTPACK -> nextOfListpack(element, digits);
      case INTSET -> {
        long value = Intset.get(packed().array, packed().offset, taken - 1);
        element.set(digits, 0, IntegerText.write(value, digits, 0));
      }
    }
    return element;
  }

  private void nextOfZipmap(Slice element) {
    if (taken % 2 == 1) {
      zipmap.next(element, zipmapValue);
    } else {
      element.set(zipmapValue);
    }
  }

  private void nextOfListpack(Slice element, byte[] digits) {
    byte[] array = packed().array;
    int start = packed().offset;
    Listpack.text(array, start, position, element, digits);
    position = Listpack.next(array, start, position);
  }

  /** Whether there are no more. */
  boolean isAtEnd() {
    return taken == count;
  }

  /** Lets go of what was read. */
  void release() {
    container.release();
  }
}
