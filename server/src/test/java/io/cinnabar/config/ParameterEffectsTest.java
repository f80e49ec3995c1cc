package io.cinnabar.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cinnabar.config.Parameter.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the declarations say of a parameter's effect is so, and docs/configuration.md says it. */
final class ParameterEffectsTest {

  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  private static final Map<Effect, String> SECTIONS =
      Map.of(
          Effect.ACTS, "What acts",
          Effect.NOT_YET, "What has no effect yet",
          Effect.ONLY_DEFAULT, "What is refused",
          Effect.NEVER, "What means nothing in a JVM");

  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** A parameter acts if somebody asks for its value, which takes its constant. */
  @Test
  void whatActsIsReadAndNothingElse() {
    TreeSet<String> read = new TreeSet<>();
    TreeSet<String> declared = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.cinnabar")) {
      for (JavaField field : type.getFields()) {
        if (field.getRawType().isAssignableTo(Parameter.class) && type.isTopLevelClass()) {
          String name = parameterName(field);
          declared.add(name);
          if (field.getAccessesToSelf().stream()
              .anyMatch(access -> !access.getOriginOwner().equals(type))) {
            read.add(name);
          }
        }
      }
    }

    assertThat(declared).hasSameSizeAs(Parameters.all());
    assertThat(read).containsExactlyInAnyOrderElementsOf(names(Effect.ACTS));
  }

  @Test
  void thePageListsEachByItsEffect() throws IOException {
    String page = Files.readString(PAGE);
    SECTIONS.forEach(
        (effect, heading) ->
            assertThat(firstColumn(page, heading))
                .as("%s: %s", PAGE, heading)
                .containsExactlyInAnyOrderElementsOf(names(effect)));
  }

  @Test
  void thePageListsThoseWithAnOldName() throws IOException {
    TreeSet<String> renamed = new TreeSet<>();
    for (Parameter parameter : Parameters.all()) {
      if (parameter.formerName() != null) {
        renamed.add(parameter.name());
      }
    }

    assertThat(firstColumn(Files.readString(PAGE), "Old names"))
        .containsExactlyInAnyOrderElementsOf(renamed);
  }

  private static String parameterName(JavaField constant) {
    String name = constant.getName().toLowerCase(Locale.ROOT);
    Parameter hyphenated = Parameters.find(name.replace('_', '-'));
    // the lists of processors are the only ones with underscores
    Parameter parameter = hyphenated == null ? Parameters.find(name) : hyphenated;
    return Objects.requireNonNull(parameter, constant.getFullName()).name();
  }

  private static Set<String> names(Effect effect) {
    TreeSet<String> names = new TreeSet<>();
    for (Parameter parameter : Parameters.all()) {
      if (parameter.effect() == effect) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  /** The names in the first column of the section's table, each as often as it is there. */
  private static List<String> firstColumn(String page, String heading) {
    int start = page.indexOf("\n## " + heading + "\n");
    assertThat(start).as(heading).isPositive();
    int end = page.indexOf("\n## ", start + 1);
    List<String> names = new ArrayList<>();
    for (String line : page.substring(start, end < 0 ? page.length() : end).split("\n", -1)) {
      if (line.startsWith("| `")) {
        Matcher name = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
        while (name.find()) {
          names.add(name.group(1));
        }
      }
    }
    return names;
  }
}
