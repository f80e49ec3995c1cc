package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.EarthDistance;
import io.cinnabar.structure.GeoCell;
import io.cinnabar.structure.GeohashText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Commands on places, which are the scores of sorted sets: see {@link GeoCell}. */
public final class GeoCommands {

  /** As Redis tells it, in small letters. */
  private static final byte[] ZADD = "zadd".getBytes(US_ASCII);

  private final SortedSetAdd add = new SortedSetAdd();
  private final GeoPlace place = new GeoPlace();
  private final byte[] geohash = new byte[GeohashText.LENGTH];

  private GeoCommands() {}

  public static void declare(CommandTable.Builder table) {
    GeoCommands commands = new GeoCommands();
    FamilyBuilder family = table.family("geo");
    family
        .command(
            "GEOADD key [condition:(NX | XX)@6.2.0] [change:CH@6.2.0]"
                + " data:<longitude:double latitude:double member>...",
            commands::geoadd)
        .flags(WRITE, DENYOOM)
        .key(1, RW, UPDATE)
        .since("3.2.0")
        .complexity("O(log(N)) for each member, N being the size of the sorted set")
        .summary("Adds members with their places, or gives members other places.")
        .history("6.2.0", "Takes `CH`, `NX` and `XX`.");
    family
        .command(
            "GEODIST key member1 member2 [unit:(m:'m' | km:'km' | ft:'ft' | mi:'mi')]",
            GeoCommands::geodist)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("3.2.0")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Tells the distance of two members.");
    family
        .command("GEOHASH key [member...]", commands::geohash)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("3.2.0")
        .complexity("O(log(N)) for each member, N being the size of the sorted set")
        .summary("Tells the geohashes of some members' places.");
    family
        .command("GEOPOS key [member...]", GeoCommands::geopos)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("3.2.0")
        .complexity("O(N) for N members that are asked for")
        .summary("Tells longitude and latitude of some members.");
    GeoSearchCommands.declare(family);
  }

  private void geoadd(Call call) {
    boolean onlyNew = false;
    boolean onlyThere = false;
    boolean countsChanged = false;
    int first = 2;
    for (; first < call.argCount(); first++) {
      if (call.isWord(first, "nx")) {
        onlyNew = true;
      } else if (call.isWord(first, "xx")) {
        onlyThere = true;
      } else if (call.isWord(first, "ch")) {
        countsChanged = true;
      } else {
        break;
      }
    }
    int arguments = call.argCount() - first;
    if (arguments % 3 != 0 || arguments == 0 || (onlyNew && onlyThere)) {
      throw CommandError.SYNTAX;
    }
    double[] scores = new double[arguments / 3];
    for (int i = 0; i < scores.length; i++) {
      place.read(call, first + 3 * i);
      scores[i] = GeoCell.of(place.longitude, place.latitude, GeoCell.STEPS);
    }
    int added = add.addPlaces(call, onlyNew, onlyThere, countsChanged, scores, first + 2);
    if (call.isFollowed() && add.hasChanged()) {
      propagate(call, first, scores);
    }
    call.reply().integer(added);
  }

  private static void propagate(Call call, int first, double[] scores) {
    byte[][] arguments = new byte[first + 2 * scores.length][];
    arguments[0] = ZADD;
    for (int i = 1; i < first; i++) {
      arguments[i] = call.arg(i).toByteArray();
    }
    for (int i = 0; i < scores.length; i++) {
      arguments[first + 2 * i] = Long.toString((long) scores[i]).getBytes(US_ASCII);
      arguments[first + 2 * i + 1] = call.arg(first + 3 * i + 2).toByteArray();
    }
    call.propagateAs(arguments);
  }

  private static @Nullable Entry read(Call call) {
    return call.read(ValueType.SORTED_SET, call.arg(1));
  }

  private static double score(@Nullable Entry entry, Slice member) {
    return entry == null ? Double.NaN : entry.sortedSet().score(member);
  }

  private static void geodist(Call call) {
    double unitMeters = 1;
    if (call.argCount() == 5) {
      unitMeters = GeoPlace.unitMeters(call, 4);
    } else if (call.argCount() > 5) {
      throw CommandError.SYNTAX;
    }
    Entry entry = read(call);
    double first = score(entry, call.arg(2));
    double second = score(entry, call.arg(3));
    if (Double.isNaN(first) || Double.isNaN(second)) {
      call.reply().nullBulk();
      return;
    }
    long from = GeoCell.ofScore(first);
    long to = GeoCell.ofScore(second);
    double meters =
        EarthDistance.between(
            GeoCell.longitude(from),
            GeoCell.latitude(from),
            GeoCell.longitude(to),
            GeoCell.latitude(to));
    call.reply().bulkDistance(meters / unitMeters);
  }

  private void geohash(Call call) {
    Entry entry = read(call);
    call.reply().array(call.argCount() - 2);
    for (int i = 2; i < call.argCount(); i++) {
      double score = score(entry, call.arg(i));
      if (Double.isNaN(score)) {
        call.reply().nullBulk();
      } else {
        GeohashText.write(GeoCell.ofScore(score), geohash, 0);
        call.reply().bulk(geohash, 0, GeohashText.LENGTH);
      }
    }
  }

  private static void geopos(Call call) {
    Entry entry = read(call);
    call.reply().array(call.argCount() - 2);
    for (int i = 2; i < call.argCount(); i++) {
      double score = score(entry, call.arg(i));
      if (Double.isNaN(score)) {
        call.reply().nullArray();
      } else {
        writePlace(call, GeoCell.ofScore(score));
      }
    }
  }

  /** Replies longitude and latitude of a score. */
  static void writePlace(Call call, long score) {
    call.reply().array(2);
    call.reply().coordinate(GeoCell.longitude(score));
    call.reply().coordinate(GeoCell.latitude(score));
  }
}
