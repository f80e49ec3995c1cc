package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds places and what searches find against a redis-server, in the order in which they come. */
final class GeoDifferentialTest {

  /** Where the places are. */
  enum Region {
    EARTH(180, 85.05, 0, 0),
    CITY(0.2, 0.2, 13.4, 52.5),
    NORTH(180, 4, 0, 81),
    SOUTH(180, 4, 0, -81),
    DATE_LINE(3, 3, 180, 0),
    EQUATOR(2, 0.5, -70, 0);

    private final double width;
    private final double height;
    private final double longitude;
    private final double latitude;

    Region(double width, double height, double longitude, double latitude) {
      this.width = width;
      this.height = height;
      this.longitude = longitude;
      this.latitude = latitude;
    }
  }

  private static final int PLACES = 1500;
  private static final int SEARCHES = 1200;
  private static final double MAX_LATITUDE = 85.05112878;

  private final long seed = Seed.of(GeoDifferentialTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final List<Invocation> sequence = new ArrayList<>();

  private void say(String... words) {
    sequence.add(Invocation.exactly(words));
  }

  private void compare() throws Exception {
    try (ConnectionPair pair =
        new ConnectionPair(RealRedis.shared(), SubjectUnderTest.shared(), Protocol.RESP2)) {
      pair.flush();
      ConnectionPair.Divergence divergence = pair.run(sequence);
      assertThat(divergence == null ? null : divergence.difference())
          .as(Seed.option(seed))
          .isNull();
    }
  }

  private String longitude(Region in) {
    double degrees = in.longitude + (random.nextDouble() * 2 - 1) * in.width;
    return Double.toString(
        degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees);
  }

  private String latitude(Region in) {
    double degrees = in.latitude + (random.nextDouble() * 2 - 1) * in.height;
    return Double.toString(Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, degrees)));
  }

  /** From centimetres to more than the earth's circumference. */
  private String length() {
    return Double.toString(Math.pow(10, random.nextDouble() * 9.7 - 2));
  }

  private String name() {
    return "p" + random.nextInt(PLACES);
  }

  @ParameterizedTest
  @EnumSource
  void searches(Region region) throws Exception {
    for (int i = 0; i < PLACES; i++) {
      say("GEOADD", "g", longitude(region), latitude(region), "p" + i);
    }
    say("ZRANGE", "g", "0", "-1", "WITHSCORES");
    for (int i = 0; i < SEARCHES; i++) {
      List<String> words = new ArrayList<>(List.of("GEOSEARCH", "g"));
      if (random.nextBoolean()) {
        words.addAll(List.of("FROMMEMBER", name()));
      } else {
        words.addAll(List.of("FROMLONLAT", longitude(region), latitude(region)));
      }
      if (random.nextBoolean()) {
        words.addAll(List.of("BYRADIUS", length(), "m"));
      } else {
        words.addAll(List.of("BYBOX", length(), length(), "m"));
      }
      addOptions(words);
      say(words.toArray(new String[0]));
    }
    compare();
  }

  private void addOptions(List<String> words) {
    switch (random.nextInt(4)) {
      case 0 -> words.add("ASC");
      case 1 -> words.add("DESC");
      default -> {}
    }
    switch (random.nextInt(4)) {
      case 0 -> words.addAll(List.of("COUNT", String.valueOf(random.nextInt(1, 20))));
      case 1 -> words.addAll(List.of("COUNT", String.valueOf(random.nextInt(1, 20)), "ANY"));
      default -> {}
    }
    for (String option : List.of("WITHDIST", "WITHHASH", "WITHCOORD")) {
      if (random.nextInt(3) == 0) {
        words.add(option);
      }
    }
  }

  /** Coordinates of any size, down to those that print as zeros. */
  @Test
  void places() throws Exception {
    for (int i = 0; i < 4000; i++) {
      double size = Math.pow(10, -random.nextInt(20));
      say(
          "GEOADD",
          "g",
          Double.toString((random.nextDouble() * 2 - 1) * 180 * size),
          Double.toString((random.nextDouble() * 2 - 1) * MAX_LATITUDE * size),
          "p" + i % PLACES);
      say("GEOPOS", "g", "p" + i % PLACES);
      say("GEOHASH", "g", "p" + i % PLACES);
      String unit = List.of("m", "km", "ft", "mi").get(random.nextInt(4));
      say("GEODIST", "g", name(), name(), unit);
    }
    for (int i = 0; i < 2000; i++) {
      // Any score is a place, however it came to be one.
      say("ZADD", "z", Long.toString(random.nextLong(1L << 53)), "p" + i);
      say("GEOPOS", "z", "p" + i);
      say("GEOHASH", "z", "p" + i);
    }
    compare();
  }
}
