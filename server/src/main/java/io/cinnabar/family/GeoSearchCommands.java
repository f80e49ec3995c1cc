package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.family.GeoSearchOptions.Form;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.GeoCell;
import io.cinnabar.structure.GeoShape;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;

/** Commands that look for members within a circle or a rectangle. */
final class GeoSearchCommands {

  private static final String UNIT = " unit:(m:'m' | km:'km' | ft:'ft' | mi:'mi')";
  private static final String WITH = " [WITHCOORD] [WITHDIST] [WITHHASH]";
  private static final String ORDER = " [order:(ASC | DESC)]";
  private static final String COUNT = " [count-block:<COUNT count:integer [ANY]>]";
  private static final String COUNT_620 = " [count-block:<COUNT count:integer [ANY@6.2.0]>]";
  private static final String STORE =
      " [store:(STORE storekey=key:key#1 | STOREDIST storedistkey=key:key#2)]";
  private static final String SHAPE =
      " from:(FROMMEMBER member | FROMLONLAT fromlonlat:<longitude:double latitude:double>)"
          + " by:(circle:<BYRADIUS radius:double"
          + UNIT
          + "> | box:<BYBOX width:double height:double"
          + UNIT
          + ">)";
  private static final String COMPLEXITY =
      "O(N+log(M)) for N members in the cells around the shape and M in all";

  private final GeoSearchOptions options = new GeoSearchOptions();
  private final GeoShape shape = new GeoShape();
  private final GeoPoints points = new GeoPoints();
  private final Slice name = new Slice();

  private GeoSearchCommands() {}

  static void declare(FamilyBuilder family) {
    GeoSearchCommands commands = new GeoSearchCommands();
    declareSearch(family, commands);
    declareRadius(family, commands);
    declareRadiusByMember(family, commands);
  }

  private static void declareSearch(FamilyBuilder family, GeoSearchCommands commands) {
    family
        .command(
            "GEOSEARCH key" + SHAPE + ORDER + COUNT + WITH,
            call -> commands.search(call, Form.SEARCH, 1))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("6.2.0")
        .complexity(COMPLEXITY)
        .summary("Lists the members within a circle or a rectangle.")
        .history("7.0.0", "Takes units in capitals.");
    family
        .command(
            "GEOSEARCHSTORE destination:key source:key" + SHAPE + ORDER + COUNT + " [STOREDIST]",
            call -> commands.search(call, Form.SEARCH_STORE, 2))
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .key(2, RO, ACCESS)
        .since("6.2.0")
        .complexity(COMPLEXITY)
        .summary("Stores the members within a circle or a rectangle in another key.")
        .history("7.0.0", "Takes units in capitals.");
  }

  private static void declareRadius(FamilyBuilder family, GeoSearchCommands commands) {
    String arguments = " key longitude:double latitude:double radius:double" + UNIT + WITH;
    family
        .command(
            "GEORADIUS" + arguments + COUNT_620 + ORDER + STORE,
            call -> commands.search(call, Form.RADIUS, 1))
        .flags(WRITE, DENYOOM)
        .key(1, RO, ACCESS)
        .keyAfter("STORE", 6, OW, UPDATE)
        .keyAfter("STOREDIST", 6, OW, UPDATE)
        .since("3.2.0")
        .complexity(COMPLEXITY)
        .summary("Lists or stores the members within a distance from a place.")
        .history("6.2.0", "Takes `ANY` behind `COUNT`.")
        .history("7.0.0", "Takes units in capitals.")
        .deprecated("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument");
    family
        .command(
            "GEORADIUS_RO" + arguments + COUNT_620 + ORDER,
            call -> commands.search(call, Form.RADIUS_RO, 1))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("3.2.10")
        .complexity(COMPLEXITY)
        .summary("Lists the members within a distance from a place.")
        .history("6.2.0", "Takes `ANY` behind `COUNT`.")
        .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument");
  }

