package io.cinnabar.structure;

/**
 * A circle or a rectangle on the earth's surface, and the cells that cover it. One object for one
 * search after the other.
 */
public final class GeoShape {
  private static final double MERCATOR_METERS = 20037726.37;

  /** Towards the poles cells become narrow; from here on two and from there on four times so. */
  private static final double HIGH_LATITUDE = 66;

  private static final double HIGHEST_LATITUDE = 80;

  private static final double CERTAINLY_MORE = 1 + 1e-9;

  /** No cell here. */
  private static final long NONE = -1;

  private double longitude;
  private double latitude;
  private boolean isCircle;

  /** Metres: of a circle the radius, of a rectangle half its sides. */
  private double halfWidth;

  private double halfHeight;

  // What it lies in, in degrees.
  private double west;
  private double south;
  private double east;
  private double north;

  /** The middle, then N, S, E, W, NE, NW, SE, SW of it: the order in which places are found. */
  private final long[] cells = new long[9];

  private static final int[] TO_EAST = {0, 0, 0, 1, -1, 1, -1, 1, -1};
  private static final int[] TO_NORTH = {0, 1, -1, 0, 0, 1, 1, -1, -1};

  private int step;
  private double distance;

  /**
   * Makes it a circle.
   *
   * @param meters the radius
   */
  public void circle(double longitude, double latitude, double meters) {
    this.longitude = longitude;
    this.latitude = latitude;
    isCircle = true;
    halfWidth = meters;
    halfHeight = meters;
    cover(meters);
  }

  /**
   * Makes it a rectangle.
   *
   * @param width of its sides, in a unit of so many metres
   */
  public void rectangle(
      double longitude, double latitude, double width, double height, double unitMeters) {
    this.longitude = longitude;
    this.latitude = latitude;
    isCircle = false;
    halfWidth = width * unitMeters / 2;
    halfHeight = height * unitMeters / 2;
    cover(Math.sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2)) * unitMeters);
  }

  // Places in it.

  /** Whether a place is inside; {@link #distance} tells how far from the middle it is then. */
  public boolean contains(double otherLongitude, double otherLatitude) {
    if (isCircle) {
      // Most of what is not inside is already too far to the north or south, beyond any rounding.
      if (EarthDistance.alongMeridian(latitude, otherLatitude) > halfWidth * CERTAINLY_MORE) {
        return false;
      }
      distance = EarthDistance.between(longitude, latitude, otherLongitude, otherLatitude);
      return distance <= halfWidth;
    }
    if (EarthDistance.alongMeridian(otherLatitude, latitude) > halfHeight
        || EarthDistance.between(otherLongitude, otherLatitude, longitude, otherLatitude)
            > halfWidth) {
      return false;
    }
    distance = EarthDistance.between(longitude, latitude, otherLongitude, otherLatitude);
    return true;
  }

  /** The distance from the middle of the place that was found inside, in metres. */
  public double distance() {
    return distance;
  }

  // Cells.

  /** How many cells there may be. */
  public int cells() {
    return cells.length;
  }

  /** Whether a cell is to be searched: it may be useless, or be the same as the one before. */
  public boolean isSearched(int index) {
    return cells[index] != NONE;
  }

  /** The lowest score in a cell. */
  public long firstScore(int index) {
    return GeoCell.firstScore(cells[index], step);
  }

  /** The lowest score behind a cell. */
  public long endScore(int index) {
    return GeoCell.firstScore(cells[index] + 1, step);
  }

  private void cover(double radiusMeters) {
    findBounds();
    step = stepsFor(radiusMeters);
    findCells();
    if (step > 1 && !isCovered()) {
      step--;
      findCells();
    }
    if (step >= 2) {
      leaveOutUseless();
    }
    leaveOutRepeated();
  }

  private void findBounds() {
    double height = EarthDistance.degrees(halfHeight / EarthDistance.RADIUS_METERS);
    double parallel = latitude < 0 ? latitude - height : latitude + height;
    double width =
        EarthDistance.degrees(
            halfWidth / EarthDistance.RADIUS_METERS / Math.cos(EarthDistance.radians(parallel)));
    west = longitude - width;
    east = longitude + width;
    south = latitude - height;
    north = latitude + height;
  }

  /** The steps of a cell about as large as the shape. */
  private int stepsFor(double radiusMeters) {
    if (radiusMeters == 0) {
      return GeoCell.STEPS;
    }
    int steps = -1;
    for (double meters = radiusMeters; meters < MERCATOR_METERS; meters *= 2) {
      steps++;
    }
    if (Math.abs(latitude) > HIGH_LATITUDE) {
      steps -= Math.abs(latitude) > HIGHEST_LATITUDE ? 2 : 1;
    }
    return Math.max(1, Math.min(GeoCell.STEPS, steps));
  }

  private void findCells() {
    long middle = GeoCell.of(longitude, latitude, step);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = GeoCell.neighbour(middle, step, TO_EAST[i], TO_NORTH[i]);
    }
  }

  /** Whether the cells reach as far as the shape. */
  private boolean isCovered() {
    return GeoCell.north(cells[1], step) >= north
        && GeoCell.south(cells[2], step) <= south
        && GeoCell.east(cells[3], step) >= east
        && GeoCell.west(cells[4], step) <= west;
  }

  /** Leaves out the neighbours on those sides where the middle cell is enough. */
  private void leaveOutUseless() {
    long middle = cells[0];
    boolean noSouth = GeoCell.south(middle, step) < south;
    boolean noNorth = GeoCell.north(middle, step) > north;
    boolean noWest = GeoCell.west(middle, step) < west;
    boolean noEast = GeoCell.east(middle, step) > east;
    for (int i = 1; i < cells.length; i++) {
      if ((noSouth && TO_NORTH[i] < 0)
          || (noNorth && TO_NORTH[i] > 0)
          || (noWest && TO_EAST[i] < 0)
          || (noEast && TO_EAST[i] > 0)) {
        cells[i] = NONE;
      }
    }
  }

  /** Where few cells go around the globe, neighbours may be the same. */
  private void leaveOutRepeated() {
    int last = 0;
    for (int i = 1; i < cells.length; i++) {
      if (cells[i] == NONE) {
        continue;
      }
      if (last != 0 && cells[i] == cells[last]) {
        cells[i] = NONE;
      } else {
        last = i;
      }
    }
  }
}
