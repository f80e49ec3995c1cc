package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.GeoCell;
import io.cinnabar.structure.GeoShape;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/** What a search for places is asked for; used for one command after the other. */
final class GeoSearchOptions {

  /** The commands, by what their arguments may be. */
  enum Form {
    /** A place, a radius, a unit. */
    RADIUS(6, true),
    RADIUS_RO(6, false),
    /** A member, a radius, a unit. */
    RADIUS_BY_MEMBER(5, true),
    RADIUS_BY_MEMBER_RO(5, false),
    /** Options alone. */
    SEARCH(2, false),
    SEARCH_STORE(3, false);

    private final int firstOption;
    private final boolean takesStore;

    Form(int firstOption, boolean takesStore) {
      this.firstOption = firstOption;
      this.takesStore = takesStore;
    }

    boolean isSearch() {
      return this == SEARCH || this == SEARCH_STORE;
    }

    boolean isByMember() {
      return this == RADIUS_BY_MEMBER || this == RADIUS_BY_MEMBER_RO;
    }
  }

  private static final CommandError NO_SUCH_MEMBER =
      new CommandError("ERR could not decode requested zset member");
  private static final CommandError NOT_A_RADIUS = new CommandError("ERR need numeric radius");
  private static final CommandError NEGATIVE_RADIUS =
      new CommandError("ERR radius cannot be negative");
  private static final CommandError NOT_A_WIDTH = new CommandError("ERR need numeric width");
  private static final CommandError NOT_A_HEIGHT = new CommandError("ERR need numeric height");
  private static final CommandError NEGATIVE_SIDE =
      new CommandError("ERR height or width cannot be negative");
  private static final CommandError NO_COUNT = new CommandError("ERR COUNT must be > 0");
  private static final CommandError ANY_WITHOUT_COUNT =
      new CommandError("ERR the ANY argument requires COUNT argument");
  private static final String WITH_NOTHING =
      " not compatible with WITHDIST, WITHHASH and WITHCOORD options";

  private final GeoPlace place = new GeoPlace();
  private double radius;
  private double width;
  private double height;
  private boolean isBox;
  private boolean hasPlace;
  private boolean hasShape;
  private boolean byMember;
  private boolean takesAny;
  private boolean isSorted;

  double unitMeters;
  boolean withDistance;
  boolean withScore;
  boolean withPlace;
  boolean nearestFirst;

  /** How many are replied, 0 for all. */
  long count;

  /** The key that the result is stored in, or null. */
  @Nullable Slice destination;

  boolean storesDistance;

  /**
   * Reads the arguments.
   *
   * @param source what the key of the places holds
   */
  void read(Call call, Form form, @Nullable Entry source) {
    clear();
    if (form.isByMember()) {
      if (source != null) {
        fromMember(source, call.arg(2));
        readRadius(call, 3);
      }
    } else if (!form.isSearch()) {
      place.read(call, 2);
      readRadius(call, 4);
    } else if (form == Form.SEARCH_STORE) {
      destination = call.arg(1);
    }
    int at = form.firstOption;
    while (at < call.argCount()) {
      at += readOption(call, form, at, source);
    }
    check(call, form);
  }

  private void clear() {
    isBox = false;
    hasPlace = false;
    hasShape = false;
    byMember = false;
    takesAny = false;
    isSorted = false;
    withDistance = false;
    withScore = false;
    withPlace = false;
    nearestFirst = true;
    count = 0;
    destination = null;
    storesDistance = false;
  }

  /** Reads an option; how many arguments it has, its name included. */
  private int readOption(Call call, Form form, int at, @Nullable Entry source) {
    int left = call.argCount() - at - 1;
    if (call.isWord(at, "withdist")) {
      withDistance = true;
    } else if (call.isWord(at, "withhash")) {
      withScore = true;
    } else if (call.isWord(at, "withcoord")) {
      withPlace = true;
    } else if (call.isWord(at, "any")) {
      takesAny = true;
    } else if (call.isWord(at, "asc") || call.isWord(at, "desc")) {
      isSorted = true;
      nearestFirst = call.isWord(at, "asc");
    } else if (call.isWord(at, "count") && left > 0) {
      count = call.integer(at + 1);
      if (count <= 0) {
        throw NO_COUNT;
      }
      return 2;
    } else if (form.takesStore && left > 0 && isStore(call, at)) {
      destination = call.arg(at + 1);
      storesDistance = call.isWord(at, "storedist");
      return 2;
    } else if (form.isSearch()) {
      return readSearchOption(call, form, at, source);
    } else {
      throw CommandError.SYNTAX;
    }
    return 1;
  }

