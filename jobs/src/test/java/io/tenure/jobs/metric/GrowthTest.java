package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final TenureConfig CONFIG = TestLog.config("");
  private static final TenureConfig BY_PLAN = TestLog.config("segments: [plan]");

  private static List<Map<String, Object>> growth(
      TestLog log, TenureConfig config, String asOf, String grain) {
    return TextRows.where(log.table("growth", config, asOf), "grain", grain);
  }

  @Test
  void users_are_new_once_then_retained_then_churned_and_resurrected() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-03-01
            ann  | 2024-03-02
            ann  | 2024-03-04
            bob  | 2024-03-01
            """);
    TextRows.assertRows(
        growth(log, CONFIG, "2024-03-05", "day"),
        """
        period_start | active_users | new_users | retained_users | resurrected_users | churned_users | previous_active_users | retention_rate | quick_ratio
        2024-03-01   | 2            | 2         | 0              | 0                 | 0             | 0                     | -              | -
        2024-03-02   | 1            | 0         | 1              | 0                 | 1             | 2                     | 0.5            | 0
        2024-03-03   | 0            | 0         | 0              | 0                 | 1             | 1                     | 0              | 0
        2024-03-04   | 1            | 0         | 0              | 1                 | 0             | 0                     | -              | -
        2024-03-05   | 0            | 0         | 0              | 0                 | 1             | 1                     | 0              | 0
        """);
  }

  @Test
  void what_came_before_is_not_known_where_the_log_begins_within_a_period() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-01-20
            ann  | 2024-02-05
            ann  | 2024-03-10
            """);
    TextRows.assertRows(
        growth(
            log,
            TestLog.config(
                "input: {path: in, user: user, time: time, history-starts: 2024-02-01}\noutput: out"),
            "2024-03-31",
            "month"),
        """
        period_start | active_users | churned_users | previous_active_users | retention_rate | birth_observed
        2024-01-01   | 1            | -             | -                     | -              | false
        2024-02-01   | 1            | -             | -                     | -              | true
        2024-03-01   | 1            | 0             | 1                     | 1              | true
        """);
  }

  @Test
  void a_user_new_and_gone_in_the_same_period_is_new_in_it_and_churned_in_the_next() {
    // Worked case 8. In February nobody churned: no quick ratio. In March (2 new + 0) / 1 churned.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-02-01
            ann  | 2024-02-02
            bob  | 2024-03-30
            cid  | 2024-03-31
            """);
    TextRows.assertRows(
        growth(log, CONFIG, "2024-03-31", "month"),
        """
        period_start | new_users | churned_users | quick_ratio | retention_rate | ci_low | ci_high
        2024-02-01   | 1         | 0             | -           | -              | -      | -
        2024-03-01   | 2         | 1             | 2           | 0              | 0      | 0.7935
        """);
  }

  @Test
  void the_open_period_shows_what_is_known_and_no_churn() {
    // As of 14 March the month is open: ann may still come.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-02-01
            bob  | 2024-02-01
            bob  | 2024-03-14
            cid  | 2024-03-14
            ann  | 2024-03-15
            """);
    TextRows.assertRows(
        growth(log, CONFIG, "2024-03-14", "month").subList(1, 2),
        """
        period_start | active_users | new_users | retained_users | resurrected_users | churned_users | previous_active_users | quick_ratio | retention_rate | ci_low | is_complete
        2024-03-01   | 2            | 1         | 1              | 0                 | -             | 2                     | -           | -              | -      | false
        """);
  }

  @Test
  void a_user_who_moves_is_retained_where_they_moved_to_and_churned_nowhere() {
    // Ann moves from free to paid and stays; bob leaves free. The row of March has both of them
    // under their value as of 31 March: paid 1 of 1 retained, free 0 of 1.
    TestLog log =
        TestLog.of(
            """
            user | time       | plan
            ann  | 2024-02-10 | free
            bob  | 2024-02-11 | free
            ann  | 2024-03-10 | free
            ann  | 2024-03-20 | paid
            cid  | 2024-03-01 | free
            """);
    TextRows.assertRows(
        growth(log, BY_PLAN, "2024-04-30", "month"),
        """
        period_start | segment_value | active_users | new_users | retained_users | churned_users | previous_active_users | net_moved_users
        2024-02-01   | (all)         | 2            | 2         | 0              | 0             | 0                     | 0
        2024-02-01   | free          | 2            | 2         | 0              | 0             | 0                     | 0
        2024-03-01   | (all)         | 2            | 1         | 1              | 1             | 2                     | 0
        2024-03-01   | free          | 1            | 1         | 0              | 1             | 1                     | -1
        2024-03-01   | paid          | 1            | 0         | 1              | 0             | 1                     | 1
        2024-04-01   | (all)         | 0            | 0         | 0              | 2             | 2                     | 0
        2024-04-01   | free          | 0            | 0         | 0              | 1             | 1                     | 0
        2024-04-01   | paid          | 0            | 0         | 0              | 1             | 1                     | 0
        """);
  }

  @Test
  void a_value_lost_is_carried_forward_and_one_never_known_is_unknown() {
    TestLog log =
        TestLog.of(
            """
            user | time       | plan
            ann  | 2024-03-04 | paid
            ann  | 2024-03-11 | -
            bob  | 2024-03-04 | -
            """);
    TextRows.assertRows(
        growth(log, BY_PLAN, "2024-03-17", "week"),
        """
        period_start | segment_value | active_users | retained_users | churned_users
        2024-03-04   | (all)         | 2            | 0              | 0
        2024-03-04   | (unknown)     | 1            | 0              | 0
        2024-03-04   | paid          | 1            | 0              | 0
        2024-03-11   | (all)         | 1            | 1              | 1
        2024-03-11   | (unknown)     | 0            | 0              | 1
        2024-03-11   | paid          | 1            | 1              | 0
        """);
  }

  @Test
  void
      where_the_period_before_lies_outside_the_log_and_births_are_uncertain_nothing_is_said_of_it() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-01-05
            ann  | 2024-02-05
            bob  | 2024-03-05
            """);
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, history-starts: 2024-03-01}
            output: out
            """);
    // January begins before the log does, so who was active in it is not all known, nor, in
    // February, who of them is gone.
    TextRows.assertRows(
        growth(log, config, "2024-03-31", "month"),
        """
        period_start | new_users | churned_users | previous_active_users | retention_rate | birth_observed | is_complete
        2024-01-01   | 1         | -             | -                     | -              | false          | true
        2024-02-01   | 0         | -             | -                     | -              | false          | true
        2024-03-01   | 1         | 1             | 1                     | 0              | true           | true
        """);
  }

  @Test
  void weeks_begin_where_the_config_says() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-03-02   # a Saturday
            ann  | 2024-03-03
            """);
    assertThat(
            TestLog.column(
                growth(log, TestLog.config("week-start: sunday"), "2024-03-09", "week"),
                "retained_users",
                row -> true))
        .containsExactly(0L, 1L);
    assertThat(
            TestLog.column(
                growth(log, TestLog.config("week-start: saturday"), "2024-03-09", "week"),
                "retained_users",
                row -> true))
        .containsExactly(0L, 0L);
  }
}
