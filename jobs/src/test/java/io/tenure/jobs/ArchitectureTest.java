package io.tenure.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.tenure.common.table.SparkSchema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tenure");

  private static final String[] SPARK = {"org.apache.spark..", "org.apache.hadoop..", "scala.."};

  private static final ArchRule KNOW_NO_SPARK =
      noClasses().should().dependOnClassesThat().resideInAnyPackage(SPARK);

  /** What makes a run depend on when and where it runs, by class. */
  private static final Map<String, Set<String>> SURROUNDINGS =
      Map.of(
          "java.lang.System",
              Set.of(
                  "currentTimeMillis",
                  "nanoTime",
                  "getenv",
                  "getProperty",
                  "getProperties",
                  "setProperty",
                  "exit"),
          "java.lang.Runtime", Set.of("exit", "halt"),
          "java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone"),
          "java.time.ZoneId", Set.of("systemDefault"),
          "java.util.TimeZone", Set.of("getDefault", "setDefault"));

  private static final Set<String> CLOCKS =
      Set.of(
          "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.LocalTime",
          "java.time.OffsetDateTime",
          "java.time.Year",
          "java.time.YearMonth",
          "java.time.ZonedDateTime");

  private static final ArchRule SURROUNDINGS_ARE_FOR_COMMANDS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tenure.jobs.command..")
          .and()
          .doNotHaveFullyQualifiedName(Tenure.class.getName())
          .should(
              accessTargetWhere(describe("clock, environment or exit", ArchitectureTest::asks)));

  private static final ArchRule NAMES_SAY_SOMETHING =
      noClasses()
          .should()
          .haveNameMatching(".*[.$](\\w*(Util|Utils|Helper|Helpers|Manager|Impl)|Base[A-Z]\\w*)");

  private static final DescribedPredicate<JavaClass> JUDGED =
      describe(
          "judged rows or the reason of a verdict",
          type ->
              type.getBaseComponentType()
                  .getName()
                  .matches("io\\.tenure\\.jobs\\.read\\.(Reason|Judged)(\\$.*)?"));

  private static JavaClass outermost(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return element.getEnclosingClass().map(ArchitectureTest::outermost).orElse(element);
  }

  private static boolean asks(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return SURROUNDINGS.getOrDefault(owner, Set.of()).contains(name)
        || (CLOCKS.contains(owner) && name.equals("now"))
        || access.getTarget().getFullName().equals("java.util.Date.<init>()");
  }

  @Test
  void jobs_know_common_and_common_does_not_know_jobs() {
    noClasses()
        .that()
        .resideInAPackage("io.tenure.common..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.tenure.jobs..")
        .check(CLASSES);
  }

  @Test
  void calendar_histories_config_and_contracts_know_no_spark() {
    for (String room : List.of("calendar", "history", "config", "table")) {
      KNOW_NO_SPARK.check(
          CLASSES.that(
              resideInAPackage("io.tenure.common." + room + "..")
                  .and(not(equivalentTo(SparkSchema.class)))));
    }
  }

  @Test
  void a_metric_knows_no_spark() {
    KNOW_NO_SPARK.check(CLASSES.that(resideInAPackage("io.tenure.jobs.metric..")));
  }

  /**
   * Every package below {@code io.tenure.jobs} is a room, also one that is new. Judged rows and the
   * reasons of verdicts are what reading hands to folding, and computing is what metrics are for.
   */
  @Test
  void rooms_do_not_know_one_another() {
    slices()
        .matching("io.tenure.jobs.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(resideInAPackage("io.tenure.jobs.command.."), any())
        .ignoreDependency(resideInAPackage("io.tenure.jobs.fold.."), JUDGED)
        .ignoreDependency(
            resideInAPackage("io.tenure.jobs.compute.."),
            resideInAPackage("io.tenure.jobs.metric.."))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> any() {
    return DescribedPredicate.alwaysTrue();
  }

  @Test
  void only_publishing_to_postgresql_knows_its_driver() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tenure.jobs.publish.postgresql..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.postgresql..", "java.sql..")
        .check(CLASSES);
  }

  @Test
  void no_room_knows_who_commands_it() {
    noClasses()
        .that()
        .resideInAPackage("io.tenure.jobs.*..")
        .and()
        .resideOutsideOfPackage("io.tenure.jobs.command..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Tenure.class.getName())
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("io.tenure.jobs.command..")
        .check(CLASSES);
  }

  @Test
  void nothing_below_the_commands_asks_for_the_time_the_environment_or_an_exit() {
    SURROUNDINGS_ARE_FOR_COMMANDS.check(CLASSES);
  }

  @Test
  void a_name_says_what_a_class_is() {
    NAMES_SAY_SOMETHING.check(CLASSES);
  }

  @Test
  void the_rules_find_what_they_forbid() {
    for (Class<?> offender :
        List.of(
            AsksForTheDay.class, HandsOnTheClock.class, ReadsTheEnvironment.class, Exits.class)) {
      assertThat(breaks(SURROUNDINGS_ARE_FOR_COMMANDS, offender)).as(offender.getName()).isTrue();
    }
    assertThat(breaks(KNOW_NO_SPARK, SparkSchema.class)).isTrue();
    assertThat(breaks(KNOW_NO_SPARK, RowHelper.class)).isFalse();
    assertThat(breaks(SURROUNDINGS_ARE_FOR_COMMANDS, RowHelper.class)).isFalse();
    assertThat(breaks(NAMES_SAY_SOMETHING, RowHelper.class)).isTrue();
    assertThat(breaks(NAMES_SAY_SOMETHING, BaseRow.class)).isTrue();
    assertThat(breaks(NAMES_SAY_SOMETHING, Exits.class)).isFalse();
  }

  private static boolean breaks(ArchRule rule, Class<?> offender) {
    return rule.evaluate(new ClassFileImporter().importClasses(offender)).hasViolation();
  }

  private static final class AsksForTheDay {
    LocalDate day() {
      return LocalDate.now();
    }
  }

  private static final class HandsOnTheClock {
    Supplier<Instant> clock() {
      return Instant::now;
    }
  }

  private static final class ReadsTheEnvironment {
    String home() {
      return System.getenv("HOME");
    }
  }

  private static final class Exits {
    void end() {
      System.exit(1);
    }
  }

  private static final class RowHelper {}

  private static final class BaseRow {}
}
