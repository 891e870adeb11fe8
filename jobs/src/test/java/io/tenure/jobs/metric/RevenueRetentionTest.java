package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevenueRetentionTest {
  private static TenureConfig config(String more) {
    return TestLog.config(
        "input: {path: in, user: user, time: time, amount: amount}\noutput: out\n" + more);
  }

  private static List<Map<String, Object>> revenue(TestLog log, String more, String asOf) {
    return log.table("revenue_retention", config(more), asOf);
  }

  private static List<Map<String, Object>> whole(TestLog log, String asOf) {
    return TextRows.where(revenue(log, "", asOf), "segment", "(all)");
  }

  @Test
  void ten_nothing_ten_is_new_then_churned_then_reactivation() {
    // Worked case 6: reactivation is asked before expansion.
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 10
            ann  | 2024-02-10 | -        # there, but brings nothing
            ann  | 2024-03-10 | 10
            """);
    TextRows.assertRows(
        whole(log, "2024-03-31"),
        """
        period_start | opening | new     | expansion | contraction | churned | reactivation | closing | opening_users | kept_users | lost_users | won_users
        2024-01-01   | 0.0000  | 10.0000 | 0.0000    | 0.0000      | 0.0000  | 0.0000       | 10.0000 | 0             | 0          | 0          | 1
        2024-02-01   | 10.0000 | 0.0000  | 0.0000    | 0.0000      | 10.0000 | 0.0000       | 0.0000  | 1             | 0          | 1          | 0
        2024-03-01   | 0.0000  | 0.0000  | 0.0000    | 0.0000      | 0.0000  | 10.0000      | 10.0000 | 0             | 0          | 0          | 1
        """);
  }

  @Test
  void ten_then_twenty_is_expansion() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 10
            ann  | 2024-02-01 | 15.5
            ann  | 2024-02-29 | 4.5
            """);
    TextRows.assertRows(
        whole(log, "2024-02-29").subList(1, 2),
        """
        opening | expansion | closing | expanded_users | gross_revenue_retention | net_revenue_retention | gross_ci_low | user_retention_rate
        10.0000 | 10.0000   | 20.0000 | 1              | 1                       | 2                     | -            | 1
        """);
  }

  @Test
  void gross_takes_off_what_is_lost_and_net_adds_what_is_won_from_the_same_users() {
    // Worked case 6: 100 at the start, 10 churned, 10 contraction, 10 expansion.
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 10
            bob  | 2024-01-10 | 40
            cid  | 2024-01-10 | 50
            bob  | 2024-02-10 | 30
            cid  | 2024-02-10 | 60
            dan  | 2024-02-10 | 500
            """);
    Map<String, Object> february = whole(log, "2024-02-29").get(1);
    TextRows.assertRows(
        List.of(february),
        """
        opening  | churned | contraction | expansion | new      | closing  | gross_revenue_retention | net_revenue_retention | kept_users | lost_users | won_users
        100.0000 | 10.0000 | 10.0000     | 10.0000   | 500.0000 | 590.0000 | 0.8                     | 0.9                   | 2          | 1          | 1
        """);
    // Three users are too few for an interval.
    assertThat(february.get("net_ci_low")).isNull();
    assertThat(february.get("gross_ci_high")).isNull();
  }

  @Test
  void a_rate_has_the_interval_of_a_ratio_unless_users_are_few_or_alike() {
    StringBuilder log = new StringBuilder("user | time | amount | plan\n");
    for (int user = 0; user < 12; user++) {
      // In plan a, of 10 users: 10 each, of which 5 bring 20, 3 bring 5, and 2 nothing.
      String plan = user < 10 ? "a" : "b";
      log.append("u%d | 2024-01-10 | 10 | %s%n".formatted(user, plan));
      int now = user < 5 ? 20 : user < 8 ? 5 : user < 10 ? 0 : 10;
      log.append("u%d | 2024-02-10 | %d | %s%n".formatted(user, now, plan));
    }
    List<Map<String, Object>> rows =
        TextRows.where(
            revenue(TestLog.of(log.toString()), "segments: [plan]", "2024-02-29"),
            "period_start",
            "2024-02-01");
    Map<String, Object> net = TextRows.where(rows, "segment_value", "a").get(0);
    // Residuals of net, R = 115 / 100: 8.5 five times, -6.5 three times, -11.5 twice.
    double variance = (5 * 8.5 * 8.5 + 3 * 6.5 * 6.5 + 2 * 11.5 * 11.5) / 9;
    double error = 1.959963984540054 * Math.sqrt(10 * variance) / 100;
    assertThat((Double) net.get("net_ci_low")).isCloseTo(1.15 - error, within(1e-12));
    assertThat((Double) net.get("net_ci_high")).isCloseTo(1.15 + error, within(1e-12));
    // Of gross, R = 65 / 100: 3.5 five times, -1.5 three times, -6.5 twice.
    double left = (5 * 3.5 * 3.5 + 3 * 1.5 * 1.5 + 2 * 6.5 * 6.5) / 9;
    double below = 1.959963984540054 * Math.sqrt(10 * left) / 100;
    assertThat((Double) net.get("gross_ci_low")).isCloseTo(0.65 - below, within(1e-12));
    assertThat((Double) net.get("gross_ci_high")).isCloseTo(0.65 + below, within(1e-12));
    // Two users of plan b who stay as they are say nothing of others.
    assertThat(TextRows.where(rows, "segment_value", "b").get(0).get("gross_ci_low")).isNull();
  }

  @Test
  void an_interval_does_not_go_below_nothing_nor_that_of_gross_above_all() {
    StringBuilder log = new StringBuilder("user | time | amount | plan\n");
    for (int user = 0; user < 20; user++) {
      // Of 10 users each, one of plan a stays, and all but one of plan b.
      String plan = user < 10 ? "a" : "b";
      boolean stays = user < 1 || user > 10;
      log.append("u%d | 2024-01-10 | 10 | %s%n".formatted(user, plan));
      log.append("u%d | 2024-02-10 | %d | %s%n".formatted(user, stays ? 10 : 0, plan));
    }
    // R = 0.1 or 0.9: one residual of 9 and nine of 1, so the error is √(10 · (81 + 9) / 9) / 100
    // = 0.1, and the bounds are 0.196 to either side: -0.096 and 0.296; 0.704 and 1.096.
    TextRows.assertRows(
        TextRows.where(
            TextRows.where(
                revenue(TestLog.of(log.toString()), "segments: [plan]", "2024-02-29"),
                "period_start",
                "2024-02-01"),
            "segment",
            "plan"),
        """
        segment_value | gross_ci_low | gross_ci_high | net_ci_low | net_ci_high
        a             | 0            | 0.296         | 0          | 0.296
        b             | 0.704        | 1             | 0.704      | 1.096
        """);
  }

  @Test
  void a_month_below_zero_is_one_without_money_and_its_refunds_are_told() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 30
            ann  | 2024-02-10 | 5
            ann  | 2024-02-11 | -20
            bob  | 2024-02-11 | 7
            ann  | 2024-03-11 | 1
            """);
    TextRows.assertRows(
        whole(log, "2024-03-31"),
        """
        period_start | revenue  | opening | churned | new     | reactivation | closing | net_refunds | refunded_users
        2024-01-01   | 30.0000  | 0.0000  | 0.0000  | 30.0000 | 0.0000       | 30.0000 | 0.0000      | 0
        2024-02-01   | -8.0000  | 30.0000 | 30.0000 | 7.0000  | 0.0000       | 7.0000  | 15.0000     | 1
        2024-03-01   | 1.0000   | 7.0000  | 7.0000  | 0.0000  | 1.0000       | 1.0000  | 0.0000      | 0
        """);
  }

  @Test
  void the_open_month_says_what_it_begins_with_and_its_revenue_so_far() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 30
            bob  | 2024-02-10 | 5
            ann  | 2024-02-20 | 30       # not known on the as-of day
            """);
    TextRows.assertRows(
        whole(log, "2024-02-15").subList(1, 2),
        """
        revenue | opening | opening_users | new | churned | closing | net_refunds | won_users | gross_revenue_retention | ci_low | is_complete
        5.0000  | 30.0000 | 1             | -   | -       | -       | -           | -         | -                       | -      | false
        """);
  }

  @Test
  void a_user_who_moves_brings_the_opening_along() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount | plan
            ann  | 2024-01-10 | 30     | free
            bob  | 2024-01-10 | 5      | free
            ann  | 2024-02-10 | 40     | pro
            """);
    List<Map<String, Object>> rows = revenue(log, "segments: [plan]", "2024-02-29");
    TextRows.assertRows(
        TextRows.where(rows, "period_start", "2024-02-01"),
        """
        segment_value | opening | net_moved | expansion | churned | closing
        (all)         | 35.0000 | 0.0000    | 10.0000   | 5.0000  | 40.0000
        free          | 5.0000  | -30.0000  | 0.0000    | 5.0000  | 0.0000
        pro           | 30.0000 | 30.0000   | 10.0000   | 0.0000  | 40.0000
        """);
  }

  @Test
  void where_the_log_begins_within_a_month_that_is_not_its_first_nothing_is_said_of_before() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 30
            ann  | 2024-02-10 | 40
            ann  | 2024-03-10 | 40
            """);
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, amount: amount, history-starts: 2024-06-01}
            output: out
            """);
    TextRows.assertRows(
        log.table("revenue_retention", config, "2024-03-31"),
        """
        period_start | opening | new     | expansion | closing | net_moved | opening_users | won_users | birth_observed
        2024-01-01   | -       | 30.0000 | -         | 30.0000 | -         | -             | 1         | false
        2024-02-01   | -       | 0.0000  | -         | 40.0000 | -         | -             | 0         | false
        2024-03-01   | 40.0000 | 0.0000  | 0.0000    | 40.0000 | 0.0000    | 1             | 0         | false
        """);
  }

  @Test
  void without_amounts_there_is_no_table_of_money() {
    assertThat(
            Metrics.tables(
                Metrics.of(new io.tenure.common.config.Scope(TestLog.config(""), 0, 10))))
        .extracting(io.tenure.common.table.Contract::name)
        .doesNotContain("revenue_retention", "revenue_cohorts");
  }

  @Test
  void large_amounts_are_exact() {
    StringBuilder log = new StringBuilder("user | time | amount\n");
    for (int user = 0; user < 10; user++) {
      log.append("u%d | 2024-01-10 | 40000000000.000%d%n".formatted(user, user));
      log.append("u%d | 2024-02-10 | 40000000000.0001%n".formatted(user));
    }
    Map<String, Object> february = whole(TestLog.of(log.toString()), "2024-02-29").get(1);
    assertThat(february)
        .containsEntry("opening", new BigDecimal("400000000000.0045"))
        .containsEntry("expansion", new BigDecimal("0.0001"))
        .containsEntry("contraction", new BigDecimal("0.0036"));
    assertThat((Double) february.get("gross_ci_low")).isBetween(0.999999999999, 1.0);
  }
}
