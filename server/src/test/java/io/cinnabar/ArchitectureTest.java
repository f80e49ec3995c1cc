package io.cinnabar;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;

/**
 * The walls between the packages. They stand in one order; each may use those before it and none
 * after it. Time, chance, files, threads and the network come from outside, through {@code host}.
 */
@AnalyzeClasses(packages = "io.cinnabar", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "io.cinnabar";
  private static final String HOST = "io.cinnabar.host..";
  private static final String ARENA = "io.cinnabar.arena..";
  private static final String STRUCTURE = "io.cinnabar.structure..";
  private static final String NET = "io.cinnabar.net..";

  /** Binds {@code host} to the machine. It stands beside the order: only the root uses it. */
  private static final String MACHINE = "io.cinnabar.machine..";

  /** From the ground up. */
  private static final List<String> ORDER =
      List.of(
          HOST,
          ARENA,
          STRUCTURE,
          "io.cinnabar.resp..",
          "io.cinnabar.value..",
          "io.cinnabar.keyspace..",
          "io.cinnabar.pubsub..",
          "io.cinnabar.tracking..",
          "io.cinnabar.command..",
          "io.cinnabar.family..",
          "io.cinnabar.loop..",
          "io.cinnabar.config..",
          "io.cinnabar.acl..",
          "io.cinnabar.persistence..",
          "io.cinnabar.replication..",
          NET,
          "io.cinnabar.observe..");

  private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("io.cinnabar..");

  @ArchTest
  static void eachPackageUsesOnlyThoseBeforeIt(JavaClasses classes) {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] allowed = ORDER.subList(0, i + 1).toArray(String[]::new);
      classes()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(not(OURS)))
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  /** A new package must be given its place in the order. */
  @ArchTest
  static void eachPackageHasItsPlace(JavaClasses classes) {
    classes()
        .should()
        .resideInAPackage(ROOT)
        .orShould()
        .resideInAPackage(MACHINE)
        .orShould()
        .resideInAnyPackage(ORDER.toArray(String[]::new))
        .check(classes);
  }

  @ArchTest
  static final ArchRule STRUCTURES_KNOW_ONLY_THE_ARENA =
      classes()
          .that()
          .resideInAPackage(STRUCTURE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(STRUCTURE, ARENA, "java..", "org.jspecify.annotations")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule MACHINE_KNOWS_ONLY_HOST =
      classes()
          .that()
          .resideInAPackage(MACHINE)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(MACHINE, HOST).or(not(OURS)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NETTY_STAYS_IN_NET =
      noClasses()
          .that()
          .resideOutsideOfPackage(NET)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule TIME_COMES_FROM_HOST = engine().should().accessTargetWhere(readsTheClock());

  @ArchTest
  static final ArchRule CHANCE_COMES_FROM_HOST = engine().should().accessTargetWhere(drawsLots());

  @ArchTest
  static final ArchRule THREADS_COME_FROM_HOST = engine().should().accessTargetWhere(runsThreads());

  @ArchTest
  static final ArchRule FILES_COME_FROM_HOST =
      engine()
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.nio.file..")
                  .or(
                      describe(
                          "are the files of java.io",
                          type ->
                              type.getPackageName().equals("java.io")
                                  && (type.getSimpleName().startsWith("File")
                                      || type.getSimpleName().equals("RandomAccessFile")))));

  @ArchTest
  static final ArchRule THE_NETWORK_COMES_FROM_HOST =
      engine()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.channels..", "javax.net..");

  /** All but the packages that touch the machine: the rules that start here are prohibitions. */
  private static GivenClassesConjunction engine() {
    return noClasses().that().resideOutsideOfPackages(ROOT, NET, MACHINE);
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
    return target(
        "reads the JDK's clock",
        (owner, member) ->
            switch (owner) {
              case "java.lang.System" ->
                  member.equals("currentTimeMillis") || member.equals("nanoTime");
              case "java.time.InstantSource" -> member.equals("system");
              case "java.time.Clock" -> true;
              case "java.util.Date", "java.util.GregorianCalendar" -> member.equals("<init>");
              case "java.util.Calendar" -> member.equals("getInstance");
              default -> owner.startsWith("java.time.") && member.equals("now");
            });
  }

  private static DescribedPredicate<JavaAccess<?>> drawsLots() {
    return target(
        "draws from the JDK's randomness",
        (owner, member) ->
            switch (owner) {
              case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
              case "java.util.Random", "java.util.SplittableRandom" -> member.equals("<init>");
              case "java.util.UUID" -> member.equals("randomUUID");
              case "java.util.Collections" -> member.equals("shuffle");
              case "java.util.random.RandomGenerator" ->
                  member.equals("getDefault") || member.equals("of");
              case "java.util.random.RandomGeneratorFactory",
                  "java.util.concurrent.ThreadLocalRandom",
                  "java.security.SecureRandom" ->
                  true;
              default -> false;
            });
  }

  private static DescribedPredicate<JavaAccess<?>> runsThreads() {
    Set<String> threadMembers =
        Set.of(
            "<init>",
            "start",
            "sleep",
            "onSpinWait",
            "yield",
            "startVirtualThread",
            "ofVirtual",
            "ofPlatform");
    return target(
        "starts, parks or schedules a thread",
        (owner, member) ->
            switch (owner) {
              case "java.lang.Thread" -> threadMembers.contains(member);
              case "java.lang.Object" -> member.equals("wait");
              case "java.util.Timer",
                  "java.util.concurrent.Executors",
                  "java.util.concurrent.CompletableFuture",
                  "java.util.concurrent.ForkJoinPool",
                  "java.util.concurrent.ThreadPoolExecutor",
                  "java.util.concurrent.ScheduledThreadPoolExecutor",
                  "java.util.concurrent.locks.LockSupport" ->
                  true;
              default -> member.equals("parallelStream");
            });
  }

  /** Sees calls, constructors and method references alike. */
  private static DescribedPredicate<JavaAccess<?>> target(String description, Forbidden forbidden) {
    return describe(
        description,
        access -> {
          AccessTarget target = access.getTarget();
          return forbidden.test(target.getOwner().getName(), target.getName());
        });
  }

  /** Judges a member by the name of the class it was accessed through, and its own. */
  private interface Forbidden {
    boolean test(String owner, String member);
  }
}
