package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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

  private static List<Map<String, Object>> days(TestLog log, String asOf) {
    return log.table("survival", SEVEN_DAYS, asOf).stream()
        .filter(row -> row.get("tenure_unit").equals("day"))
        .toList();
  }
}
