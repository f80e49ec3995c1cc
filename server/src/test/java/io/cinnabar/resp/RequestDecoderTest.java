package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is expected here was seen on redis-server 7.0.15. */
class RequestDecoderTest {

  private static final int LINE_LIMIT = 65_536;

  private final RequestDecoder decoder = new RequestDecoder();
  private final Request request = new Request();

  private int next(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return decoder.next(bytes, 0, bytes.length, request);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < request.count(); i++) {
      arguments.add(new String(request.arg(i).toByteArray(), ISO_8859_1));
    }
    return arguments;
  }

  private void assertRefused(String text, String message) {
    assertThatThrownBy(() -> next(text))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(message)
        .hasNoCause();
  }

  @Test
  void decodesAnArray() {
    String text = "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$12\r\nhello\r\nworld\r\n*1\r\n";

    assertThat(next(text)).isEqualTo(text.length() - 4);
    assertThat(arguments()).containsExactly("SET", "", "hello\r\nworld");
    assertThat(request.start).isZero();
    assertThat(request.end).isEqualTo(text.length() - 4);
  }

  @Test
  void aHandshakeOfTlsIsNoCommand() {
    assertRefused("\u0016\u0003\u0001\u0002\u0000\u0001", "TLS handshake on a port without TLS");
    decoder.reset();
    assertThat(next("\u0016\u0004\r\n")).isEqualTo(4);
    assertThat(arguments()).containsExactly("\u0016\u0004");
  }

  @Test
  void theSlicesAreTheSameEachTime() {
    next("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    Object name = request.arg(0);
    Object key = request.arg(1);
    next("*2\r\n$4\r\nTYPE\r\n$1\r\nb\r\n");

    assertThat(request.arg(0)).isSameAs(name);
    assertThat(request.arg(1)).isSameAs(key);
    assertThat(arguments()).containsExactly("TYPE", "b");
    assertThatThrownBy(() -> request.arg(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> request.arg(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theArgumentsFollowBytesThatAreMoved() {
    next("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    byte[] moved = new byte[100];
    System.arraycopy(request.array, 0, moved, 50, request.end);
    Arrays.fill(request.array, (byte) 0);
    request.array = moved;
    request.start = 50;

    assertThat(arguments()).containsExactly("GET", "a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*0\r\n", "*-1\r\n", "*-5\r\n", "\r\n", "\n", "   \r\n", "\t\n", "\013\n"})
  void anEmptyCommandIsTakenAndSkipped(String text) {
    assertThat(next(text)).isEqualTo(text.length());
    assertThat(request.count()).isZero();
  }

  @Test
  void theBytesOfLineEndsAfterTheFirstAreNotLookedAt() {
    String text = "*1\rx$4\ryPINGzz";

    assertThat(next(text)).isEqualTo(text.length());
    assertThat(arguments()).containsExactly("PING");
  }

  @Test
  void decodesLines() {
    assertThat(next("SET key 'a b'\r\nPING\r\n")).isEqualTo(15);
    assertThat(arguments()).containsExactly("SET", "key", "a b");
    assertThat(request.end).isEqualTo(15);

    assertThat(next("PING\nPING\n")).isEqualTo(5);
    assertThat(arguments()).containsExactly("PING");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*\r\n",
        "*-0\r\n",
        "*00\r\n",
        "*+1\r\n",
        "*01\r\n",
        "*abc\r\n",
        "* 1\r\n",
        "*1 \r\n",
        "*2147483648\r\n",
        "*99999999999999999999\r\n",
        "*-9223372036854775809\r\n",
        "*1\n$4\r\n",
        "*000000000000000000001\r\n"
      })
  void refusesCounts(String text) {
    assertRefused(text, "invalid multibulk length");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$\r\n",
        "$-1\r\n",
        "$-2\r\n",
        "$-0\r\n",
        "$abc\r\n",
        "$536870913\r\n",
        "$04\r\n",
        "$+4\r\n",
        "$4\n\nPING\r\n",
        "$00\r\n",
        "$99999999999999999999\r\n",
        "$1 \r\n"
      })
  void refusesLengths(String text) {
    assertRefused("*1\r\n" + text, "invalid bulk length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "*", ":", "\377", "\n", " "})
  void refusesWhatIsNoBulk(String text) {
    assertRefused("*1\r\n" + text + "4\r\nPING\r\n", "expected '$', got '" + text + "'");
  }

  @Test
  void refusesWhatIsNoBulkAfterOneThatIs() {
    assertRefused("*2\r\n$4\r\nPING\r\n+OK\r\n", "expected '$', got '+'");
  }

  @Test
  void refusesAnEmptyLineForABulk() {
    assertRefused("*1\r\n\r\n", "expected '$', got '\r'");
  }

  @Test
  void theLongestLinesAreTakenAndLongerOnesRefused() {
    assertThat(next("a".repeat(LINE_LIMIT))).isEqualTo(RequestDecoder.INCOMPLETE);
    assertRefused("a".repeat(LINE_LIMIT + 1), "too big inline request");
  }

  @Test
  void aLineThatHasEndedMayBeLonger() {
    assertThat(next("a".repeat(LINE_LIMIT + 10) + "\n")).isEqualTo(LINE_LIMIT + 11);
  }

  @Test
  void theLongestCountIsTakenAndLongerOnesRefused() {
    assertThat(next("*" + "1".repeat(LINE_LIMIT - 1))).isEqualTo(RequestDecoder.INCOMPLETE);
    assertRefused("*" + "1".repeat(LINE_LIMIT), "too big mbulk count string");
  }

  @Test
  void theLongestLengthIsTakenAndLongerOnesRefused() {
    String start = "*2\r\n$4\r\nPING\r\n$";
    assertThat(next(start + "1".repeat(LINE_LIMIT - 1))).isEqualTo(RequestDecoder.INCOMPLETE);
    assertRefused(start + "1".repeat(LINE_LIMIT), "too big bulk count string");
  }

  @Test
  void aNulHidesTheEndOfALine() {
    String line = "PI\0NG\r\n";
    assertThat(next(line)).isEqualTo(RequestDecoder.INCOMPLETE);
    assertRefused(line + "PING\r\n".repeat(12_000), "too big inline request");
  }

  @Test
  void aNulHidesTheEndOfACountAndOfALength() {
    assertThat(next("*1\0\r\n")).isEqualTo(RequestDecoder.INCOMPLETE);
    assertRefused("*1\0\r\n" + "x".repeat(LINE_LIMIT), "too big mbulk count string");
    RequestDecoder other = new RequestDecoder();
    byte[] bytes = "*1\r\n\0\r\n$4\r\nPING\r\n".getBytes(ISO_8859_1);
    assertThat(other.next(bytes, 0, bytes.length, request)).isEqualTo(RequestDecoder.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a", "'a", "\"a\"b", "'a'b", "\"a\\\"", "x \"", "\"\"\"\""})
  void refusesUnbalancedQuotes(String text) {
    assertRefused(text + "\r\n", "unbalanced quotes in request");
  }

  @Test
  void limitsAreTighterBeforeAuthentication() {
    decoder.authenticated(false);

    assertThat(next("*10\r\n" + "$1\r\na\r\n".repeat(10))).isPositive();
    assertThat(next("*1\r\n$16384\r\n" + "a".repeat(16_384) + "\r\n")).isPositive();
    assertRefused("*1\r\n$16385\r\n", "unauthenticated bulk length");
  }

  @Test
  void fewerArgumentsAreTakenBeforeAuthentication() {
    decoder.authenticated(false);

    assertRefused("*11\r\n", "unauthenticated multibulk length");
  }

  @Test
  void theWrongIsToldBeforeTheUnauthenticated() {
    decoder.authenticated(false);

    assertRefused("*2147483648\r\n", "invalid multibulk length");
  }

  @Test
  void tooLongIsToldBeforeTheUnauthenticated() {
    decoder.authenticated(false);

    assertRefused("*1\r\n$536870913\r\n", "invalid bulk length");
  }

  @Test
  void authenticationLiftsTheLimits() {
    decoder.authenticated(false);
    decoder.authenticated(true);

    assertThat(next("*11\r\n" + "$1\r\na\r\n".repeat(11))).isPositive();
    assertThat(next("*1\r\n$16385\r\n" + "a".repeat(16_385) + "\r\n")).isPositive();
  }

  @Test
  void theLargestArgumentCanBeSet() {
    decoder.maxBulkLength(5);

    assertThat(next("*1\r\n$5\r\nhello\r\n")).isPositive();
    assertRefused("*1\r\n$6\r\nhello!\r\n", "invalid bulk length");
  }

  /** Bytes that have come, and how many are known to be needed then. */
  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "*, 2",
    "*1, 3",
    "*1~, 4",
    "*1~^, 5",
    "*1~^$, 6",
    "*1~^$5~, 8",
    "*1~^$5~^, 15",
    "*1~^$5~^hello, 15",
    "*1~^$5~^hello~, 15",
    "*2~^$5~^hello~^, 16",
    "*2~^$5~^hello~^$100~^, 123",
    "*2147483647~^, 14",
    "PING, 5",
    "*1~^$536870912~^, 536870930"
  })
  void saysHowMuchIsWanted(String text, long wanted) {
    String bytes = text.replace('~', '\r').replace('^', '\n');

    assertThat(next(bytes)).isEqualTo(RequestDecoder.INCOMPLETE);
    assertThat(decoder.wanted()).isEqualTo(wanted);
  }

  @Test
  void lengthsBeyondAnArrayAreWantedAsTheyAre() {
    decoder.maxBulkLength(Long.MAX_VALUE);

    assertThat(next("*1\r\n$5000000000\r\n")).isEqualTo(RequestDecoder.INCOMPLETE);
    assertThat(decoder.wanted()).isEqualTo(5_000_000_019L);
  }

  @Test
  void afterAResetAnotherCommandMayCome() {
    for (String part : new String[] {"GET k", "*2\r", "*2\r\n$3\r\nGET\r\n$1", "*1\r\n$9\r\nP"}) {
      assertThat(next(part)).as(part).isEqualTo(RequestDecoder.INCOMPLETE);
      decoder.reset();
      assertThat(decoder.wanted()).isEqualTo(1);
      next("*1\r\n$4\r\nPING\r\n");
      assertThat(arguments()).as("after " + part).containsExactly("PING");
    }
  }

  /** In quadratic time this would take hours. */
  @Test
  @Timeout(60)
  void aMillionArgumentsByteByByte() {
    int arguments = 1_000_000;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("*" + arguments + "\r\n").getBytes(ISO_8859_1));
    for (int i = 0; i < arguments; i++) {
      String digits = Integer.toString(i);
      out.writeBytes(("$" + digits.length() + "\r\n" + digits + "\r\n").getBytes(ISO_8859_1));
    }
    byte[] bytes = out.toByteArray();
    for (int end = 0; end < bytes.length; end++) {
      if (decoder.next(bytes, 0, end, request) != RequestDecoder.INCOMPLETE) {
        throw new AssertionError("Complete at " + end);
      }
    }
    assertThat(decoder.next(bytes, 0, bytes.length, request)).isEqualTo(bytes.length);

    assertThat(request.count()).isEqualTo(arguments);
    for (int i = 0; i < arguments; i++) {
      if (!request.arg(i).toString().equals(Integer.toString(i))) {
        throw new AssertionError(i + " is " + request.arg(i));
      }
    }
    assertThat(request.spans.length).isGreaterThan(arguments);
    next("*1\r\n$4\r\nPING\r\n");
    assertThat(request.spans.length).isLessThan(100);
    assertThat(arguments()).containsExactly("PING");
  }
}
