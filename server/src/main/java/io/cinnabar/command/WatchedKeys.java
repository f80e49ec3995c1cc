package io.cinnabar.command;

import io.cinnabar.command.Watches.Watch;
import io.cinnabar.structure.Line.Place;
import java.util.ArrayList;
import java.util.List;

/** The keys that one client watches, kept by {@link Watches}. On the loop's thread. */
public final class WatchedKeys {

  /** Its places at the keys. */
  private final List<Place<Watch>> places = new ArrayList<>(0);

  private long bytes;
  private boolean isChanged;

  WatchedKeys() {}

  List<Place<Watch>> places() {
    return places;
  }

  /** They cost so much. */
  void bytes(long newBytes) {
    bytes = newBytes;
  }

  long bytes() {
    return bytes;
  }

  /** Whether one of them was changed. */
  public boolean isChanged() {
    return isChanged;
  }

  void changed(boolean changed) {
    isChanged = changed;
  }
}