  private static boolean isStore(Call call, int at) {
    return call.isWord(at, "store") || call.isWord(at, "storedist");
  }

  private int readSearchOption(Call call, Form form, int at, @Nullable Entry source) {
    int left = call.argCount() - at - 1;
    if (left > 0 && call.isWord(at, "frommember") && (!hasPlace || byMember)) {
      if (source != null) {
        fromMember(source, call.arg(at + 1));
      }
      hasPlace = true;
      byMember = true;
      return 2;
    } else if (left > 1 && call.isWord(at, "fromlonlat") && !byMember) {
      place.read(call, at + 1);
      hasPlace = true;
      return 3;
    } else if (left > 1 && call.isWord(at, "byradius") && !isBox) {
      readRadius(call, at + 1);
      hasShape = true;
      return 3;
    } else if (left > 2 && call.isWord(at, "bybox") && (!hasShape || isBox)) {
      readBox(call, at + 1);
      hasShape = true;
      isBox = true;
      return 4;
    } else if (form == Form.SEARCH_STORE && call.isWord(at, "storedist")) {
      storesDistance = true;
      return 1;
    }
    throw CommandError.SYNTAX;
  }

  private void fromMember(Entry source, Slice member) {
    double score = source.sortedSet().score(member);
    if (Double.isNaN(score)) {
      throw NO_SUCH_MEMBER;
    }
    long cell = GeoCell.ofScore(score);
    place.longitude = GeoCell.longitude(cell);
    place.latitude = GeoCell.latitude(cell);
  }

  private void readRadius(Call call, int at) {
    radius = DoubleText.parse(call.arg(at));
    if (Double.isNaN(radius)) {
      throw NOT_A_RADIUS;
    }
    if (radius < 0) {
      throw NEGATIVE_RADIUS;
    }
    unitMeters = GeoPlace.unitMeters(call, at + 1);
  }

  private void readBox(Call call, int at) {
    width = DoubleText.parse(call.arg(at));
    if (Double.isNaN(width)) {
      throw NOT_A_WIDTH;
    }
    height = DoubleText.parse(call.arg(at + 1));
    if (Double.isNaN(height)) {
      throw NOT_A_HEIGHT;
    }
    if (width < 0 || height < 0) {
      throw NEGATIVE_SIDE;
    }
    unitMeters = GeoPlace.unitMeters(call, at + 2);
  }

  private void check(Call call, Form form) {
    if (destination != null && (withDistance || withScore || withPlace)) {
      throw new CommandError(
          form == Form.SEARCH_STORE
              ? "ERR GEOSEARCHSTORE is" + WITH_NOTHING
              : "ERR STORE option in GEORADIUS is" + WITH_NOTHING);
    }
    if (form.isSearch() && !hasPlace) {
      throw new CommandError(
          "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + call.argText(0));
    }
    if (form.isSearch() && !hasShape) {
      throw new CommandError(
          "ERR exactly one of BYRADIUS and BYBOX can be specified for " + call.argText(0));
    }
    if (takesAny && count == 0) {
      throw ANY_WITHOUT_COUNT;
    }
    // Those that are replied have to be the nearest.
    isSorted |= count != 0 && !takesAny;
  }

  /** Makes it what is to be searched. */
  void shape(GeoShape shape) {
    if (isBox) {
      shape.rectangle(place.longitude, place.latitude, width, height, unitMeters);
    } else {
      shape.circle(place.longitude, place.latitude, radius * unitMeters);
    }
  }

  /** Whether they are replied by their distance. */
  boolean isSorted() {
    return isSorted;
  }

  /** How many found places are enough, 0 for all there are. */
  long enough() {
    return takesAny ? count : 0;
  }
}
