package io.cinnabar.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes into the background, which a JVM can't do by itself: it can't fork. The very command line of
 * this process is run once more, in a session of its own where the system has {@code setsid}, and
 * the copy knows by a system property that it is the one to serve.
 */
public final class Background {

  private static final String MARK = "cinnabar.background";
  private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");

  private static final List<Path> NEW_SESSION =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private Background() {}

  /** Whether this process is the copy. */
  public static boolean isHere() {
    return Boolean.getBoolean(MARK);
  }

  /**
   * Starts the copy and doesn't wait for it; what it prints goes nowhere.
   *
   * @param input all that it finds on its standard input
   * @throws IOException when it can't be started
   */
  public static void start(byte[] input) throws IOException {
    List<String> line = new ArrayList<>();
    NEW_SESSION.stream().filter(Files::isExecutable).findFirst().ifPresent(p -> line.add(p + ""));
    List<String> own = ownCommandLine();
    line.add(own.get(0));
    line.add("-D" + MARK + "=true");
    line.addAll(own.subList(1, own.size()));
    Process process =
        new ProcessBuilder(line)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input);
    }
  }

  /** The program and its arguments; from the kernel, since the JDK doesn't tell long ones. */
  private static List<String> ownCommandLine() throws IOException {
    ProcessHandle.Info info = ProcessHandle.current().info();
    List<String> line = new ArrayList<>();
    line.add(info.command().orElseThrow(() -> new IOException("the program is not known")));
    if (Files.isReadable(OWN_COMMAND_LINE)) {
      Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      String[] words = new String(Files.readAllBytes(OWN_COMMAND_LINE), charset).split("\0", -1);
      // The first is the program, and behind the last stands a zero, too.
      line.addAll(List.of(words).subList(1, words.length - 1));
    } else {
      String[] arguments =
          info.arguments().orElseThrow(() -> new IOException("the arguments are not known"));
      line.addAll(List.of(arguments));
    }
    return line;
  }
}
