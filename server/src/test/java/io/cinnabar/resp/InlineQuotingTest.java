package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against what a real server made of the same lines. */
class InlineQuotingTest {

  private static final HexFormat HEX = HexFormat.of();

  @Test
  void wordsAreThoseOfTheRealServer() throws IOException {
    int checked = 0;
    String recorded;
    try (var resource = InlineQuotingTest.class.getResourceAsStream("inline-quoting.txt")) {
      recorded = new String(resource.readAllBytes(), ISO_8859_1);
    }
    for (String line : recorded.lines().toList()) {
      if (!line.startsWith("#")) {
        int space = line.indexOf(' ');
        String text = space < 0 ? line : line.substring(0, space);
        String words = space < 0 ? "" : line.substring(space + 1);
        assertThat(split(HEX.parseHex(text))).as(line).isEqualTo(words);
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(800);
  }

  private static String split(byte[] text) {
    String line = "RPUSH q " + new String(text, ISO_8859_1) + "\r\n";
    byte[] bytes = line.getBytes(ISO_8859_1);
    Request request = new Request();
    try {
      assertThat(new RequestDecoder().next(bytes, 0, bytes.length, request))
          .isEqualTo(bytes.length);
    } catch (ProtocolException e) {
      assertThat(e).hasMessage("unbalanced quotes in request");
      return "!";
    }
    StringBuilder words = new StringBuilder();
    for (int i = 2; i < request.count(); i++) {
      byte[] word = request.arg(i).toByteArray();
      words.append(i == 2 ? "" : " ").append(word.length == 0 ? "-" : HEX.formatHex(word));
    }
    return words.toString();
  }
}
