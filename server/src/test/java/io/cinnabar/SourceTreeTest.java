package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the sources of the server must look like beyond what the compiler and formatter check. */
final class SourceTreeTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final int MAX_LINES = 800;

  /** Files that may be longer, by their path below the sources, each with its reason. */
  private static final Map<String, String> LONGER_WITH_REASON = Map.of();

  @Test
  void noFileIsTooLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : javaFiles()) {
      if (Files.readAllLines(file).size() > MAX_LINES) {
        tooLong.add(SOURCES.relativize(file).toString().replace('\\', '/'));
      }
    }

    // Equal, not contained: a file that has become short again leaves the list.
    assertThat(tooLong).containsExactlyInAnyOrderElementsOf(LONGER_WITH_REASON.keySet());
  }

  @Test
  void eachPackageIsNullMarked() throws IOException {
    TreeSet<Path> packages = new TreeSet<>();
    for (Path file : javaFiles()) {
      packages.add(file.resolveSibling("package-info.java"));
    }

    assertThat(packages)
        .allSatisfy(info -> assertThat(info).content().contains("\n@NullMarked\npackage "));
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(found).as("sources in %s", SOURCES.toAbsolutePath()).isNotEmpty();
      return found;
    }
  }
}
