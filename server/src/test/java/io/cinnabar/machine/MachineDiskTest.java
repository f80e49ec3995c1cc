package io.cinnabar.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's files, with the reasons that the operating system gives. */
final class MachineDiskTest {

  private final Disk disk = Machine.disk();

  @TempDir private Path folder;

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    String file = path("file");
    disk.replace(file, "one".getBytes(UTF_8));
    disk.replace(file, "two".getBytes(UTF_8));

    assertThat(disk.read(file)).isEqualTo("two".getBytes(UTF_8));
    assertThat(disk.list(folder.toString())).containsExactly("file");
    assertThat(Files.getPosixFilePermissions(folder.resolve("file")))
        .contains(OWNER_READ, OWNER_WRITE)
        .doesNotContain(GROUP_WRITE, OTHERS_WRITE, OWNER_EXECUTE);
  }

  @Test
  void replacesALinkByAFileOfItsOwn() throws IOException {
    Files.writeString(folder.resolve("target"), "old");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));

    disk.replace(path("link"), "new".getBytes(UTF_8));

    assertThat(folder.resolve("link")).isRegularFile().hasContent("new");
    assertThat(folder.resolve("target")).hasContent("old");
    assertThat(Files.isSymbolicLink(folder.resolve("link"))).isFalse();
  }

  @Test
  void aFileThatCanNotBeReplacedStays() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub").resolve("inner"), "kept");

    assertThatThrownBy(() -> disk.replace(path("sub"), new byte[0])).hasMessage("Is a directory");
    assertThatThrownBy(() -> disk.replace(path("missing/file"), new byte[0]))
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.replace(path("sub/inner/file"), new byte[0]))
        .hasMessage("Not a directory");
    assertThat(disk.list(folder.toString())).containsExactly("sub");
    assertThat(folder.resolve("sub").resolve("inner")).hasContent("kept");
  }

  @Test
  void knowsDirectories() throws IOException {
    Path real = folder.toRealPath();
    Files.writeString(folder.resolve("file"), "");
    Files.createSymbolicLink(folder.resolve("link"), real);

    assertThat(disk.directory(folder.resolve("link").toString())).isEqualTo(real.toString());
    assertThat(disk.directory(folder + "/./link//.")).isEqualTo(real.toString());
    assertThatThrownBy(() -> disk.directory(path("file"))).hasMessage("Not a directory");
    assertThatThrownBy(() -> disk.directory(path("none"))).hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.directory("")).hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.directory("a\0b")).hasMessage("No such file or directory");
    assertThat(disk.workingDirectory()).startsWith("/").doesNotEndWith("/");
    assertThat(disk.exists(path("file"))).isTrue();
    assertThat(disk.exists(path("none"))).isFalse();
    assertThat(disk.exists("a\0b")).isFalse();
    assertThatThrownBy(() -> disk.list(path("file"))).hasMessage("Not a directory");
    assertThatThrownBy(() -> disk.read(folder.toString())).hasMessage("Is a directory");
  }

  @Test
  void appendsReadsAndCuts() throws IOException {
    byte[] bytes = new byte[600_000];
    new SplittableRandom(1).nextBytes(bytes);
    try (DiskFile file = disk.append(path("file"))) {
      file.append(bytes, 0, 400_000);
      file.force();
    }
    try (DiskFile file = disk.append(path("file"))) {
      assertThat(file.sizeBytes()).isEqualTo(400_000);
      file.append(bytes, 400_000, 200_000);
      assertThat(file.sizeBytes()).isEqualTo(600_000);
    }
    assertThat(disk.read(path("file"))).isEqualTo(bytes);
    assertThat(Files.getPosixFilePermissions(folder.resolve("file")))
        .contains(OWNER_READ, OWNER_WRITE)
        .doesNotContain(GROUP_WRITE, OTHERS_WRITE, OWNER_EXECUTE);

    byte[] into = new byte[10];
    try (DiskFile file = disk.append(path("file"))) {
      file.truncate(1_000_000);
      file.truncate(5);
      file.append(bytes, 5, 1);
      assertThat(file.read(3, into, 2, 8)).isEqualTo(3);
      assertThat(file.read(6, into, 0, 10)).isEqualTo(-1);
    }
    assertThat(Arrays.copyOfRange(into, 2, 5)).isEqualTo(Arrays.copyOfRange(bytes, 3, 6));
    try (DiskFile file = disk.create(path("file"))) {
      assertThat(file.sizeBytes()).isZero();
    }
    try (DiskFile file = disk.open(path("file"))) {
      assertThat(file.read(0, into, 0, 1)).isEqualTo(-1);
    }
    DiskFile closed = disk.open(path("file"));
    closed.close();
    closed.close();
    assertThatThrownBy(() -> disk.open(path("none"))).hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.create(path("none/file")))
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.append(folder.toString())).hasMessage("Is a directory");
  }

  @Test
  void renamesDeletesAndMakesDirectories() throws IOException {
    Files.writeString(folder.resolve("one"), "1");
    Files.writeString(folder.resolve("two"), "2");
    disk.rename(path("one"), path("two"));
    disk.makeDirectory(path("sub"));
    disk.makeDirectory(path("sub"));
    disk.forceDirectory(folder.toString());

    assertThat(disk.list(folder.toString())).containsExactlyInAnyOrder("two", "sub");
    assertThat(folder.resolve("two")).hasContent("1");
    assertThatThrownBy(() -> disk.rename(path("one"), path("three")))
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.makeDirectory(path("two"))).hasMessage("File exists");
    assertThatThrownBy(() -> disk.forceDirectory(path("none")))
        .hasMessage("No such file or directory");
    disk.delete(path("two"));
    disk.delete(path("two"));
    assertThat(disk.exists(path("two"))).isFalse();
  }

  @Test
  void aFileIsLockedOnce() throws Exception {
    AutoCloseable lock = Objects.requireNonNull(disk.lock(path("lock")));
    assertThat(disk.lock(path("lock"))).isNull();
    assertThat(disk.lock(folder + "/./lock")).isNull();
    lock.close();
    lock.close();
    Objects.requireNonNull(disk.lock(path("lock"))).close();
    assertThatThrownBy(() -> disk.lock(path("none/lock"))).hasMessage("No such file or directory");
    assertThatThrownBy(() -> disk.lock(path("none/lock"))).hasMessage("No such file or directory");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
