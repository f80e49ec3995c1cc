package io.cinnabar.tracking;

import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client has asked tracking for. It stays with the client when tracking is turned off, and
 * without the client while some key still counts it among those who have cached it.
 */
public final class Tracker {

  /** What {@link #redirectId} is while nobody else is told. */
  public static final long NOBODY = 0;

  /** The objects of a prefix, on both sides. */
  private static final long PREFIX_BYTES = 200;

  private final CachingClient client;
  private final int number;
  private final List<Membership> prefixes = new ArrayList<>(0);
  private boolean on;
  private TrackingOptions options = TrackingOptions.NONE;
  private boolean caching;
  private boolean broken;
  private long redirectId;
  private @Nullable CachingClient redirect;

  /** By how many keys it is counted. */
  private int items;

  Tracker(CachingClient client, int number) {
    this.client = client;
    this.number = number;
  }

  /** A place among the clients of a prefix. */
  record Membership(Prefix prefix, Place<Tracker> place) {}

  CachingClient client() {
    return client;
  }

  /** What it is called in the table of keys. */
  int number() {
    return number;
  }

  // ---- what it has asked for

  /** Whether tracking is on. */
  public boolean isOn() {
    return on;
  }

  public TrackingOptions options() {
    return options;
  }

  void turnOn(TrackingOptions options, long redirectId, @Nullable CachingClient redirect) {
    on = true;
    broken = false;
    this.options = options;
    this.redirectId = redirectId;
    this.redirect = redirect;
  }

  /** Where messages go stays, for those that are under way. */
  void turnOff() {
    on = false;
    broken = false;
    caching = false;
    options = TrackingOptions.NONE;
  }

  /** Whether CLIENT CACHING has said that the next command is an exception. */
  public boolean isCaching() {
    return caching;
  }

  /** Makes the next command an exception. */
  public void caching(boolean caching) {
    this.caching = caching;
  }

  /** Whether the keys are to be remembered that its commands read. */
  public boolean remembers() {
    return on && !options.broadcast() && (caching ? !options.optOut() : !options.optIn());
  }

  // ---- whom messages go to

  /** The client that is told in its place, or {@link #NOBODY}. */
  public long redirectId() {
    return redirectId;
  }

  /** Whether that client was found to be gone. */
  public boolean isBroken() {
    return broken;
  }

  /** Who is told; null, and {@link #isBroken} from now on, if that client is gone. */
  @Nullable CachingClient receiver() {
    if (redirectId == NOBODY) {
      return client;
    }
    CachingClient other = redirect;
    if (other != null && other.isClosed()) {
      redirect = null;
      other = null;
    }
    broken |= other == null;
    return other;
  }

  // ---- its prefixes

  /** What it is told of while it {@linkplain TrackingOptions#broadcast listens}; not a copy. */
  List<Membership> memberships() {
    return prefixes;
  }

  /** Its prefixes, in the order of their bytes. */
  public List<Slice> prefixes() {
    return prefixes.stream()
        .map(Membership::prefix)
        .sorted(Comparator.naturalOrder())
        .map(Prefix::bytes)
        .toList();
  }

  /** What its prefixes cost. */
  public long memoryBytes() {
    long bytes = 0;
    for (int i = 0; i < prefixes.size(); i++) {
      bytes += PREFIX_BYTES + prefixes.get(i).prefix().bytes().length;
    }
    return bytes;
  }

  // ---- the keys that count it

  int items() {
    return items;
  }

  void items(int items) {
    this.items = items;
  }
}
