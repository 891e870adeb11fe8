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

    assertThat(new ChurnChart(rows, false).draw(CANVAS))
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
  void stages_of_different_months_are_not_added_up() {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.addAll(stage("early", "100/15 100/20", 0.1, 0.3, "alert"));
    rows.add(month("mid", "2024-04-01", 300, 60L, 0.2, 0.15, 0.25, "alert"));
    assertThat(new ChurnChart(rows, true).draw(CANVAS))
        .startsWith("60 of 300 users in stage mid were lost in 2024-04, 20.0 % (alert).\n")
        .contains("\nNot here, for want of a row of the last month: early.\n")
        .doesNotContain("early   ");
  }

  @Test
  void better_is_below_what_was_before() {
    List<Map<String, Object>> rows = stage("early", "100/50 100/10", 0.06, 0.17, "watch");

    assertThat(new ChurnChart(rows, false).draw(CANVAS))
        .startsWith(
            "10 of 100 users in stage early were lost in 2024-02, 10.0 % (watch).\n"
                + "That is better than the 50.0 % in the month before.\n");
  }

  @Test
  void without_losses_without_a_month_and_without_rows_there_is_a_sentence() {
    assertThat(new ChurnChart(stage("early", "100/0", 0, 0.04, "healthy"), false).draw(CANVAS))
        .isEqualTo(
            """
            Nobody in stage early was lost in 2024-01.

            stage  rate of 1 month  users  churned  churn rate  rate before  trend  band
            early                     100        0       0.0 %  ·            ·      healthy
            """);
    assertThat(
            new ChurnChart(
                    List.of(month("mid", "2024-01-01", 1, null, null, null, null, null)), false)
                .draw(CANVAS))
        .isEqualTo("No month is over yet: churn is not known.\n");
    assertThat(new ChurnChart(List.of(), false).draw(CANVAS)).isEqualTo("No churn.\n");
  }

  @Test
  void a_change_is_judged_by_both_months_and_not_by_the_interval_of_one() {
    // 5 of 20 against 1 of 20: the interval of 25 %, 11 to 47 %, has no 5 %, but z is 1.30 with
    // Yates' correction.
    assertThat(new ChurnChart(stage("early", "20/1 20/5", 0.11, 0.47, "alert"), false).draw(CANVAS))
        .contains("That is no clear change from the 5.0 % in the month before.");
  }

  @Test
  void where_only_the_mix_of_stages_changed_that_is_said() {
    // Each stage loses what it lost, 50 % and 10 %; of all, 46 % before and 14 % now.
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.addAll(stage("early", "900/450 100/50", 0.4, 0.6, "alert"));
    rows.addAll(stage("late", "100/10 900/90", 0.08, 0.12, "alert"));
    rows.addAll(stage("(all)", "1000/460 1000/140", 0.12, 0.16, "alert"));

    assertThat(new ChurnChart(rows, false).draw(CANVAS).replace('\n', ' '))
        .contains("That is no clear change from the 10.0 % in the month before.")
        .contains(
            "All stages together are better than the 46.0 % in the month before, though no stage"
                + " has clearly changed; part of it because more users are in other stages.");
  }

  @Test
  void of_chosen_rows_nothing_is_said_that_the_others_may_belie() {
    assertThat(new ChurnChart(stage("late", "0/0 0/0", 0, 0, null), true).draw(CANVAS))
        .startsWith("No users in stage late in 2024-02.\n");
    List<Map<String, Object>> rows = stage("early", "100/50", 0.4, 0.6, "alert");
    assertThat(new ChurnChart(rows, true).draw(CANVAS))
        .startsWith("50 of 100 users in stage early were lost in 2024-01, 50.0 % (alert).\n\n");
    rows.addAll(stage("mid", "100/10", 0.05, 0.2, "alert"));
    assertThat(new ChurnChart(rows, true).draw(CANVAS))
        .startsWith("Stage early loses most: 50 of the 60 users lost in these stages in 2024-01,");
    assertThat(new ChurnChart(stage("(all)", "100/30", 0.2, 0.4, "alert"), true).draw(CANVAS))
        .startsWith("30 of 100 users were lost in 2024-01, 30.0 % (alert).\n\n");
    // March is held against January and February, not against what is two months before it.
    List<Map<String, Object>> gap = stage("early", "100/90 100/50 100/10", 0.05, 0.2, "alert");
    gap.remove(1);
    assertThat(new ChurnChart(gap, true).draw(CANVAS)).doesNotContain("than the");
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
