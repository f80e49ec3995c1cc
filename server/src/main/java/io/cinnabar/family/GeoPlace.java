package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.GeoCell;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Longitude and latitude as two arguments give them; used for one command after the other. */
final class GeoPlace {
  private static final CommandError UNKNOWN_UNIT =
      new CommandError("ERR unsupported unit provided. please use M, KM, FT, MI");

  private static final int SHOWN_DECIMALS = 6;

  double longitude;
  double latitude;

  /** Reads them from the argument {@code at} and the one behind it. */
  void read(Call call, int at) {
    longitude = coordinate(call, at);
    latitude = coordinate(call, at + 1);
    if (!GeoCell.isPlace(longitude, latitude)) {
      throw new CommandError(
          "ERR invalid longitude,latitude pair " + shown(longitude) + "," + shown(latitude));
    }
  }

  private static double coordinate(Call call, int at) {
    double degrees = DoubleText.parse(call.arg(at));
    if (Double.isNaN(degrees)) {
      throw CommandError.NOT_A_FLOAT;
    }
    return degrees;
  }

  private static String shown(double degrees) {
    if (Double.isInfinite(degrees)) {
      return degrees < 0 ? "-inf" : "inf";
    }
    BigDecimal rounded = new BigDecimal(degrees).setScale(SHOWN_DECIMALS, RoundingMode.HALF_EVEN);
    boolean isMinusZero = rounded.signum() == 0 && (degrees < 0 || 1 / degrees < 0);
    return (isMinusZero ? "-" : "") + rounded.toPlainString();
  }

  /** The metres of a unit. */
  static double unitMeters(Call call, int at) {
    if (call.isWord(at, "m")) {
      return 1;
    } else if (call.isWord(at, "km")) {
      return 1000;
    } else if (call.isWord(at, "ft")) {
      return 0.3048;
    } else if (call.isWord(at, "mi")) {
      return 1609.34;
    }
    throw UNKNOWN_UNIT;
  }
}
