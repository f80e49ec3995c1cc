package io.cinnabar.machine;

import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file of the machine. Where it ends is known here, so that no append has to ask. */
final class MachineFile implements DiskFile {

  /**
   * As much as goes to the machine at once. The JDK copies it to memory outside the heap, which it
   * keeps for each thread at the largest size that was asked for.
   */
  private static final int MAX_TRANSFER_BYTES = 256 << 10;

  private final FileChannel channel;
  private long sizeBytes;

  MachineFile(FileChannel channel) throws IOException {
    this.channel = channel;
    this.sizeBytes = channel.size();
  }

  @Override
  public long sizeBytes() throws IOException {
    return sizeBytes;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) throws IOException {
    try {
      int count = Math.min(length, MAX_TRANSFER_BYTES);
      return channel.read(ByteBuffer.wrap(into, offset, count), position);
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }

  @Override
  public void append(byte[] from, int offset, int length) throws IOException {
    ByteBuffer piece = ByteBuffer.wrap(from, offset, length);
    int end = offset + length;
    try {
      while (piece.position() < end) {
        piece.limit(Math.min(end, piece.position() + MAX_TRANSFER_BYTES));
        sizeBytes += channel.write(piece, sizeBytes);
      }
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    try {
      channel.truncate(sizeBytes);
      this.sizeBytes = Math.min(this.sizeBytes, sizeBytes);
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }

  @Override
  public void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }
}
