package io.cinnabar.arena;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers inside byte arrays, little-endian, at any index. Every access is checked against the
 * bounds of the array and compiles to one load or store. Offsets are indexes into the array, in
 * bytes.
 */
public final class Bytes {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  /** The byte at {@code offset} as a number from 0 to 255. */
  public static int getUnsignedByte(byte[] array, int offset) {
    return array[offset] & 0xFF;
  }

  public static short getShort(byte[] array, int offset) {
    return (short) SHORT.get(array, offset);
  }

  /** The two bytes at {@code offset} as a number from 0 to 65,535. */
  public static int getUnsignedShort(byte[] array, int offset) {
    return (short) SHORT.get(array, offset) & 0xFFFF;
  }

  /** Stores the lower two bytes of {@code value}. */
  public static void putShort(byte[] array, int offset, int value) {
    SHORT.set(array, offset, (short) value);
  }

  /** The three bytes at {@code offset} as a number from 0 to 2^24-1. */
  public static int getUnsignedMedium(byte[] array, int offset) {
    return getUnsignedShort(array, offset) | getUnsignedByte(array, offset + 2) << 16;
  }

  /** Stores the lower three bytes of {@code value}, and no other. */
  public static void putMedium(byte[] array, int offset, int value) {
    putShort(array, offset, value);
    array[offset + 2] = (byte) (value >>> 16);
  }

  public static int getInt(byte[] array, int offset) {
    return (int) INT.get(array, offset);
  }

  public static void putInt(byte[] array, int offset, int value) {
    INT.set(array, offset, value);
  }

  public static long getLong(byte[] array, int offset) {
    return (long) LONG.get(array, offset);
  }

  public static void putLong(byte[] array, int offset, long value) {
    LONG.set(array, offset, value);
  }

  public static double getDouble(byte[] array, int offset) {
    return (double) DOUBLE.get(array, offset);
  }

  public static void putDouble(byte[] array, int offset, double value) {
    DOUBLE.set(array, offset, value);
  }
}
