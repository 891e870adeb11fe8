package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChurnByStageTest {
  private static final String SEVEN_DAYS = "churn: {inactive-days: 7}\n";

  @Test
  void thirty_lost_of_120_at_the_start_are_25_percent() {
    // 120 active on 31 January; 90 of them go on every week, 30 are never seen again.
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 120; user++) {
      for (int day = 0; day < (user < 90 ? 40 : 1); day += 5) {
        events.add(event("user" + user, LocalDate.parse("2024-01-31").plusDays(day)));
      }
    }
    Map<String, Object> february =
        row(table(TestLog.of(events), SEVEN_DAYS, "2024-02-29"), "2024-02-01", "(all)");

    assertThat(february)
        .containsEntry("users_at_start", 120L)
        .containsEntry("churned_users", 30L)
        .containsEntry("churn_rate", 0.25)
        // 1 - 0.75^12
        .containsEntry("annualised_churn_rate", 1 - Math.pow(0.75, 12))
        .containsEntry("band", "alert")
        // 90 for 29 days, 30 from 1 to 7 February, since they churn on the 8th.
        .containsEntry("person_days", 90 * 29L + 30 * 7L)
        .containsEntry("person_months", (90 * 29 + 30 * 7) / 29.0)
        .containsEntry("hazard", 30 / ((90 * 29 + 30 * 7) / 29.0))
        .containsEntry("users_at_end", 90L)
        .containsEntry("is_mature", true)
        .containsEntry("matures_on", LocalDate.parse("2024-03-01"));
    // (30 + z²/2 ± z √(30 + z²/4)) / 97.2413793 with z = 1.959964, worked out by hand.
    assertThat((Double) february.get("hazard_ci_low")).isCloseTo(0.2161126, within(5e-8));
    assertThat((Double) february.get("hazard_ci_high")).isCloseTo(0.4404130, within(5e-8));
    assertThat((Double) february.get("ci_low")).isLessThan(0.25).isGreaterThan(0.17);
    assertThat((Double) february.get("ci_high")).isGreaterThan(0.25).isLessThan(0.34);
  }

  /** 271 of 1,000 in a quarter are 10 % a month, but for the last bits of a cube root. */
  @Test
  void a_rate_at_the_limit_of_a_band_is_in_the_upper_one() {
    Bands bands = new Bands(0.1, 0.1);
    for (long churned = 270; churned <= 272; churned++) {
      long[] sums = new long[ChurnFlow.Sum.COUNT];
      sums[ChurnFlow.Sum.USERS_AT_START.ordinal()] = 1_000;
      sums[ChurnFlow.Sum.CHURNED.ordinal()] = churned;
      assertThat(new ChurnRow(3, 0, 91, true, false, bands).measures(sums))
          .as("" + churned)
          .contains(churned == 270 ? "healthy" : churned == 271 ? "watch" : "alert");
    }
  }

  @Test
  void what_an_open_month_will_bring_is_null_and_what_it_began_with_is_known() {
    List<Map<String, Object>> rows =
        table(log("ann | 2024-01-31", "bob | 2024-02-03"), SEVEN_DAYS, "2024-02-28");

    assertThat(row(rows, "2024-02-01", "(all)"))
        .containsEntry("users_at_start", 1L)
        .containsEntry("churned_users", null)
        .containsEntry("churn_rate", null)
        .containsEntry("spells_begun", null)
        .containsEntry("joined_and_churned_users", null)
        .containsEntry("users_at_end", null)
        .containsEntry("person_days", null)
        .containsEntry("hazard", null)
        .containsEntry("band", null)
        .containsEntry("is_mature", false);
    assertThat(row(rows, "2024-01-01", "(all)")).containsEntry("is_mature", true);
  }

  @Test
  void a_month_is_mature_on_its_last_day() {
    List<Map<String, Object>> rows = table(log("ann | 2024-01-31"), SEVEN_DAYS, "2024-02-29");

    assertThat(row(rows, "2024-02-01", "(all)"))
        .containsEntry("is_mature", true)
        .containsEntry("churned_users", 1L);
    assertThat(TestLog.column(rows, "period_start", row -> row.get("stage").equals("(all)")))
        .containsExactly(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-02-01"));
  }

  @Test
  void who_comes_back_within_the_month_is_lost_once_and_joins_again() {
    // Last seen 31 January: churns on 8 February, back on the 12th, churns again on the 20th, back
    // on the 28th. Of the 1 at the start 1 is lost; 2 spells begin, 1 of which ends.
    Map<String, Object> february =
        row(
            table(
                log("ann | 2024-01-31", "ann | 2024-02-12", "ann | 2024-02-28"),
                SEVEN_DAYS,
                "2024-03-31"),
            "2024-02-01",
            "(all)");

    assertThat(february)
        .containsEntry("users_at_start", 1L)
        .containsEntry("churned_users", 1L)
        .containsEntry("spells_begun", 2L)
        .containsEntry("joined_and_churned_users", 1L)
        .containsEntry("first_spell_churns", 1L)
        .containsEntry("users_at_end", 1L)
        // 1 to 7, 12 to 19 and 28 to 29 February.
        .containsEntry("person_days", 7L + 8L + 2L);
  }

  @Test
  void a_churn_on_the_first_of_a_month_is_a_churn_of_that_month() {
    // 25 to 31 January are 7 silent days: at the start of February the user is still counted.
    Map<String, Object> february =
        row(table(log("ann | 2024-01-24"), SEVEN_DAYS, "2024-02-29"), "2024-02-01", "(all)");

    assertThat(february)
        .containsEntry("users_at_start", 1L)
        .containsEntry("churned_users", 1L)
        .containsEntry("person_days", 0L)
        .containsEntry("hazard", null);
  }

  @Test
  void a_stage_begins_when_its_months_of_tenure_are_full_on_the_first_of_a_month() {
    // Born on 31 January: 2 months on 1 April, 3 on 1 May. Born on the 1st: 3 on 1 April.
    TenureConfig config = TestLog.config("churn: {inactive-days: 120}");
    for (String born : List.of("2024-01-29", "2024-01-30", "2024-01-31", "2024-01-02")) {
      List<Map<String, Object>> rows =
          log("ann | " + born).table("churn_by_stage", config, "2024-05-31");
      assertThat(stageOf(rows, "2024-04-01")).as(born).isEqualTo("early");
      assertThat(stageOf(rows, "2024-05-01")).as(born).isEqualTo("mid");
    }
    List<Map<String, Object>> rows =
        log("ann | 2024-01-01").table("churn_by_stage", config, "2024-05-31");
    assertThat(stageOf(rows, "2024-04-01")).isEqualTo("mid");
  }

  @Test
  void tenure_runs_from_the_first_spell() {
    // Born in January, silent for months, back on 10 May: begins a spell in stage mid.
    List<Map<String, Object>> rows =
        table(log("ann | 2024-01-10", "ann | 2024-05-10"), SEVEN_DAYS, "2024-05-31");

    assertThat(row(rows, "2024-05-01", "mid")).containsEntry("spells_begun", 1L);
    assertThat(row(rows, "2024-01-01", "early"))
        .containsEntry("spells_begun", 1L)
        .containsEntry("joined_and_churned_users", 1L);
  }

  @Test
  void a_mature_month_with_nobody_in_it_is_a_row_of_zeros() {
    List<Map<String, Object>> rows =
        table(log("ann | 2024-01-10", "ann | 2024-05-10"), SEVEN_DAYS, "2024-05-31");

    assertThat(row(rows, "2024-03-01", "late"))
        .containsEntry("users_at_start", 0L)
        .containsEntry("churned_users", 0L)
        .containsEntry("churn_rate", null)
        .containsEntry("band", null);
    assertThat(rows).hasSize(5 * 4);
  }

  @Test
  void a_user_counts_under_the_values_known_when_the_month_starts() {
    // free until 31 January, paid from 1 February on; never seen again, churns on 9 February.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time       | plan
                ann  | 2024-01-31 | free
                ann  | 2024-02-01 | paid
                bob  | 2024-02-02 | -
                bob  | 2024-02-07 | paid
                bob  | 2024-02-14 | -
                bob  | 2024-02-21 | -
                bob  | 2024-02-28 | -
                """)
            .table(
                "churn_by_stage", TestLog.config("segments: [plan]\n" + SEVEN_DAYS), "2024-02-29");

    assertThat(value(rows, "free"))
        .containsEntry("users_at_start", 1L)
        .containsEntry("churned_users", 1L)
        .containsEntry("users_at_end", 0L);
    // bob joins without a plan and has one when the month ends.
    assertThat(value(rows, "(unknown)"))
        .containsEntry("spells_begun", 1L)
        .containsEntry("moved_out_users", 1L)
        .containsEntry("users_at_end", 0L);
    assertThat(value(rows, "paid"))
        .containsEntry("users_at_start", 0L)
        .containsEntry("moved_in_users", 1L)
        .containsEntry("users_at_end", 1L);
    // A value has no rows before its first user.
    assertThat(rows)
        .noneMatch(
            row ->
                row.get("segment_value").equals("paid")
                    && row.get("period_start").equals(LocalDate.parse("2024-01-01")));
  }

  private static Map<String, Object> value(List<Map<String, Object>> rows, String value) {
    return row(
        rows.stream().filter(row -> row.get("segment_value").equals(value)).toList(),
        "2024-02-01",
        "(all)");
  }

  private static String stageOf(List<Map<String, Object>> rows, String month) {
    return (String)
        TestLog.column(
                rows,
                "stage",
                row ->
                    row.get("period_start").equals(LocalDate.parse(month))
                        && row.get("users_at_start").equals(1L)
                        && !row.get("stage").equals("(all)"))
            .get(0);
  }

  private static List<Map<String, Object>> table(TestLog log, String config, String asOf) {
    return log.table("churn_by_stage", TestLog.config(config), asOf);
  }

  private static Map<String, Object> row(
      List<Map<String, Object>> rows, String month, String stage) {
    return rows.stream()
        .filter(row -> row.get("period_start").equals(LocalDate.parse(month)))
        .filter(row -> row.get("stage").equals(stage))
        .findFirst()
        .orElseThrow();
  }

  private static TestLog log(String... lines) {
    return TestLog.of("user | time\n" + String.join("\n", lines));
  }

  private static Map<String, String> event(String user, LocalDate day) {
    return Map.of("user", user, "time", day.toString());
  }
}
