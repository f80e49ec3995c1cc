package io.cinnabar.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Snippets give the same results and the same error texts as in the C implementation. */
class ReferenceTest {
  static Stream<String> snippets() throws IOException {
    return Stream.of("language.lua", "libraries.lua").flatMap(ReferenceTest::read);
  }

  private static Stream<String> read(String file) {
    try {
      String all =
          Files.readString(
              Path.of("src/test/resources/snippets", file), StandardCharsets.ISO_8859_1);
      return Stream.of(all.split("\n--\n", -1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void sameAsReference(String snippet) {
    assertThat(Reference.ours(snippet)).isEqualTo(Reference.run(snippet));
  }
}
