package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChurnChartTest {
  private static final Canvas CANVAS = Canvas.of(Palette.NONE);

  @Test
  void the_stage_that_loses_most_users_stands_first_and_is_held_against_three_months() {
    // early, before: (10 + 30 + 20) / (100 + 200 + 100) = 15 %, not the mean of rates, 15 % of
    // 10, 15 and 20; January, the fourth month back, does not count. late: 3 / 600 before.
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.addAll(stage("early", "100/90 100/10 200/30 100/20 120/30", 0.18, 0.33, "alert"));
    rows.addAll(stage("late", "200/0 200/1 200/1 200/1 200/2", 0.003, 0.036, "healthy"));
    rows.addAll(stage("mid", "0/0 0/0 0/0 0/0 50/10", 0.11, 0.33, "alert"));
    rows.addAll(stage("(all)", "300/90 300/11 400/31 300/21 370/42", 0.08, 0.15, "alert"));
    rows.add(month("early", "2024-06-01", 130, null, null, null, null, null));

    assertThat(new ChurnChart(rows).draw(CANVAS))
        .isEqualTo(
            """
            Stage early loses most: 30 of the 42 users lost in 2024-05, 25.0 % of its users (alert).
            That is worse than the 15.0 % in the 3 months before.

            stage  rate of 5 months  users  churned  churn rate  rate before  trend      band
            early  █▁▂▂▃               120       30      25.0 %       15.0 %  worse      alert
            mid    ····█                50       10      20.0 %            ·  ·          alert
            late    ▄▄▄█               200        2       1.0 %        0.5 %  not clear  healthy
            (all)  █▁▃▂▄               370       42      11.4 %        6.3 %  worse      alert
            """);
  }

  @Test
  void better_is_below_what_was_before() {
    List<Map<String, Object>> rows = stage("early", "100/50 100/10", 0.06, 0.17, "watch");

    assertThat(new ChurnChart(rows).draw(CANVAS))
        .startsWith(
            "Stage early loses most: 10 of the 10 users lost in 2024-02, 10.0 % of its users"
                + " (watch).\nThat is better than the 50.0 % in the month before.\n");
  }

  @Test
  void without_losses_without_a_month_and_without_rows_there_is_a_sentence() {
    assertThat(new ChurnChart(stage("early", "100/0", 0, 0.04, "healthy")).draw(CANVAS))
        .isEqualTo(
            """
            Nobody was lost in 2024-01.

            stage  rate of 1 month  users  churned  churn rate  rate before  trend  band
            early                     100        0       0.0 %  ·            ·      healthy
            """);
    assertThat(
            new ChurnChart(List.of(month("mid", "2024-01-01", 1, null, null, null, null, null)))
                .draw(CANVAS))
        .isEqualTo("No month is over yet: churn is not known.\n");
    assertThat(new ChurnChart(List.of()).draw(CANVAS)).isEqualTo("No churn.\n");
  }

  /** Months from January, as users/churned; interval and band are those of each. */
  private static List<Map<String, Object>> stage(
      String stage, String months, double low, double high, String band) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String month : months.split(" ")) {
      long users = Long.parseLong(month.split("/")[0]);
      long churned = Long.parseLong(month.split("/")[1]);
      Double rate = users == 0 ? null : (double) churned / users;
      String start = "2024-0" + (rows.size() + 1) + "-01";
      rows.add(month(stage, start, users, churned, rate, low, high, band));
    }
    return rows;
  }

  private static Map<String, Object> month(
      String stage,
      String start,
      long users,
      Long churned,
      Double rate,
      Double low,
      Double high,
      String band) {
    Map<String, Object> row = new HashMap<>();
    row.put("stage", stage);
    row.put("period_start", start);
    row.put("users_at_start", users);
    row.put("churned_users", churned);
    row.put("churn_rate", rate);
    row.put("ci_low", low);
    row.put("ci_high", high);
    row.put("band", band);
    row.put("is_mature", churned != null);
    return row;
  }
}
