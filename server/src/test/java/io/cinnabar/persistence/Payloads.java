package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.structure.Slice;
import java.util.HexFormat;

/** Makes payloads for RESTORE. */
public final class Payloads {

  private static final int VERSION = 10;

  private Payloads() {}

  /** A payload of version 10 around a type and a value, one char for each byte. */
  public static String of(byte[] typeAndValue) {
    RdbWriter out = new RdbWriter();
    for (byte each : typeAndValue) {
      out.unsignedByte(each);
    }
    DumpPayload.close(out, VERSION);
    return new String(out.array(), 0, out.size(), ISO_8859_1);
  }

  /** As {@link #of(byte[])}, of hexadecimal digits. */
  public static String ofHex(String typeAndValue) {
    return of(HexFormat.of().parseHex(typeAndValue));
  }

  /** A payload of this string. */
  public static String ofString(String text) {
    RdbWriter out = new RdbWriter();
    out.unsignedByte(RdbType.STRING);
    out.string(new Slice(text.getBytes(ISO_8859_1)));
    DumpPayload.close(out, VERSION);
    return new String(out.array(), 0, out.size(), ISO_8859_1);
  }

  /** A payload of one byte and {@code repeats} times 264 more, compressed by LZF to 3 each. */
  public static String ofRepeated(int repeats) {
    RdbWriter out = new RdbWriter();
    out.unsignedByte(RdbType.STRING);
    out.unsignedByte(RdbWriter.LZF);
    out.length(2 + 3L * repeats);
    out.length(1 + 264L * repeats);
    out.unsignedByte(0);
    out.unsignedByte('x');
    for (int i = 0; i < repeats; i++) {
      out.unsignedByte(0xe0);
      out.unsignedByte(0xff);
      out.unsignedByte(0);
    }
    DumpPayload.close(out, VERSION);
    return new String(out.array(), 0, out.size(), ISO_8859_1);
  }
}
