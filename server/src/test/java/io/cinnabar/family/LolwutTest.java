package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LolwutTest {

  private static final String LAST = "Redis ver. 7.2.4";

  private final TestServer server = TestServer.start();

  /** The lines of the text, each of which ends with a line feed. */
  private String[] lines(String... words) {
    String reply = server.send(words);
    assertThat(reply).startsWith("$");
    String bytes = reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
    String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    assertThat(text).endsWith(LAST + "\n");
    return text.split("\n", -1);
  }

  @Test
  void thisVersionHasNoPictureOfItsOwn() {
    String[] alone = {LAST, ""};
    assertThat(lines("LOLWUT")).isEqualTo(alone);
    assertThat(lines("LOLWUT", "VERSION")).isEqualTo(alone);
    assertThat(lines("LOLWUT", "version", "7", "x")).isEqualTo(alone);
    assertThat(lines("LOLWUT", "anything", "x")).isEqualTo(alone);
  }

  @Test
  void version5DrawsDots() {
    String[] lines = lines("LOLWUT", "VERSION", "5");
    assertThat(lines).hasSize(49 + 3);
    for (int i = 0; i < 49; i++) {
      assertThat(lines[i]).hasSize(66).matches("[\u2800-\u28ff]+");
    }
    assertThat(String.join("", lines).chars().distinct().count()).isGreaterThan(30);
    assertThat(lines[49]).isEmpty();
    assertThat(lines[50]).endsWith(LAST);
    assertThat(lines("LOLWUT", "VERSION", "5", "10")[0]).hasSize(10);
    assertThat(lines("LOLWUT", "VERSION", "5", "10")).hasSize(7 + 3);
    assertThat(lines("LOLWUT", "VERSION", "5", "-7", "0", "0")[0]).hasSize(1);
  }

  @Test
  void version6DrawsColours() {
    String[] lines = lines("LOLWUT", "VERSION", "6");
    assertThat(lines).hasSize(20 + 3);
    for (int i = 0; i < 20; i++) {
      assertThat(lines[i]).matches("(\u001b\\[0;\\d\\d;\\d+m \u001b\\[0m){80}");
    }
    assertThat(lines("LOLWUT", "VERSION", "6", "10", "5")).hasSize(5 + 3);
  }

  @Test
  void noPictureIsLargerThanMemoryAllows() {
    assertThat(lines("LOLWUT", "VERSION", "5", "1000", "1", "200").length).isLessThan(2000);
    assertThat(lines("LOLWUT", "VERSION", "5", "1000000", "200", "200")[0]).hasSize(1000);
    assertThat(lines("LOLWUT", "VERSION", "6", "1000000", "1000000")).hasSize(1000 + 3);
  }

  @Test
  void whatIsNoNumberIsRefused() {
    String refusal = "-ERR value is not an integer or out of range\r\n";
    assertThat(server.send("LOLWUT", "VERSION", "x")).isEqualTo(refusal);
    assertThat(server.send("LOLWUT", "VERSION", "5", "10", "x", "y")).isEqualTo(refusal);
    assertThat(server.send("LOLWUT", "VERSION", "6", "x")).isEqualTo(refusal);
  }
}
