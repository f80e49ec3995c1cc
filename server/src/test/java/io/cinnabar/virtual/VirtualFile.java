package io.cinnabar.virtual;

import io.cinnabar.host.DiskFile;
import java.io.IOException;

/** An open file in memory. After a crash of its disk nobody can use it. */
final class VirtualFile implements DiskFile {

  private final VirtualDisk disk;
  private final FileContents contents;
  private final boolean writable;
  private final int life;
  private boolean closed;

  VirtualFile(VirtualDisk disk, FileContents contents, boolean writable) {
    this.disk = disk;
    this.contents = contents;
    this.writable = writable;
    this.life = disk.life();
  }

  @Override
  public long sizeBytes() {
    use(false);
    return contents.sizeBytes();
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    use(false);
    return contents.read(position, into, offset, length);
  }

  @Override
  public void append(byte[] from, int offset, int length) throws IOException {
    use(true);
    long room = disk.freeBytes();
    if (room < length) {
      contents.append(from, offset, (int) room);
      throw new IOException("No space left on device");
    }
    disk.faults()
        .change(
            () -> contents.append(from, offset, length),
            () -> contents.append(from, offset, length / 2));
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    use(true);
    disk.faults().change(() -> contents.truncate((int) sizeBytes), () -> {});
  }

  @Override
  public void force() throws IOException {
    use(true);
    disk.faults().change(contents::force, contents::failToForce);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void use(boolean writing) {
    if (life != disk.life()) {
      throw new IllegalStateException("the file was opened before the crash");
    }
    if (closed || (writing && !writable)) {
      throw new IllegalStateException(closed ? "the file is closed" : "the file is for reading");
    }
    disk.faults().use();
  }
}
