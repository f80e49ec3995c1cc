package io.cinnabar.lua;

import java.util.Arrays;

/**
 * A table: an array for the keys from 1 up, and nodes for all others. The order of {@code next} and
 * what {@code #} says of a table with holes are visible to scripts, so keys lie where the reference
 * implementation has them: nodes in a power of two, each key at its main position or chained from
 * there, free nodes taken from the end, and sizes computed anew when there is none left.
 */
public final class LuaTable {
  private static final int MAX_ARRAY_BITS = 26;
  private static final Object[] NO_VALUES = {};
  private static final int[] NO_LINKS = {};

  /** What takes account of the memory. */
  private final Lua lua;

  /** Stands for an address, where one is shown or hashed. */
  private int identity;

  private LuaTable metatable;
  private Object[] array = NO_VALUES;
  private Object[] keys = NO_VALUES;
  private Object[] values = NO_VALUES;

  /** The next node of the chain plus one, zero at its end. */
  private int[] links = NO_LINKS;

  /** All nodes from here on are taken. */
  private int lastFree;

  private boolean isReadOnly;

  LuaTable(Lua lua, int arraySize, int hashSize) {
    this.lua = lua;
    lua.account(64L + 8L * arraySize + 24L * hashSize);
    if (arraySize > 0) {
      array = new Object[arraySize];
    }
    setNodes(hashSize);
  }

  public LuaTable metatable() {
    return metatable;
  }

  public void setMetatable(LuaTable table) {
    metatable = table;
  }

  /** Whether scripts may not write it. */
  public boolean isReadOnly() {
    return isReadOnly;
  }

  public void setReadOnly(boolean readOnly) {
    isReadOnly = readOnly;
  }

  int identity() {
    if (identity == 0) {
      identity = lua.nextIdentity();
    }
    return identity;
  }

  /** The value, without metamethods; nil where there is none. */
  public Object get(Object key) {
    if (key instanceof LuaString string) {
      return get(string);
    }
    if (key instanceof Double number) {
      return get(number.doubleValue());
    }
    int node = find(key);
    return node < 0 ? null : values[node];
  }

  @SuppressWarnings("ReferenceEquality")
  public Object get(LuaString key) {
    Object[] nodes = keys;
    if (nodes.length == 0) {
      return null;
    }
    int node = key.hashCode() & (nodes.length - 1);
    while (true) {
      Object candidate = nodes[node];
      if (candidate == key || (candidate instanceof LuaString string && string.equals(key))) {
        return values[node];
      }
      node = links[node] - 1;
      if (node < 0) {
        return null;
      }
    }
  }

  public Object get(double key) {
    int index = (int) key;
    if (index == key && index - 1 >= 0 && index - 1 < array.length) {
      return array[index - 1];
    }
    int node = find(key);
    return node < 0 ? null : values[node];
  }

  private int find(double key) {
    if (keys.length == 0) {
      return -1;
    }
    int node = position(key);
    while (node >= 0) {
      if (keys[node] instanceof Double other && other.doubleValue() == key) {
        return node;
      }
      node = links[node] - 1;
    }
    return -1;
  }

  private int find(Object key) {
    if (key == null || keys.length == 0) {
      return -1;
    }
    int node = position(key);
    while (node >= 0) {
      if (Types.rawEqual(keys[node], key)) {
        return node;
      }
      node = links[node] - 1;
    }
    return -1;
  }

  private int position(double key) {
    if (key == 0) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(key);
    return Integer.remainderUnsigned((int) bits + (int) (bits >>> 32), (keys.length - 1) | 1);
  }

  private int position(Object key) {
    if (key instanceof LuaString string) {
      return string.hashCode() & (keys.length - 1);
    }
    if (key instanceof Double number) {
      return position(number.doubleValue());
    }
    if (key instanceof Boolean bool) {
      return bool ? 1 & (keys.length - 1) : 0;
    }
    int hash = key instanceof LuaTable table ? table.identity() : System.identityHashCode(key);
    return hash % ((keys.length - 1) | 1);
  }

  /** Sets a value, without metamethods; the key is neither nil nor NaN. */
  public void set(Object key, Object value) {
    if (key instanceof Double number) {
      set(number.doubleValue(), value);
      return;
    }
    int node = find(key);
    if (node >= 0) {
      values[node] = value;
    } else {
      insert(key, value);
    }
  }

  public void set(double key, Object value) {
    int index = (int) key;
    if (index == key && index - 1 >= 0 && index - 1 < array.length) {
      array[index - 1] = value;
      return;
    }
    int node = find(key);
    if (node >= 0) {
      values[node] = value;
    } else {
      insert(Numbers.box(key == 0 ? 0.0 : key), value);
    }
  }

  private void insert(Object key, Object value) {
    int main = keys.length == 0 ? -1 : position(key);
    if (main >= 0 && values[main] == null) {
      // Maybe of a key without a value: its node is used again, and stays in its chain.
      keys[main] = key;
      values[main] = value;
      return;
    }
    int free = main < 0 ? -1 : takeFree();
    if (free < 0) {
      rehash(key);
      set(key, value);
      return;
    }
    int other = position(keys[main]);
    if (other == main) {
      links[free] = links[main];
      links[main] = free + 1;
      keys[free] = key;
      values[free] = value;
      return;
    }
    // The node there belongs to another chain: it moves, for this key is at home here.
    while (links[other] - 1 != main) {
      other = links[other] - 1;
    }
    links[other] = free + 1;
    keys[free] = keys[main];
    values[free] = values[main];
    links[free] = links[main];
    links[main] = 0;
    keys[main] = key;
    values[main] = value;
  }

