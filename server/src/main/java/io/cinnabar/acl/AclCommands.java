package io.cinnabar.acl;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Call;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Denial;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** ACL: shows and changes the users, and what was denied to them. */
public final class AclCommands {

  private static final String EACH_USER = "O(N) for N users";
  private static final int DEFAULT_COUNT = 10;
  private static final int SHOWN_CATEGORY_BYTES = 128;
  private static final int DEFAULT_BITS = 256;
  private static final int MAX_BITS = 4096;
  private static final int BITS_PER_DIGIT = 4;

  private static final CommandError SPACES_IN_NAME =
      new CommandError("ERR Usernames can't contain spaces or null characters");
  private static final CommandError DEFAULT_STAYS =
      new CommandError("ERR The 'default' user cannot be removed");
  private static final CommandError BAD_BITS =
      new CommandError(
          "ERR ACL GENPASS argument must be the number of bits for the output password, a positive"
              + " number up to "
              + MAX_BITS);
  private static final CommandError NO_FILE =
      new CommandError(
          "ERR This Redis instance is not configured to use an ACL file. You may want to specify"
              + " users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you"
              + " have a Redis configuration file set) in order to store users in the Redis"
              + " configuration.");

  private final Supplier<Users> source;

  private AclCommands(Supplier<Users> source) {
    this.source = source;
  }

  /** Declares the commands about the users that {@code source} has once there are any. */
  public static void declare(CommandTable.Builder table, Supplier<Users> source) {
    AclCommands commands = new AclCommands(source);
    FamilyBuilder server = table.family("server");
    server
        .container("ACL")
        .since("6.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about users and their rights.");
    commands.declareChanges(server);
    commands.declareViews(server);
    commands.declareHelpers(server);
  }

  private void declareChanges(FamilyBuilder server) {
    server
        .command("ACL|SETUSER username [rule...]", this::setuser)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("6.0.0")
        .complexity("O(N) for N rules")
        .summary("Makes a user, or changes its rules.")
        .history("6.2.0", "Takes patterns of channels.")
        .history("7.0.0", "Takes selectors, and patterns of keys for reading or writing.");
    server
        .command("ACL|DELUSER username...", this::deluser)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("6.0.0")
        .complexity("O(1) where few clients are connected")
        .summary("Deletes users and closes their connections.");
    server
        .command("ACL|LOAD", this::load)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity(EACH_USER)
        .summary("Takes the users that are in the file of users.");
    server
        .command("ACL|SAVE", this::save)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("6.0.0")
        .complexity(EACH_USER)
        .summary("Writes the users to the file of users.");
  }

  private void declareViews(FamilyBuilder server) {
    server
        .command("ACL|GETUSER username", this::getuser)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(N) for N rules")
        .summary("Shows the rules of a user.")
        .history("6.2.0", "Shows patterns of channels.")
        .history("7.0.0", "Shows selectors; patterns of keys and channels are rules, not a list.");
    server
        .command("ACL|LIST", this::list)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity(EACH_USER)
        .summary("Shows all users as a file of users has them.");
    server
        .command("ACL|USERS", this::users)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity(EACH_USER)
        .summary("Names all users.");
    server
        .command("ACL|LOG [operation:(count:integer | RESET)]", this::log)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(N) for N entries")
        .summary("Shows what was denied to users lately.")
        .history("7.2.0", "Tells the number of an entry, when it was made and last changed.");
    server
        .command("ACL|DRYRUN username command [arg...]", this::dryrun)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("7.0.0")
        .complexity("O(1)")
        .summary("Tells whether a user may run a command, without running it.");
  }

