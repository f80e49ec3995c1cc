package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.keyspace.Entry;

/** DEBUG DIGEST and DEBUG DIGEST-VALUE. */
final class DebugDigest {

  private DebugDigest() {}

  static void all(Call call) {
    call.reply().simple(new DatasetDigest().of(call.engine().keyspace()));
  }

  /** Expired keys count, too, as long as they are there. */
  static void values(Call call) {
    DatasetDigest digest = new DatasetDigest();
    int keys = call.argCount() - 2;
    call.reply().array(keys);
    for (int i = 2; i < call.argCount(); i++) {
      Entry entry = call.otherEntry();
      boolean found = call.database().find(call.arg(i), call.hash(call.arg(i)), entry);
      call.reply().simple(found ? digest.of(entry) : DatasetDigest.NOTHING);
    }
  }
}
