package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.Session;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracker;
import io.cinnabar.tracking.TrackingOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CLIENT TRACKING, CACHING, TRACKINGINFO and GETREDIR: what clients are told of their caches. */
final class ClientTracking {

  private static final int NO_TRACKING = -1;

  private static final CommandError NOT_TRACKING =
      new CommandError(
          "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
              + " OPTOUT mode enabled");
  private static final CommandError YES_WITHOUT_OPTIN =
      new CommandError(
          "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
  private static final CommandError NO_WITHOUT_OPTOUT =
      new CommandError(
          "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");

  private ClientTracking() {}

  static void declare(FamilyBuilder connection) {
    connection
        .command(
            "CLIENT|TRACKING status:(ON | OFF) [REDIRECT client-id:integer] [PREFIX... prefix]"
                + " [BCAST] [OPTIN] [OPTOUT] [NOLOOP]",
            ClientTracking::tracking)
        .arity(-3)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Says whether the connection is told what becomes of the keys that it caches.");
    connection
        .command("CLIENT|CACHING mode:(YES | NO)", ClientTracking::caching)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Says whether the keys of the next command are cached.");
    connection
        .command("CLIENT|TRACKINGINFO", ClientTracking::trackinginfo)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Tells how the connection is told what becomes of the keys that it caches.");
    connection
        .command("CLIENT|GETREDIR", ClientTracking::getredir)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Tells which connection is told what this one has cached.");
  }

  private static @Nullable Tracker active(Session session) {
    Tracker tracker = session.tracker();
    return tracker != null && tracker.isOn() ? tracker : null;
  }

  // ---- TRACKING

  private static void tracking(Call call) {
    Request request = new Request(call);
    Session session = call.session();
    if (call.isWord(2, "on")) {
      request.check(active(session));
      session.tracker(
          call.engine()
              .tracking()
              .turnOn(
                  session,
                  session.tracker(),
                  request.options(),
                  request.redirectId,
                  request.redirect,
                  request.prefixes));
    } else if (!call.isWord(2, "off")) {
      throw CommandError.SYNTAX;
    } else {
      Tracker tracker = active(session);
      if (tracker != null) {
        call.engine().tracking().turnOff(tracker);
      }
    }
    call.reply().ok();
  }

  /** The options of one call. */
  private static final class Request {

    private final List<Slice> prefixes = new ArrayList<>();
    private boolean broadcast;
    private boolean optIn;
    private boolean optOut;
    private boolean noLoop;
    private long redirectId = Tracker.NOBODY;
    private @Nullable Session redirect;

    Request(Call call) {
      for (int i = 3; i < call.argCount(); i++) {
        boolean more = i + 1 < call.argCount();
        if (call.isWord(i, "redirect") && more) {
          redirect(call, ++i);
        } else if (call.isWord(i, "prefix") && more) {
          prefixes.add(new Slice().set(call.arg(++i)));
        } else if (call.isWord(i, "bcast")) {
          broadcast = true;
        } else if (call.isWord(i, "optin")) {
          optIn = true;
        } else if (call.isWord(i, "optout")) {
          optOut = true;
        } else if (call.isWord(i, "noloop")) {
          noLoop = true;
        } else {
          throw CommandError.SYNTAX;
        }
      }
    }

    private void redirect(Call call, int index) {
      if (redirectId != Tracker.NOBODY) {
        throw new CommandError("ERR A client can only redirect to a single other client");
      }
      redirectId = call.integer(index);
      redirect = call.engine().sessions().byId(redirectId);
      if (redirect == null) {
        throw new CommandError("ERR The client ID you want redirect to does not exist");
      }
    }

    TrackingOptions options() {
      return new TrackingOptions(broadcast, optIn, optOut, noLoop);
    }

    /**
     * Does nothing if these options go together, and with those that the client has already.
     *
     * @param before how it tracks now; null if it doesn't
     */
    void check(@Nullable Tracker before) {
      TrackingOptions held = before == null ? TrackingOptions.NONE : before.options();
      if (!broadcast && !prefixes.isEmpty()) {
        throw new CommandError("ERR PREFIX option requires BCAST mode to be enabled");
      }
      if (before != null && held.broadcast() != broadcast) {
        throw mustTurnOff("BCAST mode on/off");
      }
      if (broadcast && (optIn || optOut)) {
        throw new CommandError("ERR OPTIN and OPTOUT are not compatible with BCAST");
      }
      if (optIn && optOut) {
        throw new CommandError("ERR You can't specify both OPTIN mode and OPTOUT mode");
      }
      if ((optIn && held.optOut()) || (optOut && held.optIn())) {
        throw mustTurnOff("OPTIN/OPTOUT mode");
      }
      if (broadcast) {
        PrefixOverlaps.check(prefixes, before == null ? List.of() : before.prefixes());
      }
    }

    private static CommandError mustTurnOff(String mode) {
      return new CommandError(
          "ERR You can't switch "
              + mode
              + " before disabling tracking for this client, and then re-enabling it with a"
              + " different mode.");
    }
  }

  // ---- the others

  private static void caching(Call call) {
    Tracker tracker = active(call.session());
    if (tracker == null) {
      throw NOT_TRACKING;
    }
    if (call.isWord(2, "yes")) {
      if (!tracker.options().optIn()) {
        throw YES_WITHOUT_OPTIN;
      }
    } else if (!call.isWord(2, "no")) {
      throw CommandError.SYNTAX;
    } else if (!tracker.options().optOut()) {
      throw NO_WITHOUT_OPTOUT;
    }
    tracker.caching(true);
    call.reply().ok();
  }

  private static void getredir(Call call) {
    Tracker tracker = active(call.session());
    call.reply().integer(tracker == null ? NO_TRACKING : tracker.redirectId());
  }

  private static void trackinginfo(Call call) {
    Tracker tracker = active(call.session());
    ReplyWriter reply = call.reply();
    List<String> flags = tracker == null ? List.of("off") : flags(tracker);
    reply.map(3);
    reply.bulk("flags");
    reply.set(flags.size());
    for (String flag : flags) {
      reply.bulk(flag);
    }
    reply.bulk("redirect");
    reply.integer(tracker == null ? NO_TRACKING : tracker.redirectId());
    reply.bulk("prefixes");
    List<Slice> prefixes = tracker == null ? List.of() : tracker.prefixes();
    reply.array(prefixes.size());
    for (Slice prefix : prefixes) {
      reply.bulk(prefix);
    }
  }

  private static List<String> flags(Tracker tracker) {
    TrackingOptions options = tracker.options();
    List<String> flags = new ArrayList<>();
    flags.add("on");
    if (options.broadcast()) {
      flags.add("bcast");
    }
    if (options.optIn()) {
      flags.add("optin");
      if (tracker.isCaching()) {
        flags.add("caching-yes");
      }
    }
    if (options.optOut()) {
      flags.add("optout");
      if (tracker.isCaching()) {
        flags.add("caching-no");
      }
    }
    if (options.noLoop()) {
      flags.add("noloop");
    }
    if (tracker.isBroken()) {
      flags.add("broken_redirect");
    }
    return flags;
  }
}