  private int takeFree() {
    while (lastFree > 0) {
      if (keys[--lastFree] == null) {
        return lastFree;
      }
    }
    return -1;
  }

  private void setNodes(int count) {
    int size = count == 0 ? 0 : Integer.highestOneBit(Math.max(1, count * 2 - 1));
    keys = size == 0 ? NO_VALUES : new Object[size];
    values = size == 0 ? NO_VALUES : new Object[size];
    links = size == 0 ? NO_LINKS : new int[size];
    lastFree = size;
  }

  private static int countIndex(Object key, int[] counts) {
    if (key instanceof Double number) {
      int index = (int) number.doubleValue();
      if (index == number && index > 0 && index <= 1 << MAX_ARRAY_BITS) {
        counts[32 - Integer.numberOfLeadingZeros(index - 1)]++;
        return 1;
      }
    }
    return 0;
  }

  private void rehash(Object extra) {
    int[] counts = new int[MAX_ARRAY_BITS + 1];
    int total = 1;
    int indexes = countIndex(extra, counts);
    for (int i = 0; i < array.length; i++) {
      if (array[i] != null) {
        counts[32 - Integer.numberOfLeadingZeros(i)]++;
        indexes++;
        total++;
      }
    }
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null) {
        indexes += countIndex(keys[i], counts);
        total++;
      }
    }
    int arraySize = 0;
    int inArray = 0;
    int sum = 0;
    // The largest power of two of which more than half would be in use.
    for (int bits = 0; bits <= MAX_ARRAY_BITS && (1 << bits) / 2 < indexes; bits++) {
      sum += counts[bits];
      if (counts[bits] > 0 && sum > (1 << bits) / 2) {
        arraySize = 1 << bits;
        inArray = sum;
      }
      if (sum == indexes) {
        break;
      }
    }
    resize(arraySize, total - inArray);
  }

  private void resize(int arraySize, int hashSize) {
    lua.account(8L * Math.max(0, arraySize - array.length) + 24L * hashSize);
    Object[] oldArray = array;
    Object[] oldKeys = keys;
    Object[] oldValues = values;
    if (arraySize != oldArray.length) {
      array = Arrays.copyOf(oldArray, arraySize);
    }
    setNodes(hashSize);
    for (int i = arraySize; i < oldArray.length; i++) {
      if (oldArray[i] != null) {
        set(i + 1, oldArray[i]);
      }
    }
    for (int i = oldKeys.length - 1; i >= 0; i--) {
      if (oldValues[i] != null) {
        set(oldKeys[i], oldValues[i]);
      }
    }
  }

  /** Makes room for so many values from 1 up: what a constructor lists. */
  void reserveArray(int size) {
    if (size > array.length) {
      int count = keys.length;
      lua.account(8L * (size - array.length));
      Object[] oldKeys = keys;
      Object[] oldValues = values;
      array = Arrays.copyOf(array, size);
      setNodes(count);
      for (int i = oldKeys.length - 1; i >= 0; i--) {
        if (oldValues[i] != null) {
          set(oldKeys[i], oldValues[i]);
        }
      }
    }
  }

  /** What the operator {@code #} says: some n with a value, and none at n + 1. */
  public int length() {
    int high = array.length;
    if (high > 0 && array[high - 1] == null) {
      int low = 0;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (array[middle - 1] == null) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return low;
    }
    return keys.length == 0 ? high : searchBeyond(high);
  }

  private int searchBeyond(int start) {
    int low = start;
    int high = start + 1;
    while (get((double) high) != null) {
      low = high;
      if (high > Integer.MAX_VALUE / 2) {
        // Somebody made it so: then one after the other.
        int n = 1;
        while (get((double) n) != null) {
          n++;
        }
        return n - 1;
      }
      high *= 2;
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (get((double) middle) == null) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** The error of a key that {@link #placeAfter} does not know; it has no position. */
  static LuaError unknownKey() {
    return new LuaError(LuaString.of("invalid key to 'next'"));
  }

  /** The place in the order of {@code next} behind this key, or -1 where there is no such key. */
  int placeAfter(Object key) {
    if (key == null) {
      return 0;
    }
    if (key instanceof Double number) {
      int index = (int) number.doubleValue();
      if (index == number && index > 0 && index <= array.length) {
        return index;
      }
    }
    int node = find(key);
    return node < 0 ? -1 : array.length + node + 1;
  }

  /** The first place from this one on that has a value, or -1. */
  int occupied(int from) {
    int place = from;
    for (; place < array.length; place++) {
      if (array[place] != null) {
        return place;
      }
    }
    for (; place - array.length < keys.length; place++) {
      if (values[place - array.length] != null) {
        return place;
      }
    }
    return -1;
  }

  Object keyAt(int place) {
    return place < array.length ? Numbers.box(place + 1) : keys[place - array.length];
  }

  Object valueAt(int place) {
    return place < array.length ? array[place] : values[place - array.length];
  }
}
