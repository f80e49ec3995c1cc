package io.cinnabar.structure;

/**
 * Cells of the earth's surface: the rectangle of all longitudes and the latitudes that a Mercator
 * map shows is halved again and again, in {@code step} halvings of either (G. M. Morton, 1966;
 * Gustavo Niemeyer's geohash, 2008). A cell's bits tell which half each time, those of the
 * longitude at the odd positions, those of the latitude at the even ones. A sorted set of places
 * has cells of 26 steps as scores: 52 bits, which a double holds exactly; all places of a larger
 * cell have scores next to each other.
 *
 * <p>Static functions; longitudes and latitudes are in degrees.
 */
public final class GeoCell {
  /** The steps of a score. */
  public static final int STEPS = 26;

  public static final double MAX_LONGITUDE = 180;
  public static final double MAX_LATITUDE = 85.05112878;

  private static final long EVEN_BITS = 0x5555_5555_5555_5555L;
  private static final long ODD_BITS = ~EVEN_BITS;

  private GeoCell() {}

  /** Whether there is a cell for this place; also false for NaN. */
  public static boolean isPlace(double longitude, double latitude) {
    return Math.abs(longitude) <= MAX_LONGITUDE && Math.abs(latitude) <= MAX_LATITUDE;
  }

  /** The cell that a place is in. */
  public static long of(double longitude, double latitude, int step) {
    return of(longitude, latitude, MAX_LATITUDE, step);
  }

  /** The same, with other latitudes on the map. */
  static long of(double longitude, double latitude, double maxLatitude, int step) {
    double east = (longitude + MAX_LONGITUDE) / (2 * MAX_LONGITUDE);
    double north = (latitude + maxLatitude) / (2 * maxLatitude);
    long scale = 1L << step;
    // Converted through a long, as C does to 32 bits: the very edge becomes a cell of its own.
    return spread((long) (north * scale)) | spread((long) (east * scale)) << 1;
  }

  /** Puts the lower 32 bits at the even positions. */
  private static long spread(long number) {
    long bits = number & 0xFFFF_FFFFL;
    bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFFL;
    bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FFL;
    bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
    bits = (bits | bits << 2) & 0x3333_3333_3333_3333L;
    return (bits | bits << 1) & EVEN_BITS;
  }

  /** The inverse of {@link #spread}. */
  private static long gather(long spread) {
    long bits = spread & EVEN_BITS;
    bits = (bits | bits >>> 1) & 0x3333_3333_3333_3333L;
    bits = (bits | bits >>> 2) & 0x0F0F_0F0F_0F0F_0F0FL;
    bits = (bits | bits >>> 4) & 0x00FF_00FF_00FF_00FFL;
    bits = (bits | bits >>> 8) & 0x0000_FFFF_0000_FFFFL;
    return (bits | bits >>> 16) & 0xFFFF_FFFFL;
  }

  // Its edges.

  public static double west(long cell, int step) {
    return -MAX_LONGITUDE + gather(cell >>> 1) / (double) (1L << step) * (2 * MAX_LONGITUDE);
  }

  public static double east(long cell, int step) {
    return -MAX_LONGITUDE + (gather(cell >>> 1) + 1) / (double) (1L << step) * (2 * MAX_LONGITUDE);
  }

  public static double south(long cell, int step) {
    return -MAX_LATITUDE + gather(cell) / (double) (1L << step) * (2 * MAX_LATITUDE);
  }

  public static double north(long cell, int step) {
    return -MAX_LATITUDE + (gather(cell) + 1) / (double) (1L << step) * (2 * MAX_LATITUDE);
  }

  /**
   * The cell of any score, also of one that no place has: what x86-64 makes of a double as an
   * unsigned number, which is what Redis shows of it.
   */
  public static long ofScore(double score) {
    if (score < 0x1p63) {
      return (long) score;
    }
    return score < 0x1p64 ? (long) (score - 0x1p63) ^ Long.MIN_VALUE : 0;
  }

  /** The longitude of the middle of a score's cell: where a place is that has this score. */
  public static double longitude(long score) {
    double middle = (west(score, STEPS) + east(score, STEPS)) / 2;
    return Math.max(-MAX_LONGITUDE, Math.min(MAX_LONGITUDE, middle));
  }

  /** The same for its latitude. */
  public static double latitude(long score) {
    double middle = (south(score, STEPS) + north(score, STEPS)) / 2;
    return Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, middle));
  }

  // Its neighbours and scores.

  /** The cell so many to the east and to the north, each -1 to 1, around the globe. */
  static long neighbour(long cell, int step, int toEast, int toNorth) {
    int unused = Long.SIZE - 2 * step;
    long longitude = moved(cell & ODD_BITS, EVEN_BITS >>> unused, toEast) & ODD_BITS >>> unused;
    long latitude = moved(cell & EVEN_BITS, ODD_BITS >>> unused, toNorth) & EVEN_BITS >>> unused;
    return (toEast == 0 ? cell & ODD_BITS : longitude)
        | (toNorth == 0 ? cell & EVEN_BITS : latitude);
  }

  /** The bits between those of the coordinate are set, so that a carry runs through them. */
  private static long moved(long bits, long between, int by) {
    return by > 0 ? bits + between + 1 : (bits | between) - (between + 1);
  }

  /** The lowest score in a cell. */
  static long firstScore(long cell, int step) {
    return cell << (2 * (STEPS - step));
  }
}
