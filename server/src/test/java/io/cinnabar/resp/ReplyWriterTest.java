package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyWriterTest {

  private final ReplyWriter writer = new ReplyWriter();

  private String written(boolean resp3, Consumer<ReplyWriter> replies) {
    ReplyBuffer buffer = new ReplyBuffer();
    writer.target(buffer, resp3);
    replies.accept(writer);
    return new String(buffer.array(), 0, buffer.size(), ISO_8859_1);
  }

  private void assertBoth(String expected, Consumer<ReplyWriter> replies) {
    assertDiffers(expected, expected, replies);
  }

  private void assertDiffers(String resp2, String resp3, Consumer<ReplyWriter> replies) {
    assertThat(written(false, replies)).isEqualTo(resp2);
    assertThat(written(true, replies)).isEqualTo(resp3);
  }

  @Test
  void statusAndError() {
    assertBoth("+OK\r\n", ReplyWriter::ok);
    assertBoth("+PONG\r\n", w -> w.simple("PONG"));
    assertBoth("-ERR a  b\r\n", w -> w.error("ERR a\r\nb"));
    assertBoth("-ERR '\377'\r\n", w -> w.error("ERR '\377'"));
    assertBoth("+\r\n", w -> w.simple(""));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        10,
        99,
        100,
        999,
        1000,
        1023,
        1024,
        9999,
        -1,
        -10,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void integers(long value) {
    String digits = Long.toString(value);
    assertBoth(":" + digits + "\r\n", w -> w.integer(value));
    assertBoth("$" + digits.length() + "\r\n" + digits + "\r\n", w -> w.bulkInteger(value));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 99, 100, 999, 1000, 1023, 1024, 70_000})
  void bulks(int length) {
    String text = "x".repeat(length);
    String expected = "$" + length + "\r\n" + text + "\r\n";

    assertBoth(expected, w -> w.bulk(text));
    assertBoth(expected, w -> w.bulk(Slice.of(text)));
    byte[] larger = ("<" + text + ">").getBytes(ISO_8859_1);
    assertBoth(expected, w -> w.bulk(larger, 1, length));
  }

  /** Whatever lies before and behind them, up to the end of the array. */
  @Test
  void bulksOfAListpack() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      byte[] entries = new byte[4096];
      random.nextBytes(entries);
      int from = random.nextInt(10);
      int to = from;
      StringBuilder expected = new StringBuilder();
      int count = random.nextInt(40);
      int most = random.nextInt(40);
      for (int i = 0; i < count; i++) {
        String element =
            random.nextInt(3) == 0
                ? Long.toString(random.nextLong() >> random.nextInt(64))
                : "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 100 : 20));
        to = ListpackEntry.writeEntry(entries, to, Slice.of(element));
        if (i < most) {
          expected.append("$" + element.length() + "\r\n" + element + "\r\n");
        }
      }
      byte[] exact = Arrays.copyOf(entries, to);
      int end = to;
      assertBoth(
          expected.toString(),
          w -> assertThat(w.bulks(exact, from, end, most)).isEqualTo(Math.min(count, most)));
    }
  }

  @Test
  void textIsWrittenInUtf8() {
    assertBoth("$2\r\n\303\251\r\n", w -> w.bulk("\u00e9"));
  }

  @Test
  void nothing() {
    assertDiffers("$-1\r\n", "_\r\n", ReplyWriter::nullBulk);
    assertDiffers("*-1\r\n", "_\r\n", ReplyWriter::nullArray);
  }

  @Test
  void headers() {
    assertBoth(
        "*0\r\n*2000\r\n",
        w -> {
          w.array(0);
          w.array(2000);
        });
    assertDiffers("*4\r\n", "%2\r\n", w -> w.map(2));
    assertDiffers("*3\r\n", "~3\r\n", w -> w.set(3));
    assertDiffers("*3\r\n", ">3\r\n", w -> w.push(3));
    assertDiffers("*4294967294\r\n", "%2147483647\r\n", w -> w.map(Integer.MAX_VALUE));
  }

  @Test
  void doubles() {
    assertDiffers("$3\r\n0.1\r\n", ",0.1\r\n", w -> w.doubleValue(0.1));
    assertDiffers("$1\r\n5\r\n", ",5\r\n", w -> w.doubleValue(5));
    assertDiffers("$3\r\ninf\r\n", ",inf\r\n", w -> w.doubleValue(Double.POSITIVE_INFINITY));
    assertDiffers("$4\r\n-inf\r\n", ",-inf\r\n", w -> w.doubleValue(Double.NEGATIVE_INFINITY));
    assertDiffers("$3\r\nnan\r\n", ",nan\r\n", w -> w.doubleValue(Double.NaN));
    assertDiffers(
        "$25\r\n-123456789012345670000000\r\n",
        ",-123456789012345670000000\r\n",
        w -> w.doubleValue(-12345678901234567e7));
  }

  @Test
  void truthBigNumbersAndVerbatimText() {
    assertDiffers(
        ":1\r\n:0\r\n",
        "#t\r\n#f\r\n",
        w -> {
          w.bool(true);
          w.bool(false);
        });
    assertDiffers("$3\r\n123\r\n", "(123\r\n", w -> w.bigNumber("123"));
    assertDiffers("$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n", w -> w.verbatim("txt", "hi"));
    assertDiffers("$2\r\nhi\r\n", "=6\r\nmkd:hi\r\n", w -> w.verbatim("mkd", Slice.of("hi")));
  }

  @Test
  void lengthsKnownAfterwards() {
    assertDiffers(
        "+a\r\n*2\r\n:1\r\n*2\r\n+k\r\n*1\r\n:7\r\n+z\r\n",
        "+a\r\n*2\r\n:1\r\n%1\r\n+k\r\n~1\r\n:7\r\n+z\r\n",
        w -> {
          w.simple("a");
          int array = w.beginDeferred();
          w.integer(1);
          int map = w.beginDeferred();
          w.simple("k");
          int set = w.beginDeferred();
          w.integer(7);
          w.endSet(set, 1);
          w.endMap(map, 1);
          w.endArray(array, 2);
          w.simple("z");
        });
    assertBoth("*0\r\n", w -> w.endArray(w.beginDeferred(), 0));
  }

  @Test
  void aLargeReplyMovesBehindItsHeader() {
    String text = "x".repeat(5000);
    assertBoth(
        "*1\r\n$5000\r\n" + text + "\r\n",
        w -> {
          int mark = w.beginDeferred();
          w.bulk(text);
          w.endArray(mark, 1);
        });
  }

  @Test
  void aStringComesBeforeWhatWasWrittenFirst() {
    assertBoth(
        "*2\r\n$2\r\n17\r\n*1\r\n$1\r\na\r\n",
        w -> {
          w.array(2);
          int mark = w.beginDeferred();
          w.bulk("a");
          w.endArray(mark, 1);
          w.insertBulk(mark, "17");
        });
  }

  @Test
  void aHalfWrittenReplyIsTakenBack() {
    ReplyBuffer buffer = new ReplyBuffer();
    writer.target(buffer, false);
    writer.ok();
    int size = buffer.size();
    writer.array(3);
    writer.integer(1);
    buffer.truncate(size);
    writer.error("ERR no");

    assertThat(new String(buffer.array(), 0, buffer.size(), ISO_8859_1))
        .isEqualTo("+OK\r\n-ERR no\r\n");
    assertThatThrownBy(() -> buffer.truncate(100)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBufferGivesBackTheMemoryOfAGiant() {
    ReplyBuffer buffer = new ReplyBuffer();
    assertThat(buffer.array()).isEmpty();
    writer.target(buffer, false);
    writer.ok();
    byte[] small = buffer.array();
    buffer.reset();
    assertThat(buffer.size()).isZero();
    assertThat(buffer.array()).isSameAs(small);

    writer.bulk(new byte[2_000_000], 0, 2_000_000);
    buffer.reset();
    assertThat(buffer.array()).isEmpty();
    writer.ok();
    assertThat(buffer.size()).isEqualTo(5);
  }

  @Test
  void aReplyBeyondWhatAnArrayHoldsIsRefused() {
    ReplyBuffer buffer = new ReplyBuffer();
    buffer.append(new byte[10], 0, 10);

    assertThatThrownBy(() -> buffer.ensure(Integer.MAX_VALUE - 10))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(buffer.size()).isEqualTo(10);
  }
}
