package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Column;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevenueCohortsTest {
  private static TenureConfig config(String more) {
    return TestLog.config(
        "input: {path: in, user: user, time: time, amount: amount}\noutput: out\n" + more);
  }

  private static List<Map<String, Object>> cohorts(TestLog log, String more, String asOf) {
    return log.table("revenue_cohorts", config(more), asOf);
  }

  @Test
  void a_cohort_brings_money_period_by_period_and_in_all() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 10
            ann  | 2024-02-10 | 2.5
            bob  | 2024-01-20 | -        # never brings any
            cid  | 2024-01-31 | -
            cid  | 2024-03-01 | 0.0001
            cid  | 2024-03-02 | -1
            dan  | 2024-02-01 | 4
            """);
    TextRows.assertRows(
        cohorts(log, "retention: [{grains: {month: 2}}]", "2024-03-31"),
        """
        cohort_start | period | period_start | cohort_users | revenue | cumulative_revenue | revenue_per_user | cumulative_revenue_per_user | paying_users | paying_rate | is_mature | matures_on
        2024-01-01   | 0      | 2024-01-01   | 3            | 10.0000 | 10.0000            | 3.3333           | 3.3333                      | 1            | 0.3333      | true      | 2024-02-01
        2024-01-01   | 1      | 2024-02-01   | 3            | 2.5000  | 12.5000            | 0.8333           | 4.1667                      | 1            | 0.3333      | true      | 2024-03-01
        2024-01-01   | 2      | 2024-03-01   | 3            | -0.9999 | 11.5001            | -0.3333          | 3.8334                      | 0            | 0           | true      | 2024-04-01
        2024-02-01   | 0      | 2024-02-01   | 1            | 4.0000  | 4.0000             | 4.0000           | 4.0000                      | 1            | 1           | true      | 2024-03-01
        2024-02-01   | 1      | 2024-03-01   | 1            | 0.0000  | 4.0000             | 0.0000           | 4.0000                      | 0            | 0           | true      | 2024-04-01
        2024-02-01   | 2      | 2024-04-01   | 1            | -       | -                  | -                | -                           | -            | -           | false     | 2024-05-01
        """);
  }

  @Test
  void money_before_the_birth_day_and_beyond_the_horizon_is_of_no_cohort() {
    TestLog log =
        TestLog.of(
            """
            user | time       | is              | amount
            ann  | 2024-01-10 | active          | 10
            ann  | 2024-01-20 | active purchase | 3
            ann  | 2024-02-20 | active          | 4
            ann  | 2024-03-20 | active          | 5
            """);
    TextRows.assertRows(
        cohorts(
            log,
            """
            activities: {purchase: "x = 1"}
            retention: [{cohort: first-matching, start: purchase, grains: {month: 1}}]
            """,
            "2024-03-31"),
        """
        cohort_start | period | revenue | cumulative_revenue
        2024-01-01   | 0      | 3.0000  | 3.0000
        2024-01-01   | 1      | 4.0000  | 7.0000
        """);
  }

  /** Born in every month: no birth looks at money before it, nor beyond its horizon. */
  @Test
  void a_user_of_several_cohorts_brings_to_each_what_its_horizon_reaches() {
    TestLog log =
        TestLog.of(
            """
            user | time       | is     | amount
            ann  | 2024-01-10 | active | 10
            ann  | 2024-02-20 | active | 4
            ann  | 2024-02-29 | active | 1
            ann  | 2024-03-01 | active | 2
            ann  | 2024-03-31 | active | 3
            """);
    TextRows.assertRows(
        cohorts(log, "retention: [{cohort: recurring, grains: {month: 1}}]", "2024-03-31"),
        """
        cohort_start | period | revenue | cumulative_revenue
        2024-01-01   | 0      | 10.0000 | 10.0000
        2024-01-01   | 1      | 5.0000  | 15.0000
        2024-02-01   | 0      | 5.0000  | 5.0000
        2024-02-01   | 1      | 5.0000  | 10.0000
        2024-03-01   | 0      | 5.0000  | 5.0000
        2024-03-01   | 1      | -       | -
        """);
  }

  @Test
  void money_of_users_in_several_cohorts_is_not_summed_over_them() {
    for (String cohort : List.of("first", "recurring")) {
      Scope scope = new Scope(config("retention: [{cohort: %s}]".formatted(cohort)), 0, 1);
      Column revenue =
          new RevenueCohorts(scope)
              .tables().get(0).columns().stream()
                  .filter(column -> column.name().equals("revenue"))
                  .findFirst()
                  .orElseThrow();
      assertThat(revenue.sumsOver())
          .isEqualTo(
              cohort.equals("first")
                  ? List.of("segment_value", "cohort_start", "period")
                  : List.of("segment_value"));
    }
  }

  @Test
  void a_half_of_the_last_decimal_goes_up() {
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 0.0005
            bob  | 2024-01-10 | -
            cid  | 2024-01-11 | 0.0003
            dan  | 2024-01-11 | -
            """);
    TextRows.assertRows(
        cohorts(log, "retention: [{grains: {day: 0}}]", "2024-01-31"),
        """
        cohort_start | revenue | revenue_per_user
        2024-01-10   | 0.0005  | 0.0003
        2024-01-11   | 0.0003  | 0.0002
        """);
  }
}
