package io.cinnabar.acl;

import io.cinnabar.acl.AclException.Kind;
import io.cinnabar.command.Access;
import io.cinnabar.command.Call;
import io.cinnabar.command.ClientLine;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.Denial;
import io.cinnabar.command.Session;
import io.cinnabar.command.Sessions;
import io.cinnabar.command.Statistics;
import io.cinnabar.command.Unit;
import io.cinnabar.command.User;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.Parameters;
import io.cinnabar.config.UserDeclaration;
import io.cinnabar.host.Log;
import io.cinnabar.pubsub.ChannelKind;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All users of a server. There is always one called {@code default}, which every client is at
 * first, and whose object never changes. On the loop's thread.
 */
public final class Users implements Access {

  static final String DEFAULT = "default";

  private static final CommandError WRONG_PASSWORD =
      new CommandError("WRONGPASS invalid username-password pair or user is disabled.");

  private final Vocabulary vocabulary;
  private final Config config;
  private final Statistics statistics;
  private final Unit unit;
  private final Log log;
  private final AclLog denials;
  private final PermissionCheck check = new PermissionCheck();
  private final AclUser defaultUser;

  /** By byte text, which sorts them by their bytes. */
  private Map<String, AclUser> users = new TreeMap<>();

  /**
   * The default user alone, with the password that the configuration has, now and when it changes.
   */
  public Users(CommandTable table, Config config, Statistics statistics, Unit unit, Log log) {
    this.vocabulary = new Vocabulary(table, config, log);
    this.config = config;
    this.statistics = statistics;
    this.unit = unit;
    this.log = log;
    denials = new AclLog(config);
    defaultUser = unrestricted();
    users.put(DEFAULT, defaultUser);
    takePassword();
    config.onChange(Parameters.REQUIREPASS, this::takePassword);
    config.writesUsers(this::configLines);
  }

  private AclUser newUser(String name) {
    return new AclUser(name, vocabulary, check);
  }

  /** The default user as it is when nobody has said anything of it. */
  private AclUser unrestricted() {
    AclUser user = newUser(DEFAULT);
    apply(user, "+@all", "~*", "&*", "on", "nopass");
    return user;
  }

  /** Whoever has the configuration's one password is the default user. */
  private void takePassword() {
    byte[] password = config.bytes(Parameters.REQUIREPASS);
    apply(defaultUser, "resetpass", password.length == 0 ? "nopass" : ">" + ByteText.of(password));
  }

