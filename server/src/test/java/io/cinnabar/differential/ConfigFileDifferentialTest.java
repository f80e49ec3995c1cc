package io.cinnabar.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.config.CommandLine;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.ConfigLoader;
import io.cinnabar.config.ConfigLoader.LoadException;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same config files read and rewritten here and by a real server. */
final class ConfigFileDifferentialTest {

  /** Where a real server has nothing to listen on, it ends as soon as the file was taken. */
  private static final String TAKEN = "Configured to not listen anywhere, exiting.";

  /** A line break within a line of the resource; its bytes are UTF-8's, one char each. */
  private static final String PILCROW = "\u00c2\u00b6";

  private static final String PREFIX = "port 0\nsave \"\"\n";

  /** By path and contents. */
  private static final String[][] FILES = {
    {"good.conf", "timeout 6\n"},
    {"bad.conf", "timeout 6\n\ntimeout x\n"},
    {"sub/inner.conf", "timeout 7\n"},
    {"sub/nonsense.conf", "nonsense\n"},
    {"sub/.hidden.conf", "hidden\n"},
  };

  @TempDir private Path folder;

  /** Each line of the resource is a file of its own; those behind a ! we refuse on purpose. */
  @Test
  void takesAndRefusesTheSameLines() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    int lines = 0;
    for (String line : lines("lines.txt")) {
      if (line.isEmpty() || line.startsWith("# ")) {
        continue;
      }
      lines++;
      boolean unsupported = line.startsWith("!");
      String text = (unsupported ? line.substring(1) : line).replace(PILCROW, "\n");
      String theirs = theirReport(text);
      if (unsupported) {
        softly.assertThat(theirs).as("accepted: %s", line).isEmpty();
        softly.assertThat(ourReport(text)).as(line).endsWith(" not supported by this version\n");
      } else {
        softly.assertThat(ourReport(text)).as(line).isEqualTo(theirs);
      }
    }
    softly.assertAll();
    assertThat(lines).isGreaterThan(100);
  }

  /** What stands on standard error, or else in the log, when the text is refused; else empty. */
  private String theirReport(String text) throws IOException {
    for (String[] file : FILES) {
      Path path = folder.resolve(file[0]);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file[1]);
    }
    RedisRun run = RedisRun.of(folder, PREFIX + text, "-");
    if (run.output().contains(TAKEN)) {
      return "";
    }
    assertThat(run.status()).as(text).isEqualTo(1);
    int fatal = run.output().indexOf("Fatal error");
    return run.errors() + (fatal < 0 ? "" : run.output().substring(fatal));
  }

  private static String ourReport(String text) {
    VirtualDisk disk = new VirtualDisk();
    for (String[] file : FILES) {
      disk.put(file[0], file[1].getBytes(ISO_8859_1));
    }
    try {
      Config config = new Config(disk);
      new ConfigLoader(config, disk, "7.2.4")
          .load(CommandLine.parse("-"), (PREFIX + text).getBytes(ISO_8859_1));
      TestServer.check(config);
      return "";
    } catch (LoadException refusal) {
      return bytes(refusal.report());
    } catch (ConfigException refusal) {
      return bytes(ConfigLoader.report("7.2.4", refusal.reason()));
    }
  }

  /** What a terminal gets, one char for each byte. */
  private static String bytes(String report) {
    return new String((report + "\n").getBytes(UTF_8), ISO_8859_1);
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream bytes =
        ConfigFileDifferentialTest.class.getResourceAsStream("config/" + resource)) {
      return new String(bytes.readAllBytes(), ISO_8859_1).lines().toList();
    }
  }
}
