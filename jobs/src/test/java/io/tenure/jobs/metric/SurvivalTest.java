package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SurvivalTest {
  private static final TenureConfig SEVEN_DAYS = TestLog.config("churn: {inactive-days: 7}");

  @Test
  void a_user_lives_from_birth_to_the_churn_day_and_one_alive_to_the_end_of_the_as_of_day() {
    // ann churns on 9 January, 8 days after birth; bob, born on the 10th, has 8 full days behind
    // him when the 17th is over, of which 7 silent: he churns on the 18th, known by then.
    // eve, born on the 11th, is alive with 7 days.
    List<Map<String, Object>> days =
        days(
            TestLog.of(
                """
                user | time
                ann  | 2024-01-01
                bob  | 2024-01-10
                eve  | 2024-01-11
                """),
            "2024-01-17");

    assertThat(TestLog.column(days, "tenure", row -> true))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(days.get(7))
        .containsEntry("at_risk", 3L)
        .containsEntry("churned", 0L)
        .containsEntry("censored", 1L)
        .containsEntry("survival", 1.0);
    assertThat(days.get(8))
        .containsEntry("at_risk", 2L)
        .containsEntry("churned", 2L)
        .containsEntry("churned_in_complete_months", 0L)
        .containsEntry("survival", 0.0)
        .containsEntry("std_err", null)
        .containsEntry("ci_low", null);
  }

  @Test
  void only_the_first_spell_counts() {
    List<Map<String, Object>> days =
        days(
            TestLog.of(
                """
                user | time
                ann  | 2024-01-01
                ann  | 2024-01-20   # comes back, and stays away again
                """),
            "2024-03-01");

    assertThat(TestLog.column(days, "churned", row -> !row.get("churned").equals(0L)))
        .containsExactly(1L);
    assertThat(days).hasSize(9);
  }

  @Test
  void churns_come_before_censorings_of_the_same_tenure() {
    // Both have a tenure of 8 days; ann churned, bob was active on his last day.
    List<Map<String, Object>> days =
        days(
            TestLog.of(
                """
                user | time
                ann  | 2024-01-01
                bob  | 2024-01-04
                bob  | 2024-01-11
                """),
            "2024-01-11");

    assertThat(days.get(8))
        .containsEntry("at_risk", 2L)
        .containsEntry("churned", 1L)
        .containsEntry("censored", 1L)
        .containsEntry("survival", 0.5);
  }

  @Test
  void stages_are_lived_through_in_whole_months() {
    // Two are gone in their first month, two stay to the as-of day, 4 months after birth.
    StringBuilder log = new StringBuilder("user | time\nann | 2024-01-15\nbob | 2024-01-15\n");
    for (LocalDate day = LocalDate.parse("2024-01-15");
        day.isBefore(LocalDate.parse("2024-05-20"));
        day = day.plusDays(7)) {
      log.append("dan | %s\neve | %s\n".formatted(day, day));
    }
    List<Map<String, Object>> stages =
        TestLog.of(log.toString()).table("survival_by_stage", SEVEN_DAYS, "2024-05-19").stream()
            .filter(row -> row.get("tenure_unit").equals("month"))
            .toList();

    assertThat(TestLog.column(stages, "stage", row -> true))
        .containsExactly("(all)", "early", "mid", "late");
    assertThat(stages.get(1))
        .containsEntry("at_risk", 4L)
        .containsEntry("churned", 2L)
        .containsEntry("survival", 0.5)
        .containsEntry("median_tenure", 0)
        // Half of a month each for three months.
        .containsEntry("restricted_mean", 1.5)
        .containsEntry("is_mature", true);
    // 3 months are over, 12 are not: what the stage will bring is not known.
    assertThat(stages.get(2))
        .containsEntry("at_risk", 2L)
        .containsEntry("censored", 2L)
        .containsEntry("observed_until", 5)
        .containsEntry("survival", null)
        .containsEntry("restricted_mean", null)
        .containsEntry("is_mature", false);
    assertThat(stages.get(3)).containsEntry("at_risk", 0L).containsEntry("survival", null);
    assertThat(stages.get(0)).containsEntry("survival", 0.5).containsEntry("is_mature", true);
  }

  @Test
  void users_born_on_the_29th_to_the_31st_have_a_month_behind_them_when_february_ends() {
    List<Map<String, Object>> months =
        TestLog.of(
                """
                user | time
                ann  | 2023-01-29
                bob  | 2023-01-30
                eve  | 2023-01-31
                """)
            .table("survival", TestLog.config("churn: {inactive-days: 60}"), "2023-02-27")
            .stream()
            .filter(row -> row.get("tenure_unit").equals("month"))
            .toList();

    assertThat(TestLog.column(months, "censored", row -> true)).containsExactly(0L, 3L);
  }

  @Test
  void who_was_followed_for_some_days_of_a_month_is_not_at_risk_in_the_rest_of_it() {
    // Half of the ones born in January are lost in their first month. Those born late in February
    // cannot have churned yet: they say nothing of that month, and nothing that tells the plans
    // apart.
    StringBuilder log = new StringBuilder("user | time | plan\n");
    for (int user = 0; user < 10; user++) {
      log.append("lost%d | 2024-01-01 | a\n".formatted(user));
      log.append("new%d | 2024-02-25 | b\nnew%d | 2024-02-26 | b\n".formatted(user, user));
      for (int day = 1; day <= 60; day += 6) {
        LocalDate active = LocalDate.parse("2023-12-31").plusDays(day);
        log.append("kept%d | %s | a\n".formatted(user, active));
      }
    }
    TestLog lives = TestLog.of(log.toString());
    TenureConfig config = TestLog.config("segments: [plan]\nchurn: {inactive-days: 7}");

    for (String unit : List.of("day", "month")) {
      assertThat(lives.table("survival_test", config, "2024-03-01"))
          .filteredOn(row -> row.get("tenure_unit").equals(unit))
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("chi_square", null));
    }
    List<Map<String, Object>> months =
        TextRows.where(
            months(lives.table("survival", config, "2024-03-01")), "segment_value", "(all)");
    assertThat(months.get(0))
        .containsEntry("at_risk", 30L)
        .containsEntry("churned", 10L)
        .containsEntry("censored", 10L)
        .containsEntry("survival", 0.5);
  }

  @Test
  void a_stage_is_mature_when_somebody_was_followed_to_its_end() {
    // Born on 1 January: one lost after 29 days, one alive after 2 months and 5 days.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-01-01
            bob  | 2024-01-01
            bob  | 2024-01-20
            bob  | 2024-02-10
            bob  | 2024-03-05
            """);
    TenureConfig config = TestLog.config("");

    List<Map<String, Object>> stages = log.table("survival_by_stage", config, "2024-03-05");
    assertThat(TextRows.where(months(stages), "stage", "early").get(0))
        .containsEntry("is_mature", false)
        .containsEntry("survival", null);
    // Both live 29 days, one of them 36 more; in months two, of which ann lived none.
    assertThat(TextRows.where(stages, "tenure_unit", "day").get(0))
        .containsEntry("restricted_mean", 29 + 36 * 0.5);
    assertThat(TextRows.where(months(stages), "stage", "(all)").get(0))
        .containsEntry("restricted_mean", 1.0);

    assertThat(
            TextRows.where(log.table("survival_by_stage", config, "2024-03-31"), "stage", "early")
                .get(0))
        .containsEntry("is_mature", true)
        .containsEntry("survival", 0.5)
        .containsEntry("restricted_mean", 1.5);
  }

  @Test
  void survival_by_month_is_that_of_the_days() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.printf("SurvivalTest: -Dtenure.seed=%d%n", seed);
    LocalDate asOf = LocalDate.parse("2024-03-30");
    List<Map<String, String>> events =
        new RandomLives(seed, 200, LocalDate.parse("2023-11-15"), 137).events();
    List<Map<String, Object>> months =
        months(TestLog.of(events).table("survival", SEVEN_DAYS, asOf.toString()));
    List<Life> lives = lives(events, asOf.plusDays(1));
    for (int month = 0; month < months.size(); month++) {
      assertThat((double) months.get(month).get("survival"))
          .as("seed %d, month %d", seed, month)
          .isCloseTo(survival(lives, month), within(1e-12));
    }
  }

  /** How long a user stayed: whole months, and the days since they were full. */
  private record Life(int months, int days, boolean lost) {
    int compareTo(Life other) {
      return months == other.months
          ? Integer.compare(days, other.days)
          : Integer.compare(months, other.months);
    }
  }

  private static List<Life> lives(List<Map<String, String>> events, LocalDate end) {
    Map<String, TreeSet<LocalDate>> users = new TreeMap<>();
    for (Map<String, String> event : events) {
      LocalDate day = LocalDate.parse(event.get("time").substring(0, 10));
      if (day.isBefore(end)) {
        users.computeIfAbsent(event.get("user"), user -> new TreeSet<>()).add(day);
      }
    }
    List<Life> lives = new ArrayList<>();
    for (TreeSet<LocalDate> active : users.values()) {
      LocalDate last = active.first();
      for (LocalDate day : active) {
        if (day.isAfter(last.plusDays(8))) {
          break;
        }
        last = day.isEqual(last.plusDays(8)) ? last : day;
      }
      LocalDate gone = last.plusDays(8);
      boolean lost = !gone.isAfter(end);
      LocalDate until = lost ? gone : end;
      int months = 0;
      while (!active.first().plusMonths(months + 1).isAfter(until)) {
        months++;
      }
      LocalDate full = active.first().plusMonths(months);
      lives.add(new Life(months, (int) ChronoUnit.DAYS.between(full, until), lost));
    }
    return lives;
  }

  /** Whenever somebody is lost: of those who were there, how many stayed. */
  private static double survival(List<Life> lives, int month) {
    double survival = 1;
    for (Life lost : Set.copyOf(lives)) {
      if (lost.lost() && lost.months() <= month) {
        long there = lives.stream().filter(life -> life.compareTo(lost) >= 0).count();
        long gone = lives.stream().filter(life -> life.equals(lost)).count();
        survival *= 1 - (double) gone / there;
      }
    }
    return survival;
  }

  private static List<Map<String, Object>> months(List<Map<String, Object>> rows) {
    return TextRows.where(rows, "tenure_unit", "month");
  }

  private static List<Map<String, Object>> days(TestLog log, String asOf) {
    return log.table("survival", SEVEN_DAYS, asOf).stream()
        .filter(row -> row.get("tenure_unit").equals("day"))
        .toList();
  }
}
