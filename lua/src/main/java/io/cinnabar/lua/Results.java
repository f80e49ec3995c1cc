package io.cinnabar.lua;

import java.util.Arrays;

/**
 * How results of calls travel: one result as it is, none or several as an array. No value of Lua's
 * is an array, so they can't be taken for one another, and one result makes no garbage.
 */
public final class Results {
  static final Object[] NONE = {};

  private Results() {}

  static boolean isMany(Object results) {
    return results != null && results.getClass() == Object[].class;
  }

  /** The first result, or nil. */
  public static Object first(Object results) {
    if (results != null && results.getClass() == Object[].class) {
      Object[] many = (Object[]) results;
      return many.length == 0 ? null : many[0];
    }
    return results;
  }

  /** All results. */
  public static Object[] all(Object results) {
    return isMany(results) ? (Object[]) results : new Object[] {results};
  }

  /** These values as results. */
  public static Object of(Object... values) {
    return values.length == 1 ? values[0] : values;
  }

  /** The array with the results behind its first few values. */
  static Object[] append(Object[] values, int count, Object results) {
    if (!isMany(results)) {
      Object[] all = Arrays.copyOf(values, count + 1);
      all[count] = results;
      return all;
    }
    Object[] many = (Object[]) results;
    if (count == 0) {
      return many;
    }
    Object[] all = Arrays.copyOf(values, count + many.length);
    System.arraycopy(many, 0, all, count, many.length);
    return all;
  }
}
