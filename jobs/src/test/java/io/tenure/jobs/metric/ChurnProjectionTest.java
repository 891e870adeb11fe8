package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChurnProjectionTest {
  private static final TestLog ONE_USER =
      TestLog.of(
          """
          user | time
          ann  | 2024-04-30
          """);

  private static final String AMOUNT =
      "input: {path: in, user: user, time: time, amount: amount}\noutput: out\n";

  private static final String ADD_ONE =
      """
      churn:
        mode: cancellation
        events: {start: a, cancel: b}
        projection: {monthly-adds: 1, rates: [0.0, 0.5]}
      """;

  private static final TestLog PAYING =
      TestLog.of(
          """
          user | time       | is    | amount
          ann  | 2024-01-10 | start | 7
          ann  | 2024-02-01 | -     | 10.0001
          bob  | 2024-03-10 | start | 30
          ann  | 2024-03-31 | -     | -5
          cat  | 2024-04-30 | start | 20
          eve  | 2024-04-02 | -     | 6
          ann  | 2024-05-01 | -     | 1000
          """);

  @Test
  void five_percent_against_ten_percent_a_month_with_a_hundred_adds() {
    List<Map<String, Object>> rows =
        ONE_USER.table(
            "churn_projection",
            TestLog.config("churn: {projection: {monthly-adds: 100}}"),
            "2024-04-30");

    // 1 * 0.95 + 100, and so on: after n months 2000 - 1999 * 0.95^n, where 2000 = 100 / 0.05.
    assertThat(TestLog.column(rows, "customers_at_end", row -> of(row, "0.05", 1)))
        .containsExactly(100.95);
    assertThat((Double) only(rows, "0.05", 12).get("customers_at_end"))
        .isEqualTo(2000 - 1999 * Math.pow(0.95, 12), within(1e-9));
    assertThat((Double) only(rows, "0.1", 12).get("customers_at_end"))
        .isEqualTo(1000 - 999 * Math.pow(0.9, 12), within(1e-9));
    assertThat(only(rows, "0.05", 1).get("month_start")).isEqualTo(LocalDate.parse("2024-05-01"));
    assertThat(rows).noneMatch(row -> row.get("scenario").equals("observed"));
  }

  @Test
  void five_percent_a_month_is_46_percent_a_year_and_ten_percent_72() {
    assertThat(ChurnProjection.compounded(0.05, 12)).isEqualTo(0.46, within(0.005));
    assertThat(ChurnProjection.compounded(0.10, 12)).isEqualTo(0.72, within(0.005));
  }

  @Test
  void the_observed_churn_is_pooled_over_three_complete_months() {
    // G = 7. January: 3 begin, cat on the 31st. February: 3 at the start, ann and bob lost: 2 of 3.
    // March: 1 at the start, 1 begins. April: 2 at the start. Pooled from February to April: 2 of
    // 6, and 1 add in 3 months; the half of May does not count. Two are there now.
    StringBuilder log = new StringBuilder("user | time\nann | 2024-01-31\nbob | 2024-01-31\n");
    for (LocalDate day = LocalDate.parse("2024-01-31");
        day.isBefore(LocalDate.parse("2024-05-15"));
        day = day.plusDays(5)) {
      log.append("cat | ").append(day).append('\n');
      if (day.isAfter(LocalDate.parse("2024-03-01"))) {
        log.append("dan | ").append(day).append('\n');
      }
    }
    // Comes and goes within April: not there when a month ends, so nobody won.
    log.append("eve | 2024-04-02\n");
    List<Map<String, Object>> rows =
        TestLog.of(log.toString())
            .table("churn_projection", TestLog.config("churn: {inactive-days: 7}"), "2024-05-15");

    assertThat(only(rows, "observed", 1))
        .containsEntry("month_start", LocalDate.parse("2024-05-16"))
        .containsEntry("basis_churned_users", 2L)
        .containsEntry("basis_users_at_start", 6L)
        .containsEntry("monthly_churn_rate", 2.0 / 6)
        .containsEntry("customers_at_start", 2.0)
        .containsEntry("added_customers", 1.0 / 3)
        .containsEntry("customers_at_end", 2.0 - 2.0 * (2.0 / 6) + 1.0 / 3);
  }

  /** Their churn day is the first that is not known any more: they are lost on it, not before. */
  @Test
  void who_is_lost_on_the_day_after_the_as_of_day_is_a_customer_when_it_begins() {
    for (String asOf : List.of("2024-01-30", "2024-01-31", "2024-02-01")) {
      LocalDate day = LocalDate.parse(asOf);
      List<Map<String, Object>> rows =
          TestLog.of(
                  "user | time\nann | %s\nbob | %s\ncat | %s"
                      .formatted(day.minusDays(3), day, day.minusDays(4)))
              .table(
                  "churn_projection",
                  TestLog.config(
                      "churn: {inactive-days: 3, projection: {monthly-adds: 0, rates: [0.0]}}"),
                  asOf);
      assertThat(only(rows, "0.0", 1)).as(asOf).containsEntry("customers_at_start", 2.0);
    }
  }

  @Test
  void users_of_the_first_days_of_a_log_that_is_not_complete_were_not_won_then() {
    String log =
        """
        user | time
        ann  | 2024-01-20
        ann  | 2024-02-10
        ann  | 2024-03-01
        ann  | 2024-03-20
        """;
    String starts = "input: {path: in, user: user, time: time%s}\noutput: out";
    assertThat(
            only(
                TestLog.of(log)
                    .table(
                        "churn_projection",
                        TestLog.config(starts.formatted(", history-starts: 2024-02-01")),
                        "2024-03-31"),
                "observed",
                1))
        .containsEntry("added_customers", 0.0)
        .containsEntry("basis_users_at_start", 2L);
    // A complete log: ann came in January.
    assertThat(
            only(
                TestLog.of(log)
                    .table("churn_projection", TestLog.config(starts.formatted("")), "2024-03-31"),
                "observed",
                1))
        .containsEntry("added_customers", 1.0 / 3);
  }

  /** Ann is there at the start of February and of March. */
  @ParameterizedTest
  @CsvSource({"2024-02-01, 2", "2024-02-02, 1"})
  void a_month_that_a_log_does_not_cover_from_its_first_day_is_not_observed(
      String historyStarts, long usersAtStart) {
    TestLog log = TestLog.of("user | time\nann | 2024-01-20\nann | 2024-02-10\nann | 2024-03-05\n");
    String starts =
        "input: {path: in, user: user, time: time, history-starts: %s}\noutput: out"
            .formatted(historyStarts);
    assertThat(only(project(log, starts, "2024-03-31"), "observed", 1))
        .containsEntry("basis_users_at_start", usersAtStart);
  }

  @Test
  void revenue_is_what_a_customer_of_the_last_complete_months_brought_times_customers() {
    // Everybody who starts stays: at the end of February 1, of March 2, of April 3, 6 in all.
    // February brought 10.0001, March 30 - 5, April 20 and the 6 of eve, who never starts; January
    // and May do not count. 61.0001 / 6 = 10.16668333.. Three now; an add of 1 and no churn make
    // them 4, then 5: 40.66673333.., 50.83341666..
    List<Map<String, Object>> rows = project(PAYING, AMOUNT + ADD_ONE, "2024-05-15");

    assertThat(only(rows, "0.0", 1))
        .containsEntry("customers_at_end", 4.0)
        .containsEntry("revenue_per_customer", new BigDecimal("10.1667"))
        .containsEntry("revenue", new BigDecimal("40.6667"));
    assertThat(only(rows, "0.0", 2))
        .containsEntry("customers_at_end", 5.0)
        .containsEntry("revenue", new BigDecimal("50.8334"));
    // Half of 3 is lost: 1.5 + 1 = 2.5, which bring 25.41670833..
    assertThat(only(rows, "0.5", 1)).containsEntry("revenue", new BigDecimal("25.4167"));
    // Nobody was lost in those months.
    assertThat(only(rows, "observed", 2))
        .containsEntry("monthly_churn_rate", 0.0)
        .containsEntry("revenue", new BigDecimal("50.8334"));
  }

  @Test
  void a_log_that_begins_from_nothing_has_a_revenue() {
    // January alone is complete. Nobody at its start, ann at its end: 7 / 1; with one more, 14.
    assertThat(only(project(PAYING, AMOUNT + ADD_ONE, "2024-02-05"), "0.0", 1))
        .containsEntry("revenue_per_customer", new BigDecimal("7.0000"))
        .containsEntry("revenue", new BigDecimal("14.0000"));
  }

  @Test
  void revenue_is_unknown_without_amounts_or_a_complete_month() {
    assertThat(project(PAYING, ADD_ONE, "2024-05-15"))
        .isNotEmpty()
        .allMatch(ChurnProjectionTest::isWithoutRevenue);
    assertThat(project(PAYING, AMOUNT + ADD_ONE, "2024-01-30"))
        .isNotEmpty()
        .allMatch(ChurnProjectionTest::isWithoutRevenue);
  }

  @Test
  void revenue_is_zero_if_nobody_paid() {
    TestLog log = TestLog.of("user | time | is\nann | 2024-01-10 | start");

    assertThat(project(log, AMOUNT + ADD_ONE, "2024-05-15"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsEntry("revenue", new BigDecimal("0.0000")));
  }

  private static boolean isWithoutRevenue(Map<String, Object> row) {
    return row.get("revenue") == null && row.get("revenue_per_customer") == null;
  }

  private static List<Map<String, Object>> project(TestLog log, String yaml, String asOf) {
    return log.table("churn_projection", TestLog.config(yaml), asOf);
  }

  private static Map<String, Object> only(
      List<Map<String, Object>> rows, String scenario, int month) {
    return rows.stream().filter(row -> of(row, scenario, month)).findFirst().orElseThrow();
  }

  private static boolean of(Map<String, Object> row, String scenario, int month) {
    return row.get("scenario").equals(scenario) && row.get("month").equals(month);
  }
}
