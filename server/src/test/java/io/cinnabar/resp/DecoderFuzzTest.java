package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a stream of commands is cut into pieces, it comes to the same. */
class DecoderFuzzTest {

  private static final int STREAMS = 4000;

  private final long seed = Seed.of(DecoderFuzzTest.class);
  private final Random random = new Random(seed);

  @Test
  void commandsInPiecesAreTheSameCommands() {
    for (int i = 0; i < STREAMS; i++) {
      check(commands());
    }
  }

  @Test
  void brokenCommandsInPiecesAreBrokenTheSameWay() {
    for (int i = 0; i < STREAMS; i++) {
      byte[] bytes = commands();
      for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = randomByte();
      }
      check(bytes);
    }
  }

  @Test
  void anyBytesAreCommandsOrRefused() {
    for (int i = 0; i < 10 * STREAMS; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = randomByte();
      }
      check(bytes);
    }
  }

  private void check(byte[] bytes) {
    List<String> whole = decode(bytes, bytes.length);
    String description = "seed " + seed + ": " + HexFormat.of().formatHex(bytes);
    assertThat(decode(bytes, 1)).as("byte by byte, %s", description).isEqualTo(whole);
    assertThat(decode(bytes, 20)).as("in pieces, %s", description).isEqualTo(whole);
  }

  /**
   * The commands in these bytes and, last, the error if there is one. Pieces have up to {@code
   * maxPiece} bytes; between them all bytes move to another place of another array.
   */
  private List<String> decode(byte[] bytes, int maxPiece) {
    List<String> commands = new ArrayList<>();
    RequestDecoder decoder = new RequestDecoder();
    Request request = new Request();
    int from = 0;
    int to = 0;
    while (to < bytes.length) {
      to = Math.min(bytes.length, to + 1 + random.nextInt(maxPiece));
      int shift = random.nextInt(5);
      byte[] moved = new byte[to - from + shift];
      System.arraycopy(bytes, from, moved, shift, to - from);
      int at = shift;
      try {
        int after;
        while ((after = decoder.next(moved, at, moved.length, request)) > 0) {
          assertThat(after).isGreaterThan(at);
          assertThat(request.start).isEqualTo(at);
          assertThat(request.end).isEqualTo(after);
          commands.add(describe(request));
          at = after;
        }
      } catch (ProtocolException e) {
        commands.add(e.getMessage());
        return commands;
      }
      assertThat(decoder.wanted()).isGreaterThan(moved.length - at);
      from += at - shift;
    }
    return commands;
  }

  private static String describe(Request request) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < request.count(); i++) {
      text.append(new String(request.arg(i).toByteArray(), ISO_8859_1)).append('|');
    }
    return text.toString();
  }

  private byte[] commands() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(5); n >= 0; n--) {
      if (random.nextInt(5) == 0) {
        text.append("SET k \"a\\x41 \\\"b\" 'c\\'' d").append(random.nextBoolean() ? "\r\n" : "\n");
        continue;
      }
      int count = random.nextInt(8) == 0 ? random.nextInt(40) - 1 : random.nextInt(4);
      text.append('*').append(count).append("\r\n");
      for (int i = 0; i < count; i++) {
        int length = random.nextInt(random.nextInt(8) == 0 ? 300 : 12);
        text.append('$').append(length).append("\r\n");
        for (int at = 0; at < length; at++) {
          text.append((char) (randomByte() & 0xff));
        }
        text.append("\r\n");
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  /** Often one that means something. */
  private byte randomByte() {
    String meaningful = "*$\r\n\r\n0123456789-\"'\\x \t\0";
    return random.nextInt(3) == 0
        ? (byte) random.nextInt(256)
        : (byte) meaningful.charAt(random.nextInt(meaningful.length()));
  }
}
