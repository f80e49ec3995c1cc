package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cinnabar.persistence.AofFile.Kind;
import org.junit.jupiter.api.Test;

/** The manifest's text, which is Redis's, and what is refused, in its words. */
final class AofManifestTest {

  private static final String TEXT =
      """
      file appendonly.aof.2.base.rdb seq 2 type b
      file appendonly.aof.1.base.rdb seq 1 type h
      file appendonly.aof.3.incr.aof seq 3 type i
      file appendonly.aof.4.incr.aof seq 4 type i
      """;

  @Test
  void readsWhatItWrites() throws AofManifestException {
    AofManifest manifest = parse("# a comment\n" + TEXT);

    assertThat(manifest.base()).isEqualTo(new AofFile("appendonly.aof.2.base.rdb", 2, Kind.BASE));
    assertThat(manifest.loaded()).hasSize(3);
    assertThat(manifest).hasToString(TEXT);
    assertThat(parse(manifest.toString())).hasToString(TEXT);
    assertThat(AofManifest.EMPTY).hasToString("");
  }

  @Test
  void takesWordsInAnyOrderAndUnknownOnes() throws AofManifestException {
    AofManifest manifest = parse("  TYPE incremental later x SEQ 7more File \"a b\"\t\r\n");

    assertThat(manifest.increments()).containsExactly(new AofFile("a b", 7, Kind.INCREMENT));
    assertThat(manifest).hasToString("file \"a b\" seq 7 type i\n");
  }

  @Test
  void quotesNamesThatHaveToBe() throws AofManifestException {
    for (String name : new String[] {"a\"b", "a'b", "ä", "tab\there", "\u0001"}) {
      AofManifest manifest = AofManifest.EMPTY.withIncrement(new AofFile(name, 1, Kind.INCREMENT));
      assertThat(manifest.toString()).startsWith("file \"");
      assertThat(parse(manifest.toString()).last().name()).isEqualTo(name);
    }
  }

  @Test
  void aNewBaseMakesHistoryOfWhatWasBefore() throws AofManifestException {
    AofManifest manifest = parse(TEXT).withIncrement(AofManifest.increment("appendonly.aof", 5));
    AofFile base = AofManifest.base("appendonly.aof", manifest.nextBaseSequence(), true);
    AofManifest renewed = manifest.withBase(base, manifest.last());

    assertThat(renewed)
        .hasToString(
            """
            file appendonly.aof.3.base.rdb seq 3 type b
            file appendonly.aof.1.base.rdb seq 1 type h
            file appendonly.aof.2.base.rdb seq 2 type h
            file appendonly.aof.3.incr.aof seq 3 type h
            file appendonly.aof.4.incr.aof seq 4 type h
            file appendonly.aof.5.incr.aof seq 5 type i
            """);
    assertThat(renewed.withoutHistory().history()).isEmpty();
    assertThat(renewed.nextIncrementSequence()).isEqualTo(6);
  }

  @Test
  void refusesWhatRedisRefuses() {
    assertRefused("", 0, "Found an empty AOF manifest");
    assertRefused("\n", 1, "Invalid AOF manifest file format");
    assertRefused("file a seq 1 type\n", 1, "Invalid AOF manifest file format");
    assertRefused("file \"a seq 1 type b\n", 1, "Invalid AOF manifest file format");
    assertRefused("file a seq x type b\n", 1, "Invalid AOF manifest file format");
    assertRefused("file a seq 1 kind b\n", 1, "Invalid AOF manifest file format");
    assertRefused("file a seq 1 type b", 1, "The AOF manifest file contains too long line");
    assertRefused(
        "file " + "a".repeat(1100) + " seq 1 type b\n",
        1,
        "The AOF manifest file contains too long line");
    assertRefused("file a/b seq 1 type b\n", 1, "File can't be a path, just a filename");
    assertRefused(TEXT + "file a seq 5 type x\n", 5, "Unknown AOF file type");
    assertRefused(TEXT + "file a seq 4 type i\n", 5, "Found a non-monotonic sequence number");
    assertRefused(TEXT + "file a seq 9 type b\n", 5, "Found duplicate base file information");
  }

  private static void assertRefused(String text, int line, String message) {
    AofManifestException failure =
        catchThrowableOfType(AofManifestException.class, () -> parse(text));
    assertThat(failure).as(text).hasMessage(message);
    assertThat(failure.logLines())
        .hasSize(line == 0 ? 2 : 4)
        .startsWith("\n*** FATAL AOF MANIFEST FILE ERROR ***\n")
        .endsWith(message + "\n");
    if (line > 0) {
      assertThat(failure.logLines()).contains("Reading the manifest file, at line " + line + "\n");
    }
  }

  private static AofManifest parse(String text) throws AofManifestException {
    return AofManifest.parse(text.getBytes(UTF_8));
  }
}
