package io.cinnabar.acl;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.Denial;
import io.cinnabar.command.User;
import io.cinnabar.resp.InlineSplitter;
import io.cinnabar.resp.ProtocolException;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user: how to log in as it, and what it may do then. The first selector is what the user's own
 * rules say; each rule in parentheses adds one more.
 */
final class AclUser extends User {

  private final Vocabulary vocabulary;
  private final PermissionCheck check;
  private Passwords passwords = new Passwords();
  private List<Selector> selectors = new ArrayList<>();
  private boolean enabled;
  private boolean passwordless;
  private boolean sanitizing = true;

  /**
   * A disabled user who may do nothing.
   *
   * @param name byte text
   * @param check shared by all users
   */
  AclUser(String name, Vocabulary vocabulary, PermissionCheck check) {
    super(ByteText.bytes(name));
    this.vocabulary = vocabulary;
    this.check = check;
    selectors.add(new Selector(vocabulary));
  }

  /** A user of the same name and rules, to try further rules on. */
  AclUser copy() {
    AclUser copy = new AclUser(nameText(), vocabulary, check);
    copy.become(this);
    return copy;
  }

  /** Takes on the rules of another. */
  void become(AclUser other) {
    passwords = new Passwords(other.passwords);
    selectors = new ArrayList<>();
    other.selectors.forEach(selector -> selectors.add(new Selector(selector)));
    enabled = other.enabled;
    passwordless = other.passwordless;
    sanitizing = other.sanitizing;
    refresh();
  }

  private void refresh() {
    unrestricted(selectors.stream().anyMatch(Selector::isUnrestricted));
  }

  // ---- what it may do

  @Override
  public boolean isPasswordless() {
    return passwordless;
  }

  @Override
  public boolean isEnabled() {
    return enabled;
  }

  /** Whether this is its password; the hash is computed whether it has one or not. */
  boolean accepts(Slice password) {
    boolean known = passwords.contain(password);
    return enabled && (passwordless || known);
  }

  @Override
  public @Nullable Denial check(Command command, CommandArguments arguments) {
    check.begin();
    for (int i = 0; i < selectors.size(); i++) {
      if (selectors.get(i).permits(command, arguments, check)) {
        return null;
      }
    }
    return check.denial();
  }

  @Override
  public boolean mayUseChannel(Slice channel, boolean isPattern) {
    for (int i = 0; i < selectors.size(); i++) {
      if (selectors.get(i).allowsChannel(channel, isPattern)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean mayReadAllKeys(Command command, CommandArguments arguments) {
    check.begin();
    for (Selector selector : selectors) {
      if (selector.permits(command, arguments, check) && selector.allowsReadingAllKeys()) {
        return true;
      }
    }
    return false;
  }

  // ---- rules

  /** Changes the user as one rule says, byte text. */
  void apply(String rule) throws AclException {
    switch (ByteText.lowerCase(ByteText.word(rule))) {
      case "on" -> enabled = true;
      case "off" -> enabled = false;
      case "sanitize-payload" -> sanitizing = true;
      case "skip-sanitize-payload" -> sanitizing = false;
      case "nopass" -> passwordless(true);
      case "resetpass" -> passwordless(false);
      case "clearselectors" -> selectors.subList(1, selectors.size()).clear();
      case "reset" -> reset();
      default -> applyNamed(rule);
    }
    refresh();
  }

  private void passwordless(boolean yes) {
    passwordless = yes;
    passwords.clear();
  }

  private void reset() {
    passwordless(false);
    enabled = false;
    sanitizing = true;
    selectors.clear();
    selectors.add(new Selector(vocabulary));
  }

  private void applyNamed(String rule) throws AclException {
    if (rule.isEmpty()) {
      return;
    }
    String rest = rule.substring(1);
    switch (rule.charAt(0)) {
      case '>' -> add(Passwords.hash(ByteText.bytes(rest)));
      case '#' -> add(Passwords.checked(rest));
      case '<' -> passwords.remove(Passwords.hash(ByteText.bytes(rest)));
      case '!' -> passwords.remove(Passwords.checked(rest));
      case '(' -> addSelector(rule);
      default -> selectors.get(0).apply(rule);
    }
  }

  private void add(String hash) {
    passwords.add(hash);
    passwordless = false;
  }

  private void addSelector(String rule) throws AclException {
    if (!rule.endsWith(")")) {
      selectors.get(0).apply(rule); // which says what is wrong
      return;
    }
    Selector selector = new Selector(vocabulary);
    for (String each : words(ByteText.word(rule.substring(1, rule.length() - 1)))) {
      selector.apply(each);
    }
    selectors.add(selector);
  }

  /** None where a quote is not closed. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    try {
      for (byte[] word : InlineSplitter.words(ByteText.bytes(text))) {
        words.add(ByteText.of(word));
      }
    } catch (ProtocolException unbalanced) {
      return List.of();
    }
    return words;
  }

  // ---- as others see it

  /** The rules that are on or off. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add(enabled ? "on" : "off");
    if (passwordless) {
      flags.add("nopass");
    }
    flags.add(sanitizing ? "sanitize-payload" : "skip-sanitize-payload");
    return flags;
  }

  List<String> passwordHashes() {
    return passwords.hashes();
  }

  /** The user's own first; at least that one. */
  List<Selector> selectors() {
    return selectors;
  }

  /** Name and rules, as a line in a file of users has them behind {@code user}; byte text. */
  String line() {
    StringBuilder line = new StringBuilder(nameText());
    for (String flag : flags()) {
      line.append(' ').append(flag);
    }
    for (String hash : passwords.hashes()) {
      line.append(" #").append(hash);
    }
    line.append(' ').append(selectors.get(0).text());
    for (Selector selector : selectors.subList(1, selectors.size())) {
      line.append(" (").append(selector.text()).append(')');
    }
    return line.toString();
  }
}
