package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random rules for a user, and random commands of which both servers say whether that user may run
 * them. Half of the rules are wrong in some way; they have to be refused alike.
 */
final class AclDifferentialTest {

  private static final int USERS = 1_500;
  private static final int COMMANDS = 40;

  private static final Comparison DENIAL = Comparison.EXACT.with("denial");

  private static final List<String> COMMANDS_OF_RULES =
      List.of(
          "get",
          "set",
          "del",
          "mget",
          "mset",
          "sort",
          "lmove",
          "object",
          "object|encoding",
          "config",
          "config|get",
          "CONFIG|SET",
          "client|id",
          "select|0",
          "select|1",
          "getex",
          "sunionstore",
          "zadd",
          "xadd",
          "xread",
          "hset",
          "select",
          "debug|x",
          "ping",
          "nosuch",
          "config|nosuch",
          "config|get|x",
          "get|",
          "memory|usage",
          "geoadd",
          "copy",
          "rename");

  private static final List<String> CATEGORIES =
      List.of(
          "all",
          "keyspace",
          "read",
          "write",
          "set",
          "sortedset",
          "list",
          "hash",
          "string",
          "bitmap",
          "hyperloglog",
          "geo",
          "stream",
          "ADMIN",
          "fast",
          "Slow",
          "blocking",
          "dangerous",
          "connection",
          "nosuch",
          "");

  private static final List<String> PATTERNS =
      List.of("*", "k*", "key:*", "?*", "[a-z]*", "*1", "*[0-5]", "k[^1]", "", "a\\*b*", "a b");

  private static final List<String> WORDS =
      List.of(
          "on",
          "off",
          "allkeys",
          "resetkeys",
          "allcommands",
          "nocommands",
          "reset",
          "clearselectors",
          "resetchannels",
          "allchannels",
          "nopass",
          "resetpass",
          "nosuch",
          "");

  private static final List<String> CONTAINERS =
      List.of(
          "CONFIG GET x",
          "CONFIG SET x y",
          "CONFIG HELP",
          "CONFIG",
          "SELECT 0",
          "SELECT 1",
          "SELECT 2",
          "CLIENT ID",
          "CLIENT KILL x",
          "OBJECT ENCODING k1",
          "OBJECT HELP",
          "PING",
          "HELLO",
          "AUTH x",
          "ACL WHOAMI",
          "DEBUG X",
          "MEMORY USAGE k1",
          "CONFIG NOSUCH",
          "GETEX k");

  /**
   * A number of keys that is no number is 0 or something else to the function that looks for keys,
   * while the command itself refuses it.
   */
  private static final Pattern NUMBERED =
      Pattern.compile("(?i)B?[LZ]MPOP|SINTERCARD|Z(UNION|INTER|DIFF)(STORE|CARD)?");

  private static final Pattern NO_NUMBER =
      Pattern.compile("(?s)[\\s+-]*\\d+\\D.*|[\\s+-]+\\d.*|0.+");

  private final SplittableRandom random;

  AclDifferentialTest() {
    long seed = Seed.of(AclDifferentialTest.class);
    System.out.println("random rules, " + Seed.option(seed));
    random = new SplittableRandom(seed);
  }

  @Test
  void bothServersForbidTheSame() throws IOException {
    Grammar grammar = Grammar.load("commands.grammar");
    try (RespClient reference = RespClient.connect(RealRedis.shared());
        RespClient subject = RespClient.connect(SubjectUnderTest.shared())) {
      for (int i = 0; i < USERS; i++) {
        List<String> rules = rules();
        CommandGenerator generator = new CommandGenerator(grammar, random);
        List<Invocation> commands = generator.generate(COMMANDS);
        call(reference, subject, rules, new Command(setUser(List.of("reset"))));
        call(reference, subject, rules, new Command(setUser(rules)));
        for (int j = 0; j < COMMANDS; j++) {
          List<String> dryRun = new ArrayList<>(List.of("ACL", "DRYRUN", "tested"));
          dryRun.addAll(
              j % 4 == 0
                  ? List.of(one(CONTAINERS).split(" "))
                  : commands.get(j).command().arguments());
          // An older server names a key only up to its first NUL.
          dryRun.replaceAll(word -> word.replace('\0', '0'));
          if (!isMisnumbered(dryRun.subList(3, dryRun.size()))) {
            call(reference, subject, rules, new Command(dryRun));
          }
        }
      }
      reference.call(Command.of("ACL", "DELUSER", "tested"));
      subject.call(Command.of("ACL", "DELUSER", "tested"));
    }
  }

  private static boolean isMisnumbered(List<String> command) {
    return NUMBERED.matcher(command.get(0)).matches()
        && command.stream().anyMatch(word -> NO_NUMBER.matcher(word).matches());
  }

  private static void call(
      RespClient reference, RespClient subject, List<String> rules, Command command) {
    Frame expected = reference.call(command);
    Frame actual = subject.call(command);
    assertThat(DENIAL.matches(expected, actual))
        .as("%s: %s, not %s, after %s", command, actual.reply(), expected.reply(), rules)
        .isTrue();
  }

  private static List<String> setUser(List<String> rules) {
    List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", "tested"));
    words.addAll(rules);
    return words;
  }

  private List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (int count = random.nextInt(1, 9); count > 0; count--) {
      rules.add(rule());
    }
    if (random.nextInt(40) == 0) {
      rules.add("(" + simpleRule());
    }
    return rules;
  }

  private String rule() {
    return switch (random.nextInt(20)) {
      case 0 -> one(WORDS);
      case 1, 2 -> selector();
      default -> simpleRule();
    };
  }

  private String selector() {
    List<String> rules = new ArrayList<>();
    for (int count = random.nextInt(5); count > 0; count--) {
      rules.add(simpleRule());
    }
    return "(" + String.join(" ", rules) + ")";
  }

  private String simpleRule() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> "+@" + one(CATEGORIES);
      case 2 -> "-@" + one(CATEGORIES);
      case 3, 4, 5 -> "+" + one(COMMANDS_OF_RULES);
      case 6 -> "-" + one(COMMANDS_OF_RULES);
      case 7, 8 -> "~" + one(PATTERNS);
      case 9 -> "%R~" + one(PATTERNS);
      case 10 -> "%W~" + one(PATTERNS);
      default -> "%rw~" + one(PATTERNS);
    };
  }

  private String one(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
