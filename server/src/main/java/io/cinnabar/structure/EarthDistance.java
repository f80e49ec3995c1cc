package io.cinnabar.structure;

/** Distances on a sphere of the earth's size, in metres; coordinates are in degrees. */
public final class EarthDistance {
  static final double RADIUS_METERS = 6372797.560856;

  private EarthDistance() {}

  static double radians(double degrees) {
    return degrees * (Math.PI / 180);
  }

  static double degrees(double radians) {
    return radians / (Math.PI / 180);
  }

  /** The distance of two places by the haversine formula (R. W. Sinnott, 1984). */
  public static double between(
      double longitude, double latitude, double otherLongitude, double otherLatitude) {
    double v = Math.sin((radians(otherLongitude) - radians(longitude)) / 2);
    if (v == 0) {
      return alongMeridian(latitude, otherLatitude);
    }
    double from = radians(latitude);
    double to = radians(otherLatitude);
    double u = Math.sin((to - from) / 2);
    double a = u * u + Math.cos(from) * Math.cos(to) * v * v;
    return 2.0 * RADIUS_METERS * Math.asin(Math.sqrt(a));
  }

  /** The distance of two parallels. */
  static double alongMeridian(double latitude, double otherLatitude) {
    return RADIUS_METERS * Math.abs(radians(otherLatitude) - radians(latitude));
  }
}
