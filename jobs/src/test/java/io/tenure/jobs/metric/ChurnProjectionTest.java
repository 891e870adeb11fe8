package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChurnProjectionTest {
  private static final TestLog ONE_USER =
      TestLog.of(
          """
          user | time
          ann  | 2024-04-30
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

  private static Map<String, Object> only(
      List<Map<String, Object>> rows, String scenario, int month) {
    return rows.stream().filter(row -> of(row, scenario, month)).findFirst().orElseThrow();
  }

  private static boolean of(Map<String, Object> row, String scenario, int month) {
    return row.get("scenario").equals(scenario) && row.get("month").equals(month);
  }
}
