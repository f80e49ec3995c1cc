package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of the hash under a command's first argument that the command has changed, and how the
 * followers are told. Without followers they are only counted.
 */
final class ChangedFields {

  private static final byte[] HDEL = Slice.of("HDEL").array;
  private static final byte[] HPERSIST = Slice.of("HPERSIST").array;
  private static final byte[] HPEXPIREAT = Slice.of("HPEXPIREAT").array;
  private static final byte[] FIELDS = Slice.of("FIELDS").array;

  private final Call call;
  private final List<byte[]> fields;
  private int count;

  ChangedFields(Call call) {
    this.call = call;
    fields = call.isFollowed() ? new ArrayList<>() : List.of();
  }

  /** A field was changed, so the command has to change the others too. */
  void add(Slice field) {
    count++;
    call.insist();
    if (call.isFollowed()) {
      fields.add(field.toByteArray());
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** They are gone. */
  void tellDeleted() {
    call.changed(call.arg(1), KeyEvent.HDEL);
    propagateDeletion();
  }

  /** They expire at another time, in milliseconds since 1970. */
  void tellExpiring(long expiryMillis) {
    call.changed(call.arg(1), KeyEvent.HEXPIRE);
    propagateExpiry(expiryMillis);
  }

  /** They do not expire any more. */
  void tellPersisting() {
    call.changed(call.arg(1), KeyEvent.HPERSIST);
    if (call.isFollowed()) {
      List<byte[]> arguments = begin(HPERSIST);
      propagate(arguments, true);
    }
  }

  /** Has the followers delete them. */
  void propagateDeletion() {
    if (call.isFollowed()) {
      propagate(begin(HDEL), false);
    }
  }

  /** Has the followers note a date, which is one for the leader and for them. */
  void propagateExpiry(long expiryMillis) {
    if (call.isFollowed()) {
      List<byte[]> arguments = begin(HPEXPIREAT);
      arguments.add(ExpireTime.text(expiryMillis));
      propagate(arguments, true);
    }
  }

  private List<byte[]> begin(byte[] command) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(command);
    arguments.add(call.arg(1).toByteArray());
    return arguments;
  }

  private void propagate(List<byte[]> arguments, boolean isCounted) {
    if (isCounted) {
      arguments.add(FIELDS);
      arguments.add(Slice.of(Integer.toString(count)).array);
    }
    arguments.addAll(fields);
    call.propagateAs(arguments.toArray(new byte[0][]));
  }
}
