package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file of the data set as this server has loaded or saved it last, so that it is found out when
 * somebody else has put another in its place: two servers that save to one file lose the data of
 * one of them. By any thread.
 */
final class SnapshotMark {

  /** As far as times and sizes stand that no two files share. */
  private static final int START_BYTES = 256;

  /** The checksum. */
  private static final int END_BYTES = 8;

  /** What a file is known by. */
  private record Mark(long sizeBytes, String start, String end) {}

  private final Disk disk;

  /** Of which file it is; empty before there is any. */
  private String path = "";

  /** Null where there is none. */
  private @Nullable Mark mark;

  /** Of no file yet. */
  SnapshotMark(Disk disk) {
    this.disk = disk;
  }

  /** Says that this server has loaded or saved the file, or found none. */
  synchronized void note(String path) {
    this.path = path;
    mark = read(path);
  }

  /**
   * Whether the file is another than at the last {@link #note}; not if that was about another path.
   */
  synchronized boolean isReplaced(String path) {
    Mark now = this.path.equals(path) ? read(path) : null;
    return now != null && !now.equals(mark);
  }

  /** Null, too, where it can't be read: that is told by whoever wants to do something with it. */
  private @Nullable Mark read(String path) {
    if (!disk.exists(path)) {
      return null;
    }
    try (DiskFile file = disk.open(path)) {
      long size = file.sizeBytes();
      return new Mark(
          size, text(file, 0, START_BYTES), text(file, Math.max(0, size - END_BYTES), END_BYTES));
    } catch (IOException e) {
      return null;
    }
  }

  private static String text(DiskFile file, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    int count = file.read(position, bytes, 0, length);
    return new String(bytes, 0, Math.max(0, count), ISO_8859_1);
  }
}
