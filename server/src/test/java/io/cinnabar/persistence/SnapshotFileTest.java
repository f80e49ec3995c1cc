package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.persistence.SnapshotFile.Outcome;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever cancels a save, at whatever moment, can rely on what is there then. */
final class SnapshotFileTest {

  private final TestServer server = TestServer.start();
  private @Nullable SnapshotFile saving;

  /** Calls what is behind it, and cancels the save before it calls this method. */
  private <T> T cancelling(Class<T> type, T behind, String method) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, called, arguments) -> {
              SnapshotFile cancelled = saving;
              if (cancelled != null && called.getName().equals(method)) {
                cancelled.cancel();
              }
              try {
                Object result = called.invoke(behind, arguments);
                return result instanceof DiskFile file
                    ? cancelling(DiskFile.class, file, method)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private Outcome save(Disk disk) {
    FrozenKeyspace data = server.engine().keyspace().freeze();
    RdbFileWriter writer =
        new RdbFileWriter(
            data,
            RdbFileOptions.of(server.engine(), List.of(), true, null, false),
            server.host().workers());
    SnapshotFile file =
        new SnapshotFile(
            disk, Log.SILENT, "/home", "dump.rdb", "temp", writer, new SnapshotMark(disk));
    saving = file;
    Outcome outcome = file.save();
    data.close();
    return outcome;
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "append", "force", "close"})
  void theOldFileStays(String method) throws IOException {
    Disk disk = server.host().disk();
    server.host().disk().put("dump.rdb", new byte[] {1});
    server.send("SET", "large", "x".repeat(1 << 15));
    assertThat(save(cancelling(Disk.class, disk, method))).isEqualTo(Outcome.CANCELLED);
    assertThat(disk.read("dump.rdb")).containsExactly(1);
    assertThat(disk.list("/home")).containsExactly("dump.rdb");
  }

  @Test
  void itIsTooLateWhenTheFileIsReplaced() throws IOException {
    Disk disk = server.host().disk();
    server.host().disk().put("dump.rdb", new byte[] {1});
    assertThat(save(cancelling(Disk.class, disk, "forceDirectory"))).isEqualTo(Outcome.SAVED);
    assertThat(disk.read("dump.rdb")).hasSizeGreaterThan(1);
    assertThat(disk.list("/home")).containsExactly("dump.rdb");
  }
}
