package io.cinnabar.value;

import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.PackedElement;
import io.cinnabar.structure.Slice;

/**
 * A walk over the elements of a list, forwards or backwards: {@link #start} stands on the first of
 * them, {@link #next} on each that follows. There is one for each list value; it ends with any
 * change of the list, and when another one is started.
 */
public final class ListWalk {
  private static final byte[] NONE = {};

  private final ListValue list;
  private final ListLeaf leaf;
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private final Slice text = new Slice();

  private boolean isTree;
  private boolean backward;
  private long index;

  // The element, and the run that it is in.
  private byte[] array = NONE;
  private int at;
  private int begin;
  private int end;

  ListWalk(ListValue list, ListLeaf leaf) {
    this.list = list;
    this.leaf = leaf;
  }

  void release() {
    array = NONE;
    text.set(NONE, 0, 0);
  }

  /** Stands on the element with this index; false where there is none. */
  public boolean start(long index, boolean backward) {
    this.backward = backward;
    this.index = index;
    isTree = list.isTree();
    return isTree ? startInTree() : startInListpack();
  }

  private boolean startInListpack() {
    PackedBytes bytes = list.packed();
    byte[] a = bytes.array();
    int start = bytes.offset();
    int p = index < 0 || index > Integer.MAX_VALUE ? -1 : Listpack.seek(a, start, (int) index);
    if (p == Listpack.NONE) {
      return false;
    }
    array = a;
    at = start + p;
    begin = start + Listpack.first(a, start);
    end = start + Listpack.end(a, start);
    return true;
  }

  private boolean startInTree() {
    CountedTree tree = list.tree();
    long last = tree.count() - 1;
    if (!(index == last ? tree.last() : tree.seekIndex(index))) {
      return false;
    }
    enterLeaf();
    int inLeaf = index == last ? tree.leafCount() - 1 : (int) (index - tree.before());
    at = begin + leaf.position(inLeaf);
    return true;
  }

  private void enterLeaf() {
    leaf.load();
    array = leaf.array;
    begin = leaf.begin;
    end = leaf.end;
  }

  /** Goes on to the element behind, or before where it goes backwards; false at the end. */
  public boolean next() {
    if (backward) {
      return previous();
    }
    index++;
    at += ListpackEntry.entryBytes(array, at);
    if (at == end) {
      if (!isTree || !list.tree().next()) {
        return false;
      }
      enterLeaf();
      at = begin;
    }
    return true;
  }

  private boolean previous() {
    index--;
    if (at == begin) {
      if (!isTree || !list.tree().previous()) {
        return false;
      }
      enterLeaf();
      at = end;
    }
    at -= ListpackEntry.entryBytesBefore(array, at);
    return true;
  }

  // The run: the elements that lie side by side in a leaf or the listpack. See ListpackEntry.

  /** Goes on to the first element of the next run, forwards; false at the end. */
  public boolean nextRun() {
    if (!isTree || !list.tree().next()) {
      return false;
    }
    enterLeaf();
    at = begin;
    return true;
  }

  /** The array that the run lies in. */
  public byte[] runArray() {
    return array;
  }

  /** The index of its first byte in {@link #runArray}. */
  public int runBegin() {
    return begin;
  }

  /** The index behind its last byte. */
  public int runEnd() {
    return end;
  }

  /** The index of the first byte of the element in {@link #runArray}. */
  public int at() {
    return at;
  }

  /** How many elements it has; only in a tree. */
  public int runCount() {
    return list.tree().leafCount();
  }

  // The element.

  /** Its index in the list. */
  public long index() {
    return index;
  }

  /** Whether it is held as an integer. */
  public boolean isInteger() {
    return PackedElement.isInteger(array, at);
  }

  /** The integer; only where {@link #isInteger}. */
  public long integer() {
    return PackedElement.integer(array, at);
  }

  /** Its bytes; valid until the next call here, and until the list is changed. */
  public Slice text() {
    PackedElement.text(array, at, text, digits);
    return text;
  }

  /** Whether it is this string. */
  public boolean matches(Slice element) {
    return PackedElement.matches(array, at, element);
  }
}
