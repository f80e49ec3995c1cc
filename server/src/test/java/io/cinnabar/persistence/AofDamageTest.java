package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.config.FsyncPolicy;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every byte of a small file damaged, and the file cut at every length. */
final class AofDamageTest {

  private static final String FILE = "appendonlydir/appendonly.aof.1.incr.aof";
  private static final String MANIFEST = "appendonlydir/appendonly.aof.manifest";
  private static final int[] FLIPS = {0x01, 0x20, 0x80};

  /** The data set after each batch. */
  private final List<String> digests = new ArrayList<>();

  /** Where each batch ends. */
  private final List<Integer> ends = new ArrayList<>();

  private byte[] manifest = {};
  private int sizeBytes;

  private byte[] write(boolean isForced) throws IOException, AofLoadException {
    VirtualDisk disk = new VirtualDisk();
    JournaledServer server =
        new JournaledServer(disk, isForced ? FsyncPolicy.ALWAYS : FsyncPolicy.EVERYSEC);
    digests.add(server.digest());
    ends.add(disk.read(FILE).length);
    String[][] commands = {
      {"SET", "key", "value"},
      {"RPUSH", "list", "a", "b"},
      {"EVAL", "nothing"},
      {"INCRBY", "counter", "12345"}
    };
    for (String[] command : commands) {
      if (command[0].equals("EVAL")) {
        server.send("MULTI");
        server.send("SET", "other", "x");
        server.send("INCR", "counter");
        server.send("EXEC");
      } else {
        server.send(command);
      }
      server.settle();
      digests.add(server.digest());
      ends.add(disk.read(FILE).length);
    }
    manifest = disk.read(MANIFEST);
    sizeBytes = disk.read(FILE).length;
    return disk.read(FILE);
  }

  /** Loads a file; what the data set is then, or null if it is refused. */
  private @Nullable String load(byte[] file) throws IOException {
    VirtualDisk disk = new VirtualDisk();
    disk.put(MANIFEST, manifest);
    disk.put(FILE, file);
    try {
      JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
      String digest = server.digest();
      int prefix = digests.indexOf(digest);
      if (prefix >= 0 && prefix < digests.size() - 1 && file.length == sizeBytes) {
        assertThat(server.logLines())
            .anyMatch(line -> line.startsWith("!!! Truncating the AOF "))
            .contains(
                "AOF appendonly.aof.1.incr.aof loaded anyway because aof-load-truncated is"
                    + " enabled");
      }
      return digest;
    } catch (AofLoadException e) {
      assertThat(disk.read(FILE)).isEqualTo(file);
      return null;
    }
  }

  @Test
  void whatWasForcedIsNeverLostInSilence() throws Exception {
    byte[] file = write(true);
    int lastBatch = ends.get(ends.size() - 2);
    for (int i = 0; i < file.length; i++) {
      for (int flip : FLIPS) {
        byte[] damaged = file.clone();
        damaged[i] ^= (byte) flip;
        String digest = load(damaged);
        String what = "byte " + i + " with " + flip;
        if (digest == null) {
          continue;
        }
        int loaded = digests.indexOf(digest);
        // A batch whose line is no seal any more is loaded as if it had none.
        assertThat(loaded).as(what).isGreaterThanOrEqualTo(digests.size() - 2);
        if (loaded < digests.size() - 1) {
          assertThat(i).as(what).isGreaterThanOrEqualTo(lastBatch);
        }
      }
    }
  }

  @Test
  void whatWasNotForcedMayBeCutOff() throws Exception {
    byte[] file = write(false);
    int first = ends.get(0);
    for (int i = first; i < file.length; i++) {
      byte[] damaged = file.clone();
      damaged[i] = 0;
      assertThat(digests).as("byte " + i).contains(load(damaged));
    }
  }

  @Test
  void aFileThatIsCutLoadsUpToThere() throws Exception {
    byte[] file = write(true);
    for (int length = 1; length <= file.length; length++) {
      int whole = 0;
      while (whole + 1 < ends.size() && ends.get(whole + 1) <= length) {
        whole++;
      }
      assertThat(load(Arrays.copyOf(file, length)))
          .as("length " + length)
          .isEqualTo(digests.get(whole));
    }
  }

  @Test
  void filesWithoutChecksumsLoadCommandByCommand() throws Exception {
    String text = new String(write(true), ISO_8859_1).replaceAll("#CRC[^\n]*\n", "");
    byte[] file = text.getBytes(ISO_8859_1);
    assertThat(load(file)).isEqualTo(digests.get(digests.size() - 1));
    int loaded = 0;
    for (int length = 1; length <= file.length; length++) {
      int now = digests.indexOf(load(Arrays.copyOf(file, length)));
      assertThat(now).as("length " + length).isGreaterThanOrEqualTo(loaded);
      loaded = now;
    }
    for (int i = 0; i < file.length; i++) {
      for (int flip : FLIPS) {
        byte[] damaged = file.clone();
        damaged[i] ^= (byte) flip;
        load(damaged);
      }
    }
  }

  @Test
  void sizesThatLieCostNothing() throws Exception {
    write(true);
    for (String text :
        new String[] {
          "*1000000000\r\n$3\r\nSET\r\n",
          "*2147483647\r\n",
          "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$536870911\r\nxxx",
          "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$9223372036854775807\r\nxxx",
          "#CRC64-1 ffffffffff 0000000000 0000000000000000\r\n",
          "#" + "x".repeat(100_000),
          "*-1\r\n",
          "*0\r\n",
          "*1\r\n$-1\r\n",
          "hello\r\n"
        }) {
      load(text.getBytes(ISO_8859_1));
    }
  }
}
