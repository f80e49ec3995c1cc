package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two programs given the same files and arguments with which they can't start. */
@Timeout(120)
final class ProgramDifferentialTest {

  private static final String LINE_START = "^\\d+:[A-Z] .{24} [-.*#] ";

  /** What newer JVMs say of native libraries, unless the launcher forbids it. */
  private static final String JVM_WARNING = "(?:WARNING: [^\n]*\n)+(?:\n(?=\n|\\z))?";

  @TempDir private Path folder;

  @Test
  void filesThatAreWrong() throws IOException {
    compare("", write("timeout 5\n\n  timeout  abc \n"));
    compare("", write("rename-command get set\n"));
    compare("", write("include missing.conf\n"));
    compare("", write("dir missing\n"));
    compare("", write("timeout 5\ntimeout \"5\n"), "--port", "0");
  }

  @Test
  void filesThatAreMissing() throws IOException {
    compare("", folder.resolve("missing.conf").toString());
  }

  @Test
  void logsThatCanNotBeWritten() throws IOException {
    compare("", write("logfile missing/log\n"));
    compare("", write("dir " + folder + "\nlogfile " + folder + "\n"));
  }

  @Test
  void argumentsAndStandardInputThatAreWrong() throws IOException {
    compare("", "--port", "abc");
    compare("", write("timeout 5\n"), "--no-such-option");
    compare("timeout x\n", "-");
    compare("hz 10", "--port", "0", "--timeout", "-1", "-");
  }

  private String write(String text) throws IOException {
    Path file = folder.resolve("file.conf");
    Files.writeString(file, text);
    return file.toString();
  }

  private void compare(String input, String... arguments) throws IOException {
    RedisRun theirs = RedisRun.of(folder, input, arguments);
    try (ServerProcess ours = ServerProcess.startWithInput(input, arguments)) {
      assertThat(ours.awaitExit()).as(theirs.toString()).isEqualTo(theirs.status());
      assertThat(ours.errors().replaceAll(JVM_WARNING, "")).isEqualTo(theirs.errors());
      assertThat(last(ours.lines())).isEqualTo(last(theirs.output().lines().toList()));
    }
  }

  /** The last line of a log, if it is one of those that say why the server ends. */
  private static List<String> last(List<String> lines) {
    return Stream.of(lines.isEmpty() ? "" : lines.get(lines.size() - 1))
        .map(line -> line.replaceFirst(LINE_START, ""))
        .filter(line -> !line.isEmpty() && !line.equals("Reading config from stdin"))
        .filter(line -> !line.equals("Configuration loaded"))
        .toList();
  }
}
