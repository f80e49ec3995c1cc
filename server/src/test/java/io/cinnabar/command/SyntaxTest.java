package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PING; 1",
        "GET key; 2",
        "PING [message]; -1",
        "DEL key...; -2",
        "CLIENT|ID; 2",
        "CLIENT|SETNAME connection-name; 3",
        "SCAN cursor:integer [MATCH pattern] [COUNT count:integer]; -2",
        "MSET data:<key value>...; -3",
        "LMOVE source:key destination:key wherefrom:LEFT|RIGHT whereto:LEFT|RIGHT; 5",
        "C attr:(LIB-NAME libname | LIB-VER libver); 3",
        "C what:(ONE | TWO value); -2",
        "C [group:<one two>]; -1",
        "C BY weight:double; 3",
        "C TOKEN; 2",
        "C GET... pattern; -3",
      })
  void arityFollows(String syntax, int arity) {
    assertThat(Syntax.parse(syntax).arity()).isEqualTo(arity);
  }

  @Test
  void nameIsInLowerCase() {
    assertThat(Syntax.name("CLIENT|NO-TOUCH enabled:(ON | OFF)")).isEqualTo("client|no-touch");
  }

  @Test
  void plainArguments() {
    List<Argument> arguments =
        parse("C key name count:integer weight:double at:unix-time p:pattern");
    assertThat(arguments)
        .extracting(Argument::name)
        .containsExactly("key", "name", "count", "weight", "at", "p");
    assertThat(arguments)
        .extracting(Argument::type)
        .containsExactly(
            ArgumentType.KEY,
            ArgumentType.STRING,
            ArgumentType.INTEGER,
            ArgumentType.DOUBLE,
            ArgumentType.UNIX_TIME,
            ArgumentType.PATTERN);
    assertThat(arguments)
        .extracting(Argument::displayText)
        .containsExactly("key", "name", "count", "weight", "at", "p");
  }

  @Test
  void displayTextMayDiffer() {
    Argument argument = parse("C [ADDR addr=ip:port@6.2.0]").get(0);
    assertThat(argument.name()).isEqualTo("addr");
    assertThat(argument.displayText()).isEqualTo("ip:port");
    assertThat(argument.type()).isEqualTo(ArgumentType.STRING);
    assertThat(argument.token()).isEqualTo("ADDR");
    assertThat(argument.since()).isEqualTo("6.2.0");
    assertThat(argument.flags()).containsExactly("optional");
  }

  @Test
  void tokens() {
    List<Argument> arguments = parse("C [REPLACE] [equal:'='] [pick:MAXLEN|MINID] id:'$'");
    assertThat(arguments)
        .extracting(Argument::name)
        .containsExactly("replace", "equal", "pick", "id");
    assertThat(arguments).extracting(Argument::token).containsExactly("REPLACE", "=", null, "$");
    assertThat(arguments.get(2).children())
        .extracting(Argument::token)
        .containsExactly("MAXLEN", "MINID");
  }

  @Test
  void unnamedChoiceOfWordsIsNamedByThem() {
    assertThat(parse("C LEFT|RIGHT").get(0).name()).isEqualTo("left_right");
  }

  @Test
  void repetitions() {
    List<Argument> arguments = parse("C [GET... pattern] [ID client-id:integer...@6.2.0]");
    assertThat(arguments.get(0).flags()).containsExactly("optional", "multiple", "multiple_token");
    assertThat(arguments.get(1).flags()).containsExactly("optional", "multiple");
    assertThat(arguments.get(1).since()).isEqualTo("6.2.0");
  }

  @Test
  void versionsOfGroups() {
    Argument choice = parse("C filter:(old@..2.8.12 | new:([ID id] | [NAME name])...)").get(0);
    assertThat(choice.children().get(0).since()).isNull();
    assertThat(choice.children().get(0).deprecatedSince()).isEqualTo("2.8.12");
    assertThat(choice.children().get(1).multiple()).isTrue();
    assertThat(choice.children().get(1).children())
        .extracting(Argument::optional)
        .containsExactly(true, true);
    assertThat(parse("C [condition:(NX | XX)@2.6.12]").get(0).since()).isEqualTo("2.6.12");
  }

  @Test
  void keysBelongToTheirSpecifications() {
    assertThat(Syntax.parse("C one:key two:key").arguments(2))
        .extracting(Argument::keySpecIndex)
        .containsExactly(0, 1);
    assertThat(Syntax.parse("C one:key two:key").arguments(1))
        .extracting(Argument::keySpecIndex)
        .containsExactly(0, 0);
    assertThat(Syntax.parse("C key [BY by-pattern:pattern#1] value").arguments(2))
        .extracting(Argument::keySpecIndex)
        .containsExactly(0, 1, -1);
    assertThat(Syntax.parse("C data:<key value>...").arguments(1).get(0).children())
        .extracting(Argument::keySpecIndex)
        .containsExactly(0, -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C [key",
        "C pick:(NX | XX",
        "C data:<key value",
        "C pick:NX|XX@2.6.12",
        "C LEFT|right",
        "C :integer",
        "C key@1.0.0...",
      })
  void whatIsNotInTheLanguageIsRefused(String syntax) {
    assertThatThrownBy(() -> Syntax.parse(syntax))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(syntax);
  }

  private static List<Argument> parse(String syntax) {
    return Syntax.parse(syntax).arguments(1);
  }
}
