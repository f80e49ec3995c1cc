package io.cinnabar.tracking;

import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracker.Membership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All prefixes that some client listens to, in the order of their bytes. Each knows the longest
 * other one that it begins with, its parent; so those of a key are found by one binary search: the
 * last prefix that is not behind the key in the order begins with all of them, or is one of them.
 *
 * <p>Which keys have changed is collected here until {@link #takeChanged}.
 */
final class Prefixes {

  private final List<Prefix> sorted = new ArrayList<>();

  /** Those with keys that have changed. */
  private final List<Prefix> changed = new ArrayList<>();

  boolean isEmpty() {
    return sorted.isEmpty();
  }

  int size() {
    return sorted.size();
  }

  // ---- coming and going

  /** Has a client listen to a prefix; nothing happens if it does already. */
  void join(Tracker tracker, Slice bytes) {
    for (Membership held : tracker.memberships()) {
      if (held.prefix().bytes().contentEquals(bytes)) {
        return;
      }
    }
    int place = placeOf(bytes);
    Prefix prefix = place > 0 ? sorted.get(place - 1) : null;
    if (prefix == null || !prefix.bytes().contentEquals(bytes)) {
      prefix = new Prefix(new Slice(bytes.toByteArray()));
      sorted.add(place, prefix);
      findParents();
    }
    tracker.memberships().add(new Membership(prefix, prefix.clients().add(tracker)));
  }

  /** Ends all that a client listens to. */
  void leave(Tracker tracker) {
    for (Membership held : tracker.memberships()) {
      held.place().leave();
      Prefix prefix = held.prefix();
      if (prefix.clients().isEmpty()) {
        sorted.remove(placeOf(prefix.bytes()) - 1);
        changed.remove(prefix);
        findParents();
      }
    }
    tracker.memberships().clear();
  }

  private void findParents() {
    Prefix before = null;
    for (Prefix prefix : sorted) {
      prefix.parent(longestOf(before, prefix.bytes()));
      before = prefix;
    }
  }

  /** The first of a prefix and its parents that begins a text. */
  private static @Nullable Prefix longestOf(@Nullable Prefix prefix, Slice text) {
    Prefix found = prefix;
    while (found != null && !found.begins(text)) {
      found = found.parent();
    }
    return found;
  }

  /** How many prefixes are not behind a text in the order. */
  private int placeOf(Slice text) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Prefix.compare(sorted.get(middle).bytes(), text) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // ---- what changes

  /**
   * A key has changed.
   *
   * @param writer the client that changed it; null for nobody who tracks
   */
  void changed(Slice key, @Nullable Tracker writer) {
    int place = placeOf(key);
    Prefix prefix = place == 0 ? null : longestOf(sorted.get(place - 1), key);
    for (; prefix != null; prefix = prefix.parent()) {
      if (prefix.changed().isEmpty()) {
        changed.add(prefix);
      }
      prefix.changed().add(key, writer);
    }
  }

  /** Whether there is something to tell. */
  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** The prefixes with keys that have changed, in order; they are no longer counted as such. */
  List<Prefix> takeChanged() {
    List<Prefix> taken = new ArrayList<>(changed);
    changed.clear();
    taken.sort(null);
    return taken;
  }
}