  private static void declareRadiusByMember(FamilyBuilder family, GeoSearchCommands commands) {
    String arguments = " key member radius:double" + UNIT + WITH;
    family
        .command(
            "GEORADIUSBYMEMBER" + arguments + COUNT + ORDER + STORE,
            call -> commands.search(call, Form.RADIUS_BY_MEMBER, 1))
        .flags(WRITE, DENYOOM)
        .key(1, RO, ACCESS)
        .keyAfter("STORE", 5, OW, UPDATE)
        .keyAfter("STOREDIST", 5, OW, UPDATE)
        .since("3.2.0")
        .complexity(COMPLEXITY)
        .summary("Lists or stores the members within a distance from another one.")
        .history("7.0.0", "Takes units in capitals.")
        .deprecated(
            "6.2.0",
            "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments");
    family
        .command(
            "GEORADIUSBYMEMBER_RO" + arguments + COUNT + ORDER,
            call -> commands.search(call, Form.RADIUS_BY_MEMBER_RO, 1))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("3.2.10")
        .complexity(COMPLEXITY)
        .summary("Lists the members within a distance from another one.")
        .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments");
  }

  private void search(Call call, Form form, int sourceIndex) {
    Entry source = call.read(ValueType.SORTED_SET, call.arg(sourceIndex));
    points.clear();
    options.read(call, form, source);
    if (source != null) {
      options.shape(shape);
      find(source.sortedSet());
    }
    if (options.isSorted()) {
      points.sort(options.nearestFirst);
    }
    int count = points.count();
    if (options.count > 0) {
      count = (int) Math.min(count, options.count);
    }
    Slice destination = options.destination;
    if (destination != null) {
      store(call, form, destination, count);
    } else {
      reply(call, count);
    }
  }

  private void find(SortedSetValue value) {
    long enough = options.enough();
    for (int cell = 0; cell < shape.cells(); cell++) {
      if (!shape.isSearched(cell)) {
        continue;
      }
      if (enough > 0 && points.count() >= enough) {
        return;
      }
      double end = shape.endScore(cell);
      boolean more = value.seekScore((double) shape.firstScore(cell));
      for (; more && value.score() < end; more = value.next()) {
        long score = (long) value.score();
        if (shape.contains(GeoCell.longitude(score), GeoCell.latitude(score))) {
          points.add(value.member(), value.score(), shape.distance());
          if (enough > 0 && points.count() >= enough) {
            break;
          }
        }
      }
    }
  }

  private void reply(Call call, int count) {
    int parts =
        1
            + (options.withDistance ? 1 : 0)
            + (options.withScore ? 1 : 0)
            + (options.withPlace ? 1 : 0);
    call.reply().array(count);
    for (int i = 0; i < count; i++) {
      if (parts > 1) {
        call.reply().array(parts);
      }
      points.name(i, name);
      call.reply().bulk(name);
      if (options.withDistance) {
        call.reply().bulkDistance(points.distance(i) / options.unitMeters);
      }
      if (options.withScore) {
        call.reply().integer((long) points.score(i));
      }
      if (options.withPlace) {
        GeoCommands.writePlace(call, (long) points.score(i));
      }
    }
  }

  private void store(Call call, Form form, Slice destination, int count) {
    if (count == 0) {
      SortedSetRanges.removeDestination(call, destination);
    } else {
      Thresholds thresholds = call.engine().settings().thresholds;
      SortedSetValue made = call.prepare(ValueType.SORTED_SET, destination).sortedSet();
      for (int i = 0; i < count; i++) {
        points.name(i, name);
        double score =
            options.storesDistance ? points.distance(i) / options.unitMeters : points.score(i);
        made.add(name, score, thresholds);
      }
      call.putPrepared();
      call.changed(
          destination,
          form == Form.SEARCH_STORE ? KeyEvent.GEOSEARCHSTORE : KeyEvent.GEORADIUSSTORE);
    }
    call.reply().integer(count);
  }
}
