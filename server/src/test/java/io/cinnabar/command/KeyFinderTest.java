package io.cinnabar.command;

import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.INCOMPLETE;
import static io.cinnabar.command.KeyFlag.NOT_KEY;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.UPDATE;
import static io.cinnabar.command.KeyFlag.VARIABLE_FLAGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Where each kind of key specification finds keys: the answers are those of COMMAND GETKEYS. */
final class KeyFinderTest {

  @Test
  void oneKey() {
    assertThat(keys(command -> command.key(1, RO), "c a b")).isEqualTo("1");
  }

  @Test
  void everySecondToTheEnd() {
    assertThat(keys(command -> command.keys(1, -1, 2, OW), "c a 1 b 2")).isEqualTo("1 3");
  }

  @Test
  void toTheLastButOne() {
    assertThat(keys(command -> command.keys(1, -2, 1, RO), "blpop a b 0")).isEqualTo("1 2");
  }

  @Test
  void asManyAsANumberSays() {
    Consumer<CommandBuilder> counted = command -> command.keyCount(2, RO);
    assertThat(keys(counted, "eval script 2 a b x")).isEqualTo("3 4");
    assertThat(keys(counted, "eval script 0 a")).isEqualTo("none");
    assertThat(keys(counted, "eval script 3 a b")).isEqualTo("none");
    assertThat(keys(counted, "eval script x a b")).isEqualTo("none");
    assertThat(keys(counted, "eval script 99999999999999999999 a b")).isEqualTo("none");
  }

  @Test
  void halfOfWhatFollowsAKeyword() {
    Consumer<CommandBuilder> streams = command -> command.keysAfter("STREAMS", 1, 2, RO);
    assertThat(keys(streams, "xread count 1 streams a b 0 0")).isEqualTo("4 5");
    assertThat(keys(streams, "xread count 1 x")).isEmpty();
  }

  @Test
  void aKeywordLookedForFromTheEnd() {
    Consumer<CommandBuilder> migrate = command -> command.keysAfter("KEYS", -2, 0, RO).key(3, RO);
    assertThat(keys(migrate, "migrate h 1 a 0 10 keys b c")).isEqualTo("7 8 3");
  }

  @Test
  void whatIsOnlyRoutedLikeAKeyIsNone() {
    assertThat(keys(command -> command.key(1, NOT_KEY).key(2, RO), "c a b")).isEqualTo("2");
  }

  @Test
  void aFinderIsAskedWhereFlagsVary() {
    int flags = KeyFlag.setOf(OW, UPDATE);
    KeyFinder finder =
        (arguments, keys) -> {
          keys.add(1, flags);
          return true;
        };
    Command command = declare(builder -> builder.key(1, RO, VARIABLE_FLAGS).keyFinder(finder));
    KeyPositions found = new KeyPositions();
    assertThat(command.findKeys(words("c a"), found)).isTrue();
    assertThat(found.flags(0)).isEqualTo(flags);
    assertThat(OW.in(found.flags(0))).isTrue();
    assertThat(ACCESS.in(found.flags(0))).isFalse();
  }

  @Test
  void aFinderIsAskedWhereSpecificationsAreIncomplete() {
    KeyFinder finder =
        (arguments, keys) -> {
          keys.add(2, 0);
          return true;
        };
    assertThat(keys(command -> command.key(1, RO, INCOMPLETE).keyFinder(finder), "c a b"))
        .isEqualTo("2");
    assertThat(keys(command -> command.key(1, RO).unknownKeys(OW).keyFinder(finder), "c a b"))
        .isEqualTo("2");
  }

  @Test
  void manyKeys() {
    String line = "c" + " k".repeat(1000);
    Command command = declare(builder -> builder.keys(1, -1, 1, RO));
    KeyPositions found = new KeyPositions();
    assertThat(command.findKeys(words(line), found)).isTrue();
    assertThat(found.count()).isEqualTo(1000);
    assertThat(found.index(999)).isEqualTo(1000);
  }

  private static String keys(Consumer<CommandBuilder> declaration, String line) {
    KeyPositions found = new KeyPositions();
    if (!declare(declaration).findKeys(words(line), found)) {
      return "none";
    }
    List<String> indexes = new ArrayList<>();
    for (int i = 0; i < found.count(); i++) {
      indexes.add(String.valueOf(found.index(i)));
    }
    return String.join(" ", indexes);
  }

  private static Command declare(Consumer<CommandBuilder> declaration) {
    CommandTable.Builder table = CommandTable.builder();
    declaration.accept(table.family("server").command("C", call -> {}));
    return table.build().commands().get(0);
  }

  private static CommandArguments words(String line) {
    List<Slice> words = List.of(line.split(" ")).stream().map(Slice::of).toList();
    return new CommandArguments() {
      @Override
      public int argCount() {
        return words.size();
      }

      @Override
      public Slice arg(int index) {
        return words.get(index);
      }
    };
  }
}
