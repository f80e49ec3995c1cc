package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CommandTableTest {

  @Test
  void findsNamesWhateverTheirCase() {
    Random random = new Random(7);
    List<String> names = new ArrayList<>();
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder family = builder.family("server");
    for (int i = 0; i < 300; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = 1 + random.nextInt(20); length > 0; length--) {
        name.append((char) ('A' + random.nextInt(26)));
      }
      name.append('-').append(i);
      names.add(name.toString());
      family.command(name.toString(), call -> {});
    }
    CommandTable table = builder.build();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      assertThat(nameOf(table.find(Slice.of(name)))).isEqualTo(lower);
      assertThat(nameOf(table.find(Slice.of(lower)))).isEqualTo(lower);
      assertThat(table.find(Slice.of(name + "x"))).isNull();
      assertThat(table.find(Slice.of(name.substring(1) + "~"))).isNull();
      assertThat(table.find(Slice.of("\0" + name))).isNull();
    }
  }

  @Test
  void aNameInsideOtherBytesIsFound() {
    CommandTable.Builder builder = CommandTable.builder();
    builder.family("server").command("AZ-M", call -> {});
    CommandTable table = builder.build();
    byte[] bytes = "AZaz-mM[@aZ-M\r\n$5\r\nhello".getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at <= bytes.length - 4; at++) {
      String name = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
      boolean found = table.find(new Slice().set(bytes, at, 4)) != null;
      assertThat(found).as(name).isEqualTo(name.equalsIgnoreCase("az-m"));
    }
    for (int b = 0; b < 256; b++) {
      byte[] name = {(byte) b, 'z', '-', 'm', 0, 0, 0, 0};
      boolean found = table.find(new Slice().set(name, 0, 4)) != null;
      assertThat(found).isEqualTo(b == 'a' || b == 'A');
    }
  }

  @Test
  void namesThatDifferBehindTheEighthByteAreDifferent() {
    CommandTable.Builder builder = CommandTable.builder();
    builder.family("server").command("COMMANDNAMEONE", call -> {});
    CommandTable table = builder.build();
    assertThat(table.find(Slice.of("commandnameONE"))).isNotNull();
    assertThat(table.find(Slice.of("commandnameTWO"))).isNull();
  }

  @Test
  void whatMayReplicateIsWhatWritesOrSaysSo() {
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder family = builder.family("server");
    family.command("WRITING", call -> {}).flags(CommandFlag.WRITE);
    family.command("TELLING", call -> {}).mayReplicate();
    family.command("READING", call -> {}).flags(CommandFlag.READONLY);
    family.command("NOTHING", call -> {});
    List<Command> commands = builder.build().commands();
    assertThat(commands)
        .filteredOn(Command::mayReplicate)
        .extracting(Command::name)
        .containsExactlyInAnyOrder("writing", "telling");
    assertThat(commands)
        .filteredOn(command -> !command.touchesKeyspace())
        .extracting(Command::name)
        .containsExactly("nothing");
  }

  @Test
  void findsSubcommands() {
    CommandTable table = containers();
    Command client = table.commands().get(0);
    assertThat(table.find(Slice.of("client"))).isSameAs(client);
    assertThat(nameOf(table.findSubcommand(client, Slice.of("Id")))).isEqualTo("client|id");
    assertThat(table.findSubcommand(client, Slice.of("get"))).isNull();
    assertThat(nameOf(table.findFullName(Slice.of("CLIENT|iD")))).isEqualTo("client|id");
    assertThat(nameOf(table.findFullName(Slice.of("client")))).isEqualTo("client");
    assertThat(table.findFullName(Slice.of("get|id"))).isNull();
    assertThat(table.findFullName(Slice.of("client|id|x"))).isNull();
    assertThat(table.find(Slice.of("client|id"))).isNull();
  }

  @Test
  void numbersAreDense() {
    CommandTable table = containers();
    List<Integer> ids = new ArrayList<>();
    for (Command command : table.commands()) {
      ids.add(command.id());
      command.subcommands().forEach(subcommand -> ids.add(subcommand.id()));
    }
    assertThat(ids).containsExactly(0, 1, 2, 3);
    assertThat(table.count()).isEqualTo(4);
  }

  @Test
  void refusesAnotherOfTheSameName() {
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder family = builder.family("string");
    family.command("GET key", call -> {});
    assertThatThrownBy(() -> family.command("GET other", call -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("get");
  }

  @Test
  void categoriesFollowFromFamilyAndFlags() {
    CommandTable.Builder builder = CommandTable.builder();
    builder.family("list").command("A", call -> {}).flags(CommandFlag.WRITE, CommandFlag.FAST);
    builder.family("server").command("B", call -> {}).flags(CommandFlag.ADMIN);
    CommandTable table = builder.build();
    assertThat(categories(table.commands().get(0)))
        .containsExactly(AclCategory.WRITE, AclCategory.LIST, AclCategory.FAST);
    assertThat(categories(table.commands().get(1)))
        .containsExactly(AclCategory.ADMIN, AclCategory.SLOW, AclCategory.DANGEROUS);
  }

  private static List<AclCategory> categories(Command command) {
    return List.of(AclCategory.values()).stream().filter(command::in).toList();
  }

  private static CommandTable containers() {
    CommandTable.Builder builder = CommandTable.builder();
    FamilyBuilder connection = builder.family("connection");
    connection.container("CLIENT");
    connection.command("CLIENT|ID", call -> {});
    builder.family("string").command("GET key", call -> {});
    connection.command("CLIENT|INFO", call -> {});
    return builder.build();
  }

  private static String nameOf(@Nullable Command command) {
    return command == null ? "nothing" : command.fullName();
  }
}
