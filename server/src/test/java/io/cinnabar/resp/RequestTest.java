package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that outlive the input that they came in. */
final class RequestTest {

  private final Request request = new Request();

  private void decode(String input) {
    byte[] bytes = ("....." + input).getBytes(ISO_8859_1);
    assertThat(new RequestDecoder().next(bytes, 5, bytes.length, request)).isEqualTo(bytes.length);
  }

  private static List<String> arguments(Request request) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < request.count(); i++) {
      arguments.add(new String(request.arg(i).toByteArray(), ISO_8859_1));
    }
    return arguments;
  }

  @Test
  void aCopyKeepsItsArgumentsWhateverBecomesOfTheInput() {
    decode("*3\r\n$5\r\nBLPOP\r\n$3\r\nkey\r\n$1\r\n0\r\n");
    Request copy = request.copy();
    decode("SET a b c d e f g h i j k\r\n");
    assertThat(arguments(copy)).containsExactly("BLPOP", "key", "0");
    assertThat(copy.array).hasSize(copy.end - copy.start).hasSize(9);
  }

  @Test
  void aCopyHasManyAndUnescapedArgumentsToo() {
    decode("A \"b\\x00c\" '' d e f g h i j k \"\\n\"\r\n");
    request.redact(2);
    Request copy = request.copy();
    List<String> expected = arguments(request);
    assertThat(expected).hasSize(12).contains("b\0c", "", "\n");
    request.release();
    assertThat(arguments(copy)).isEqualTo(expected);
    assertThat(copy.isRedacted(2)).isTrue();
    assertThat(copy.isRedacted(3)).isFalse();
  }

  @Test
  void argumentsOfACopyCanBeReplaced() {
    decode("XREAD BLOCK 0 STREAMS a b $ $\r\n");
    Request copy = request.copy();
    copy.replace(6, "1-1".getBytes(ISO_8859_1));
    copy.replace(7, "22-0".getBytes(ISO_8859_1));
    copy.replace(6, "".getBytes(ISO_8859_1));
    assertThat(arguments(copy))
        .containsExactly("XREAD", "BLOCK", "0", "STREAMS", "a", "b", "", "22-0");
    assertThat(arguments(copy.copy())).isEqualTo(arguments(copy));
    assertThat(request.arg(6)).hasToString("$");
  }

  @Test
  void isPlainAsACommandWriterWritesIt() {
    decode("*3\r\n$3\r\nSET\r\n$12\r\nkey:00000001\r\n$0\r\n\r\n");
    assertThat(request.isPlain()).isTrue();
    decode("*11\r\n" + "$1\r\nx\r\n".repeat(11));
    assertThat(request.isPlain()).isTrue();
  }

  @Test
  void isNotPlainInAnyOtherForm() {
    for (String other :
        new String[] {
          "SET k v\r\n",
          "SET \"\\x41\" v\r\n",
          "*1\rX$1\r\na\r\n",
          "*1\r\n$1\rXa\r\n",
          "*1\r\n$1\r\naXX",
          "*1\r\n$1\r\na\rX",
          "*2\r\n$1\r\na\r\n$1\rXb\r\n"
        }) {
      decode(other);
      assertThat(request.count()).as(other).isPositive();
      assertThat(request.isPlain()).as(other).isFalse();
    }
  }

  @Test
  void aCopyIsNotPlain() {
    decode("*2\r\n$1\r\na\r\n$1\r\nb\r\n");
    Request copy = request.copy();
    assertThat(copy.isPlain()).isFalse();
    copy.replace(0, "x".getBytes(ISO_8859_1));
    assertThat(copy.isPlain()).isFalse();
    decode("*1\r\n$21\r\n*2\r\n$4\r\nLPOP\r\n$1\r\nk\r\n\r\n");
    assertThat(request.isPlain()).isTrue();
    assertThat(request.copy().isPlain()).isFalse();
  }
}
