package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of a redis-server to KEYS and CONFIG GET, by which these cases were chosen. */
final class GlobTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "hello, hello, true",
        "hello, hell, false",
        "hell, hello, false",
        "h?llo, hallo, true",
        "h?llo, hllo, false",
        "h*llo, hllo, true",
        "h*llo, heeeello, true",
        "*, a, true",
        "**a**, a, true",
        "a*, a, true",
        "*b*d, abcbd, true",
        "*b*d, abcdb, false",
        "h[ae]llo, hello, true",
        "h[ae]llo, hillo, false",
        "h[^e]llo, hallo, true",
        "h[^e]llo, hello, false",
        "h[a-c]llo, hbllo, true",
        "h[c-a]llo, hbllo, true",
        "[a-], -, false",
        "[a-], `, true",
        "[-a], -, true",
        "[]a], a], false",
        "[], a, false",
        "[^], a, true",
        "[a, a, true",
        "[a, b, false",
        "[^a, b, true",
        "[, [, false",
        "[^, x, true",
        "[\\]], ], true",
        "[\\-a], -, true",
        "\\*, *, true",
        "\\*, a, false",
        "a\\, a\\, true",
        "\\, \\, true",
        "HELLO, hello, false",
      })
  void answersAsRedis(String pattern, String text, boolean matches) {
    assertThat(Glob.matches(Slice.of(pattern), Slice.of(text))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "HELLO, hello, true",
    "h[A-Z]llo, hello, true",
    "h[E]llo, hello, true",
    "h[\\E]llo, hello, false",
    "\\HELLO, hello, true",
  })
  void ignoresCaseWhereAsked(String pattern, String text, boolean matches) {
    assertThat(Glob.matchesIgnoreCase(Slice.of(pattern), Slice.of(text))).isEqualTo(matches);
  }

  @Test
  void onlyTheEmptyPatternMatchesNothing() {
    assertThat(Glob.matches(Slice.of(""), Slice.of(""))).isTrue();
    assertThat(Glob.matches(Slice.of("**"), Slice.of(""))).isFalse();
    assertThat(Glob.matches(Slice.of(""), Slice.of("a"))).isFalse();
  }

  @Test
  void rangesCompareSignedBytes() {
    assertThat(Glob.matches(bytes("[\u0080-\u0001]"), bytes("\u00ff"))).isTrue();
    assertThat(Glob.matches(bytes("[\u0080-\u0001]"), bytes("\u0002"))).isFalse();
  }

  @Test
  void manyStarsTakeNoLongerThanOne() {
    Slice pattern = Slice.of("a*".repeat(30) + "b");
    Slice text = Slice.of("a".repeat(10_000));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(Glob.matches(pattern, text)).isFalse());
  }

  private static Slice bytes(String text) {
    return new Slice(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
