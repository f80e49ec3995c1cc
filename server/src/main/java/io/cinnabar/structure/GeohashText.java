package io.cinnabar.structure;

/** The eleven letters of a geohash as other programs know them (Gustavo Niemeyer, 2008). */
public final class GeohashText {
  public static final int LENGTH = 11;

  private static final String LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";
  private static final double MAX_LATITUDE = 90;
  private static final int LETTER_BITS = 5;

  private GeohashText() {}

  /** Writes the geohash of the place of a score; the last letter, which has no bits, is 0. */
  public static void write(long score, byte[] into, int offset) {
    double longitude = GeoCell.longitude(score);
    double latitude = GeoCell.latitude(score);
    long cell = GeoCell.of(longitude, latitude, MAX_LATITUDE, GeoCell.STEPS);
    for (int i = 0; i < LENGTH; i++) {
      int shift = 2 * GeoCell.STEPS - (i + 1) * LETTER_BITS;
      int letter = shift < 0 ? 0 : (int) (cell >>> shift) & 31;
      into[offset + i] = (byte) LETTERS.charAt(letter);
    }
  }
}
