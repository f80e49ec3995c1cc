package io.cinnabar.command;

import io.cinnabar.host.Connection;

/** The connection of a client that is none: nothing comes from it, and what is sent is dropped. */
enum NoConnection implements Connection {
  INSTANCE;

  @Override
  public void write(byte[] bytes, int offset, int length) {}

  @Override
  public void flush() {}

  @Override
  public long pendingBytes() {
    return 0;
  }

  @Override
  public void closeAfterWrite() {}

  @Override
  public void close() {}

  @Override
  public void reading(boolean yes) {}

  @Override
  public String remoteAddress() {
    return "";
  }

  @Override
  public String localAddress() {
    return "";
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public boolean isUnix() {
    return false;
  }

  @Override
  public int fileDescriptor() {
    return -1;
  }

  @Override
  public void noDelay(boolean yes) {}

  @Override
  public void keepAlive(int intervalSeconds) {}
}