  private static void apply(AclUser user, String... rules) {
    try {
      for (String rule : rules) {
        user.apply(rule);
      }
    } catch (AclException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- what the engine asks

  @Override
  public User defaultUser() {
    return defaultUser;
  }

  @Override
  public @Nullable AclUser find(Slice name) {
    return users.get(ByteText.of(name));
  }

  /** All of them, by name. */
  Collection<AclUser> all() {
    return users.values();
  }

  @Override
  public void logIn(Call call, Slice name, Slice password) {
    AclUser user = find(name);
    if (user == null || !user.accepts(password)) {
      statistics.deniedLogins++;
      String typed = ByteText.of(call.arg(0));
      note(call.session(), AclLog.Reason.AUTH, typed, ByteText.of(name));
      throw WRONG_PASSWORD;
    }
    call.session().logIn(user);
  }

  @Override
  public void denied(Session session, Command command, CommandArguments arguments, Denial denial) {
    String user = session.user().nameText();
    switch (denial.reason()) {
      case COMMAND -> {
        statistics.deniedCommands++;
        note(session, AclLog.Reason.COMMAND, command.fullName(), user);
      }
      case KEY -> {
        statistics.deniedKeys++;
        note(session, AclLog.Reason.KEY, ByteText.of(arguments.arg(denial.argument())), user);
      }
      case CHANNEL -> {
        statistics.deniedChannels++;
        note(session, AclLog.Reason.CHANNEL, ByteText.of(arguments.arg(denial.argument())), user);
      }
    }
  }

  private void note(Session session, AclLog.Reason reason, String object, String user) {
    long nowMillis = unit.nowMillis();
    String client = ClientLine.of(session, nowMillis);
    String context = session.isInTransaction() ? "multi" : "toplevel";
    denials.add(reason, context, object, user, client, nowMillis);
  }

  AclLog denials() {
    return denials;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  // ---- changes

  /**
   * Makes a user, or changes one, by some rules: by all of them or by none. Clients that have
   * subscribed to what it may not use any more are closed.
   *
   * @throws CommandError when one makes no sense
   */
  void set(String name, List<String> words, Session asking, Sessions sessions) {
    RuleList list = new RuleList(words);
    if (list.unmatched() >= 0) {
      throw new CommandError(
          "ERR Unmatched parenthesis in acl selector starting at '"
              + ByteText.word(words.get(list.unmatched()))
              + "'.");
    }
    AclUser user = users.get(name);
    AclUser changed = user == null ? newUser(name) : user.copy();
    for (String rule : list.rules()) {
      try {
        changed.apply(rule);
      } catch (AclException e) {
        throw new CommandError(
            "ERR Error in ACL SETUSER modifier '" + ByteText.word(rule) + "': " + e.reason());
      }
    }
    if (user == null) {
      users.put(name, changed);
    } else {
      user.become(changed);
      close(session -> session.user() == user && hasForbidden(session), asking, sessions);
    }
  }

  /**
   * Deletes a user and closes its clients.
   *
   * @return whether there was one
   */
  boolean delete(String name, Session asking, Sessions sessions) {
    AclUser user = users.remove(name);
    if (user == null) {
      return false;
    }
    close(session -> session.user() == user, asking, sessions);
    return true;
  }

  /** Whether it has subscribed to a channel that its user may not use. */
  private static boolean hasForbidden(Session session) {
    if (session.isSubscribed()) {
      for (ChannelKind kind : ChannelKind.values()) {
        for (Slice name : session.subscriptions().names(kind)) {
          if (!session.user().mayUseChannel(name, kind == ChannelKind.PATTERN)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Nobody goes on with rights that it has no more; who asks gets its reply first. */
  private static void close(Predicate<Session> which, Session asking, Sessions sessions) {
    for (Session session : new ArrayList<>(sessions.all())) {
      if (which.test(session)) {
        session.logOut();
        if (session.equals(asking)) {
          session.closeAfterReply();
        } else {
          session.close();
        }
      }
    }
  }

  // ---- where they come from

  /**
   * Sees that the users of the config file make sense, but for the names of commands.
   *
   * @throws ConfigException with the line that doesn't
   */
  public void checkDeclarations() throws ConfigException {
    Set<String> names = new HashSet<>();
    for (UserDeclaration declaration : config.userDeclarations()) {
      String name = declaration.name();
      if (!names.add(name)) {
        throw refused(declaration, name, new AclException(Kind.DUPLICATE_USER));
      }
      RuleList list = new RuleList(declaration.rules());
      if (list.unmatched() >= 0) {
        String word = declaration.rules().get(list.unmatched());
        throw refused(declaration, word, new AclException(Kind.SYNTAX));
      }
      AclUser tried = newUser(name);
      for (String rule : list.rules()) {
        try {
          tried.apply(rule);
        } catch (AclException e) {
          if (e.kind() != Kind.UNKNOWN_COMMAND) {
            throw refused(declaration, rule, e);
          }
        }
      }
    }
  }

  private static ConfigException refused(
      UserDeclaration declaration, String word, AclException reason) {
    return new ConfigException(
        declaration.place() + "Error in user declaration '" + word + "': " + reason.reason());
  }

  /**
   * Makes the users of the config file, or those of the file of users.
   *
   * @throws IOException when there are none to rely on; the log says why
   */
  public void load() throws IOException {
    String reason = null;
    if (hasFile() && !config.userDeclarations().isEmpty()) {
      reason =
          "Configuring Redis with users defined in redis.conf and at the same setting an ACL file"
              + " path is invalid. This setup is very likely to lead to configuration errors and"
              + " security holes, please define either an ACL file or declare users directly in"
              + " your redis.conf, but not both.";
    } else if (!declare()) {
      reason = "Critical error while loading ACLs. Exiting.";
    } else if (hasFile()) {
      AclFile file = read();
      if (file.errors().isEmpty()) {
        take(file);
      } else {
        reason = "Aborting Redis startup because of ACL errors: " + file.errors();
      }
    }
    if (reason != null) {
      log.warning(reason);
      throw new IOException(reason);
    }
  }

  private boolean declare() {
    for (UserDeclaration declaration : config.userDeclarations()) {
      String name = declaration.name();
      if (ByteText.hasSpaces(name)) {
        log.warning("Spaces not allowed in ACL usernames");
        return false;
      }
      AclUser user = users.computeIfAbsent(name, this::newUser);
      apply(user, "reset");
      for (String rule : new RuleList(declaration.rules()).rules()) {
        try {
          user.apply(rule);
        } catch (AclException e) {
          log.warning(
              "Error loading ACL rule '"
                  + rule
                  + "' for the user named '"
                  + name
                  + "': "
                  + e.reason());
          return false;
        }
      }
      if (!user.isEnabled()) {
        log.notice(
            "The user '"
                + name
                + "' is disabled (there is no 'on' modifier in the user description). Make sure"
                + " this is not a configuration error.");
      }
    }
    return true;
  }

  /** Whether the users live in a file of their own. */
  boolean hasFile() {
    return config.bytes(Parameters.ACLFILE).length > 0;
  }

  private AclFile read() {
    return new AclFile(config.get(Parameters.ACLFILE), this::newUser).read(config);
  }

  private void take(AclFile file) {
    users = new TreeMap<>(file.users());
    AclUser described = users.get(DEFAULT);
    defaultUser.become(described == null ? unrestricted() : described);
    users.put(DEFAULT, defaultUser);
  }

  /**
   * Takes the users of the file in place of those that there are, of whom the clients are closed,
   * but for the default user's.
   *
   * @throws CommandError when something is wrong with the file; nothing is changed
   */
  void reload(Session asking, Sessions sessions) {
    AclFile file = read();
    if (!file.errors().isEmpty()) {
      throw new CommandError("ERR " + file.errors());
    }
    Set<AclUser> gone = new HashSet<>(users.values());
    gone.remove(defaultUser);
    take(file);
    close(session -> gone.contains(session.user()) || hasForbidden(session), asking, sessions);
  }

  /**
   * Writes the file of users.
   *
   * @throws CommandError when it can't be; the log says why
   */
  void save() {
    List<String> lines = new ArrayList<>();
    for (AclUser user : users.values()) {
      lines.add("user " + user.line() + "\n");
    }
    try {
      config.replaceFile(Parameters.ACLFILE, ByteText.bytes(String.join("", lines)));
    } catch (IOException e) {
      log.warning("Writing ACL file for ACL SAVE: " + e.getMessage());
      throw new CommandError(
          "ERR There was an error trying to save the ACLs. Please check the server logs for more"
              + " information");
    }
  }

  /** What CONFIG REWRITE writes behind {@code user}: nothing when they live elsewhere. */
  private List<String> configLines() {
    List<String> lines = new ArrayList<>();
    if (!hasFile()) {
      users.values().forEach(user -> lines.add(user.line()));
    }
    return lines;
  }
}
