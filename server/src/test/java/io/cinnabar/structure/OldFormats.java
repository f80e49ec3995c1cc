package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Makes ziplists and zipmaps, as Redis wrote them before 7.0 and before 2.6. */
public final class OldFormats {

  private OldFormats() {}

  /** A ziplist of these elements, those that are integers as integers. */
  public static byte[] ziplist(List<byte[]> elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[10]);
    int tail = 10;
    int previous = 0;
    for (byte[] element : elements) {
      tail = out.size();
      previous(out, previous);
      if (IntegerText.isLong(element, 0, element.length)) {
        integer(out, IntegerText.toLong(element, 0, element.length));
      } else {
        string(out, element);
      }
      previous = out.size() - tail;
    }
    out.write(0xff);
    byte[] ziplist = out.toByteArray();
    Bytes.putInt(ziplist, 0, ziplist.length);
    Bytes.putInt(ziplist, 4, tail);
    Bytes.putShort(ziplist, 8, Math.min(elements.size(), 0xffff));
    return ziplist;
  }

  private static void previous(ByteArrayOutputStream out, int previous) {
    if (previous < 254) {
      out.write(previous);
    } else {
      out.write(254);
      number(out, previous, 4);
    }
  }

  private static void string(ByteArrayOutputStream out, byte[] element) {
    int length = element.length;
    if (length < 1 << 6) {
      out.write(length);
    } else if (length < 1 << 14) {
      out.write(0x40 | length >>> 8);
      out.write(length);
    } else {
      out.write(0x80);
      number(out, Integer.reverseBytes(length), 4);
    }
    out.writeBytes(element);
  }

  private static void integer(ByteArrayOutputStream out, long value) {
    if (value >= 0 && value <= 12) {
      out.write(0xf1 + (int) value);
    } else if (value == (byte) value) {
      out.write(0xfe);
      number(out, value, 1);
    } else if (value == (short) value) {
      out.write(0xc0);
      number(out, value, 2);
    } else if (value == value << 40 >> 40) {
      out.write(0xf0);
      number(out, value, 3);
    } else if (value == (int) value) {
      out.write(0xd0);
      number(out, value, 4);
    } else {
      out.write(0xe0);
      number(out, value, 8);
    }
  }

  /** A zipmap of these fields and values in turn. */
  public static byte[] zipmap(List<byte[]> elements, int unusedBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Math.min(elements.size() / 2, 254));
    for (int i = 0; i < elements.size(); i++) {
      byte[] element = elements.get(i);
      if (element.length < 254) {
        out.write(element.length);
      } else {
        out.write(254);
        number(out, element.length, 4);
      }
      if (i % 2 == 1) {
        out.write(unusedBytes);
      }
      out.writeBytes(element);
      if (i % 2 == 1) {
        byte[] unused = new byte[unusedBytes];
        Arrays.fill(unused, (byte) '?');
        out.writeBytes(unused);
      }
    }
    out.write(0xff);
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
