package io.cinnabar.virtual;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a crash leaves of a disk in memory, and how else that fails. */
final class VirtualDiskTest {

  private static final int SEEDS = 300;

  /** What is done with a disk. */
  @FunctionalInterface
  private interface Action {
    void run(VirtualDisk disk) throws IOException;
  }

  private static void append(DiskFile file, String text) throws IOException {
    file.append(text.getBytes(ISO_8859_1), 0, text.length());
  }

  /** What may be in a file after a crash; null where it is not there. */
  private static Set<String> outcomes(String path, Action action) throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      VirtualDisk disk = new VirtualDisk();
      action.run(disk);
      disk.crash(new SplittableRandom(seed));
      outcomes.add(disk.exists(path) ? new String(disk.read(path), ISO_8859_1) : null);
    }
    return outcomes;
  }

  @Test
  void whatIsForcedStays() throws IOException {
    assertThat(
            outcomes(
                "f",
                disk -> {
                  DiskFile file = disk.create("f");
                  append(file, "ab");
                  file.force();
                  disk.forceDirectory(".");
                }))
        .containsExactly("ab");
  }

  @Test
  void aNameThatIsNotForcedMayBeGone() throws IOException {
    assertThat(
            outcomes(
                "f",
                disk -> {
                  DiskFile file = disk.create("f");
                  append(file, "ab");
                  file.force();
                }))
        .containsExactlyInAnyOrder(null, "ab");
    assertThat(
            outcomes(
                "dir/f",
                disk -> {
                  disk.makeDirectory("dir");
                  disk.create("dir/f").force();
                  disk.forceDirectory("dir");
                }))
        .containsExactlyInAnyOrder(null, "");
  }

  @Test
  void bytesThatAreNotForcedMayBeLostOrTorn() throws IOException {
    assertThat(
            outcomes(
                "f",
                disk -> {
                  disk.put("f", "a".getBytes(ISO_8859_1));
                  append(disk.append("f"), "bc");
                }))
        .contains("a", "ab", "abc", "a\0", "ab\0", "a\0\0")
        .allMatch(text -> text.startsWith("a") && text.length() <= 3);
  }

  @Test
  void aCutThatIsNotForcedMayBeUndone() throws IOException {
    assertThat(
            outcomes(
                "f",
                disk -> {
                  disk.put("f", "abc".getBytes(ISO_8859_1));
                  DiskFile file = disk.append("f");
                  file.truncate(1);
                  append(file, "x");
                }))
        .contains("abc", "a", "ax", "a\0")
        .doesNotContain("axc");
  }

  @Test
  void aRenameHappensOrNot() throws IOException {
    Action rename =
        disk -> {
          disk.put("old", "1".getBytes(ISO_8859_1));
          disk.put("new", "2".getBytes(ISO_8859_1));
          disk.rename("old", "new");
        };
    assertThat(outcomes("new", rename)).containsExactlyInAnyOrder("1", "2");
    assertThat(outcomes("old", rename)).containsExactlyInAnyOrder("1", null);
  }

  @Test
  void aForceThatFailsMayLoseWhatItWasFor() throws IOException {
    assertThat(
            outcomes(
                "f",
                disk -> {
                  disk.put("f", "a".getBytes(ISO_8859_1));
                  DiskFile file = disk.append("f");
                  append(file, "b");
                  disk.fail(disk.operations() + 1, "Input/output error");
                  assertThatThrownBy(file::force).hasMessage("Input/output error");
                  append(file, "c");
                  file.force();
                }))
        .containsExactlyInAnyOrder("abc", "a\0c");
  }

  @Test
  void itFillsAndRefuses() throws IOException {
    VirtualDisk disk = new VirtualDisk();
    disk.setCapacityBytes(3);
    DiskFile file = disk.create("f");
    assertThatThrownBy(() -> append(file, "abcd")).hasMessage("No space left on device");
    assertThat(file.sizeBytes()).isEqualTo(3);
    disk.makeReadOnly(VirtualDisk.HOME);
    assertThatThrownBy(() -> disk.create("g")).hasMessage("Permission denied");
    assertThatThrownBy(() -> disk.delete("f")).hasMessage("Permission denied");
    disk.makeWritable(VirtualDisk.HOME);
    disk.delete("f");
    assertThat(disk.list(".")).isEqualTo(List.of());
    disk.losePower(disk.operations() + 1, true);
    assertThatThrownBy(() -> disk.makeDirectory("d")).isInstanceOf(PowerFailure.class);
    assertThatThrownBy(() -> disk.read("f")).isInstanceOf(PowerFailure.class);
    disk.kill();
    assertThat(disk.exists("d")).isTrue();
  }
}
