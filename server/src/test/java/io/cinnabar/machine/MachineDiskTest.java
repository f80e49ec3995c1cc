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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