  private void declareHelpers(FamilyBuilder server) {
    server
        .command("ACL|CAT [category]", this::cat)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Lists the categories, or the commands of one.");
    server
        .command("ACL|WHOAMI", AclCommands::whoami)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Names the connection's user.");
    server
        .command("ACL|GENPASS [bits:integer]", AclCommands::genpass)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Makes up a password that nobody can guess.");
    server
        .command("ACL|HELP", AclCommands::help)
        .flags(LOADING, STALE)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  // ---- changes

  private void setuser(Call call) {
    redact(call);
    String name = ByteText.of(call.arg(2));
    if (ByteText.hasSpaces(name)) {
      throw SPACES_IN_NAME;
    }
    List<String> rules = new ArrayList<>();
    for (int i = 3; i < call.argCount(); i++) {
      rules.add(ByteText.of(call.arg(i)));
    }
    source.get().set(name, rules, call.session(), call.engine().sessions());
    call.reply().ok();
  }

  private void deluser(Call call) {
    redact(call);
    for (int i = 2; i < call.argCount(); i++) {
      if (ByteText.word(ByteText.of(call.arg(i))).equals(Users.DEFAULT)) {
        throw DEFAULT_STAYS;
      }
    }
    int deleted = 0;
    for (int i = 2; i < call.argCount(); i++) {
      String name = ByteText.of(call.arg(i));
      if (source.get().delete(name, call.session(), call.engine().sessions())) {
        deleted++;
      }
    }
    call.reply().integer(deleted);
  }

  /** Users and their rules are nobody's business who watches or looks for slow commands. */
  private static void redact(Call call) {
    for (int i = 2; i < call.argCount(); i++) {
      call.redact(i);
    }
  }

  private void load(Call call) {
    usersOfFile().reload(call.session(), call.engine().sessions());
    call.reply().ok();
  }

  private void save(Call call) {
    usersOfFile().save();
    call.reply().ok();
  }

  private Users usersOfFile() {
    if (!source.get().hasFile()) {
      throw NO_FILE;
    }
    return source.get();
  }

  // ---- views

  private void getuser(Call call) {
    call.redact(2);
    AclUser user = source.get().find(call.arg(2));
    ReplyWriter reply = call.reply();
    if (user == null) {
      reply.nullBulk();
      return;
    }
    reply.map(6);
    reply.bulk("flags");
    reply.set(user.flags().size());
    for (String flag : user.flags()) {
      reply.bulk(flag);
    }
    reply.bulk("passwords");
    reply.array(user.passwordHashes().size());
    for (String hash : user.passwordHashes()) {
      reply.bulk(hash);
    }
    List<Selector> selectors = user.selectors();
    write(reply, selectors.get(0));
    reply.bulk("selectors");
    reply.array(selectors.size() - 1);
    for (Selector selector : selectors.subList(1, selectors.size())) {
      reply.map(3);
      write(reply, selector);
    }
  }

  private static void write(ReplyWriter reply, Selector selector) {
    reply.bulk("commands");
    bulk(reply, selector.commandText());
    reply.bulk("keys");
    bulk(reply, selector.keyText());
    reply.bulk("channels");
    bulk(reply, selector.channelText());
  }

  private static void bulk(ReplyWriter reply, String byteText) {
    byte[] bytes = ByteText.bytes(byteText);
    reply.bulk(bytes, 0, bytes.length);
  }

  private void list(Call call) {
    call.reply().array(source.get().all().size());
    for (AclUser user : source.get().all()) {
      bulk(call.reply(), "user " + user.line());
    }
  }

  private void users(Call call) {
    call.reply().array(source.get().all().size());
    for (AclUser user : source.get().all()) {
      bulk(call.reply(), user.nameText());
    }
  }

  private void log(Call call) {
    checkCount(call, 3);
    AclLog log = source.get().denials();
    if (call.argCount() == 3 && call.isWord(2, "reset")) {
      log.clear();
      call.reply().ok();
      return;
    }
    long most = call.argCount() == 3 ? call.integer(2) : DEFAULT_COUNT;
    int count = (int) Math.min(Math.max(most, 0), log.size());
    call.reply().array(count);
    Iterator<AclLog.Entry> entries = log.iterator();
    for (int i = 0; i < count; i++) {
      write(call.reply(), entries.next(), call.nowMillis());
    }
  }

  private static void write(ReplyWriter reply, AclLog.Entry entry, long nowMillis) {
    reply.map(10);
    reply.bulk("count");
    reply.integer(entry.count);
    reply.bulk("reason");
    reply.bulk(entry.reason.word);
    reply.bulk("context");
    reply.bulk(entry.context);
    reply.bulk("object");
    bulk(reply, entry.object);
    reply.bulk("username");
    bulk(reply, entry.user);
    reply.bulk("age-seconds");
    reply.doubleValue((nowMillis - entry.updatedMillis) / 1000.0);
    reply.bulk("client-info");
    bulk(reply, entry.client);
    reply.bulk("entry-id");
    reply.integer(entry.id);
    reply.bulk("timestamp-created");
    reply.integer(entry.createdMillis);
    reply.bulk("timestamp-last-updated");
    reply.integer(entry.updatedMillis);
  }

  private void dryrun(Call call) {
    AclUser user = source.get().find(call.arg(2));
    if (user == null) {
      throw new CommandError("ERR User '" + call.argText(2) + "' not found");
    }
    CommandArguments inner = new InnerCommand(call);
    Command command = call.engine().table().resolve(inner);
    if (command == null) {
      throw new CommandError("ERR Command '" + call.argText(3) + "' not found");
    }
    if (!command.acceptsArgumentCount(inner.argCount())) {
      throw new CommandError(
          "ERR wrong number of arguments for '" + command.fullName() + "' command");
    }
    Denial denial = user.check(command, inner);
    if (denial == null) {
      call.reply().ok();
    } else {
      bulk(call.reply(), denial.detailed(user, command, inner));
    }
  }

  // ---- helpers

  private void cat(Call call) {
    checkCount(call, 3);
    if (call.argCount() == 2) {
      AclCategory[] categories = AclCategory.values();
      call.reply().array(categories.length);
      for (AclCategory category : categories) {
        call.reply().bulk(category.word());
      }
      return;
    }
    AclCategory category = AclCategory.named(call.arg(2));
    if (category == null) {
      throw new CommandError(
          "ERR Unknown category '" + CommandError.shown(call.arg(2), SHOWN_CATEGORY_BYTES) + "'");
    }
    int mark = call.reply().beginDeferred();
    int count = 0;
    for (Command command : source.get().vocabulary().commands()) {
      if (command.in(category)) {
        call.reply().bulk(command.fullName());
        count++;
      }
    }
    call.reply().endArray(mark, count);
  }

  private static void whoami(Call call) {
    byte[] name = call.session().user().name();
    call.reply().bulk(name, 0, name.length);
  }

  private static void genpass(Call call) {
    checkCount(call, 3);
    long bits = call.argCount() == 3 ? call.integer(2) : DEFAULT_BITS;
    if (bits <= 0 || bits > MAX_BITS) {
      throw BAD_BITS;
    }
    int digits = ((int) bits + BITS_PER_DIGIT - 1) / BITS_PER_DIGIT;
    StringBuilder password = new StringBuilder(digits);
    long left = 0;
    for (int i = 0; i < digits; i++) {
      left =
          i % (Long.SIZE / BITS_PER_DIGIT) == 0 ? call.engine().host().secrets().nextLong() : left;
      password.append(Character.forDigit((int) left & 15, 16));
      left >>>= BITS_PER_DIGIT;
    }
    call.reply().bulk(password.toString());
  }

  /** Some subcommands with optional arguments answer otherwise than all others to too many. */
  private static void checkCount(Call call, int most) {
    if (call.argCount() > most) {
      throw call.unknownForm();
    }
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "CAT [<category>]",
        "Lists the categories, or the commands of <category>.",
        "DELUSER <username> [<username> ...]",
        "Deletes users and closes their connections.",
        "DRYRUN <username> <command> [<arg> ...]",
        "Tells whether the user may run the command, without running it.",
        "GETUSER <username>",
        "Shows the rules of a user.",
        "GENPASS [<bits>]",
        "Makes up a password of 256 bits, or of <bits>.",
        "LIST",
        "Shows all users as a file of users has them.",
        "LOAD",
        "Takes the users that are in the file of users.",
        "LOG [<count> | RESET]",
        "Shows what was denied lately, 10 entries unless <count> is given; RESET forgets it.",
        "SAVE",
        "Writes the users to the file of users.",
        "SETUSER <username> <rule> [<rule> ...]",
        "Makes a user, or changes its rules.",
        "USERS",
        "Names all users.",
        "WHOAMI",
        "Names this connection's user.");
  }

  /** The command that stands behind ACL DRYRUN and the user. */
  private record InnerCommand(Call call) implements CommandArguments {

    @Override
    public int argCount() {
      return call.argCount() - 3;
    }

    @Override
    public Slice arg(int index) {
      return call.arg(index + 3);
    }
  }
}
