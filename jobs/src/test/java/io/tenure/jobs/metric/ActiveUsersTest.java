package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Column;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActiveUsersTest {
  private static final TenureConfig BY_PLAN = TestLog.config("segments: [plan]");

  @Test
  void a_window_that_reaches_back_before_the_log_is_null() {
    // The log begins on 1 January: 7 days are in it on the 7th, 28 on the 28th, 30 on the 30th.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-01-01
                """)
            .table(
                "active_users", TestLog.config("active-users: {windows: [30, 3]}"), "2024-01-30");
    assertThat(rows).hasSize(30);
    TextRows.assertRows(
        rows.stream()
            .filter(row -> List.of(1, 2, 3, 4, 6, 7, 8, 27, 28, 29, 30).contains(dayOfMonth(row)))
            .toList(),
        """
        day        | dau | active_3d | wau | mau | active_30d | stickiness | is_mature
        2024-01-01 | 1   | -         | -   | -   | -          | -          | false
        2024-01-02 | 0   | -         | -   | -   | -          | -          | false
        2024-01-03 | 0   | 1         | -   | -   | -          | -          | false
        2024-01-04 | 0   | 0         | -   | -   | -          | -          | false
        2024-01-06 | 0   | 0         | -   | -   | -          | -          | false
        2024-01-07 | 0   | 0         | 1   | -   | -          | -          | false
        2024-01-08 | 0   | 0         | 0   | -   | -          | -          | false
        2024-01-27 | 0   | 0         | 0   | -   | -          | -          | false
        2024-01-28 | 0   | 0         | 0   | 1   | -          | 0          | true
        2024-01-29 | 0   | 0         | 0   | 0   | -          | -          | true
        2024-01-30 | 0   | 0         | 0   | 0   | 1          | -          | true
        """);
  }

  private static int dayOfMonth(Map<String, Object> row) {
    return ((LocalDate) row.get("day")).getDayOfMonth();
  }

  @Test
  void further_windows_are_columns_between_mau_and_new_users() {
    List<Column> columns =
        new ActiveUsers(new Scope(TestLog.config("active-users: {windows: [90, 1, 14, 28]}"), 0, 0))
            .tables()
            .get(0)
            .columns();
    assertThat(columns.stream().map(Column::name).toList())
        .containsExactly(
            "day",
            "segment",
            "segment_value",
            "segment_basis",
            "dau",
            "wau",
            "mau",
            "active_14d",
            "active_90d",
            "new_users",
            "stickiness",
            "ci_low",
            "ci_high",
            "stickiness_avg",
            "is_mature",
            "birth_observed",
            "run_id");
  }

  @Test
  void stickiness_is_dau_over_mau_and_its_average_takes_the_mean_dau_of_28_days() {
    // On 28 January: dau 1 (ann), mau 2. User-days of the 28 days: ann 3, bob 1; mean 4 / 28.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-01-01
                ann  | 2024-01-27
                ann  | 2024-01-28
                bob  | 2024-01-15
                """)
            .table("active_users", TestLog.config(""), "2024-01-29");
    TextRows.assertRows(
        rows.subList(27, 29),
        """
        day        | dau | mau | stickiness | ci_low | ci_high | stickiness_avg
        2024-01-28 | 1   | 2   | 0.5        | 0.0945 | 0.9055  | 0.0714         # 4 / 28 / 2
        2024-01-29 | 0   | 2   | 0          | 0      | 0.6576  | 0.0536         # 3 / 28 / 2
        """);
  }

  @Test
  void a_user_free_on_day_1_and_paid_on_day_5_is_counted_as_free_then_and_as_paid_from_day_5() {
    // The windows carry a user over days without activity, under the value of the day: the window
    // of 1 March moves from free to paid on the 5th, though it still holds the 1st.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time       | plan
                old  | 2024-02-01 | -
                ann  | 2024-03-01 | free
                ann  | 2024-03-05 | paid
                """)
            .table("active_users", BY_PLAN, "2024-03-12");
    TextRows.assertRows(
        TextRows.where(rows, "segment_value", "free"),
        """
        day        | dau | wau | mau
        2024-03-01 | 1   | 1   | 1
        2024-03-02 | 0   | 1   | 1
        2024-03-03 | 0   | 1   | 1
        2024-03-04 | 0   | 1   | 1
        2024-03-05 | 0   | 0   | 0
        2024-03-06 | 0   | 0   | 0
        2024-03-07 | 0   | 0   | 0
        2024-03-08 | 0   | 0   | 0
        2024-03-09 | 0   | 0   | 0
        2024-03-10 | 0   | 0   | 0
        2024-03-11 | 0   | 0   | 0
        2024-03-12 | 0   | 0   | 0
        """);
    TextRows.assertRows(
        TextRows.where(rows, "segment_value", "paid"),
        """
        day        | dau | wau | mau
        2024-03-05 | 1   | 1   | 1
        2024-03-06 | 0   | 1   | 1
        2024-03-07 | 0   | 1   | 1
        2024-03-08 | 0   | 1   | 1
        2024-03-09 | 0   | 1   | 1
        2024-03-10 | 0   | 1   | 1
        2024-03-11 | 0   | 1   | 1
        2024-03-12 | 0   | 0   | 1
        """);
  }

  @Test
  void the_last_value_of_a_day_counts_and_a_lost_value_is_carried_forward() {
    // Bob has two values on the 1st; cid's are never known.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time             | plan
                bob  | 2024-03-01T08:00 | paid
                bob  | 2024-03-01T20:00 | free
                bob  | 2024-03-02       | -
                cid  | 2024-03-02       | -
                """)
            .table("active_users", BY_PLAN, "2024-03-02");
    TextRows.assertRows(
        rows,
        """
        day        | segment | segment_value | segment_basis | dau | new_users
        2024-03-01 | (all)   | (all)         | as_of         | 1   | 1
        2024-03-01 | plan    | free          | as_of         | 1   | 1
        2024-03-02 | (all)   | (all)         | as_of         | 2   | 1
        2024-03-02 | plan    | (unknown)     | as_of         | 1   | 1
        2024-03-02 | plan    | free          | as_of         | 1   | 0
        """);
  }

  @Test
  void an_event_that_is_not_activity_opens_the_log_and_moves_a_user_but_is_no_activity() {
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time       | is     | plan
                ann  | 2024-03-01 | -      | free
                ann  | 2024-03-02 | active | free
                ann  | 2024-03-04 | -      | paid
                bob  | 2024-03-03 | -      | gone
                """)
            .table(
                "active_users",
                TestLog.config("segments: [plan]\nactive-users: {windows: [3]}"),
                "2024-03-05");
    TextRows.assertRows(
        rows,
        """
        day        | segment_value | dau | active_3d | new_users
        2024-03-01 | (all)         | 0   | -         | 0
        2024-03-02 | (all)         | 1   | -         | 1
        2024-03-02 | free          | 1   | -         | 1
        2024-03-03 | (all)         | 0   | 1         | 0
        2024-03-03 | free          | 0   | 1         | 0
        2024-03-04 | (all)         | 0   | 1         | 0
        2024-03-04 | free          | 0   | 0         | 0
        2024-03-04 | paid          | 0   | 1         | 0
        2024-03-05 | (all)         | 0   | 0         | 0
        2024-03-05 | free          | 0   | 0         | 0
        2024-03-05 | paid          | 0   | 0         | 0
        """);
  }

  @Test
  void days_are_those_of_the_zone_and_a_gap_at_midnight_changes_no_count() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2023-12-12T18:00:00Z   # the 13th in Shanghai, +08:00
            """);
    assertThat(log.table("active_users", TestLog.config("timezone: Asia/Shanghai"), "2023-12-13"))
        .extracting(row -> row.get("day"))
        .containsExactly(LocalDate.parse("2023-12-13"));
    // In Cairo 26 April 2024 has no hour 0: 21:59Z is 23:59 of the 25th, 22:00Z is 01:00.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-04-25T21:59:59Z
                bob  | 2024-04-25T22:00:00Z
                bob  | 2024-04-26T20:59:59Z
                """)
            .table("active_users", TestLog.config("timezone: Africa/Cairo"), "2024-04-27");
    TextRows.assertRows(
        rows,
        """
        day        | dau | new_users
        2024-04-25 | 1   | 1
        2024-04-26 | 1   | 1
        2024-04-27 | 0   | 0
        """);
  }

  @Test
  void births_before_history_starts_are_flagged_and_what_comes_after_the_as_of_day_is_unknown() {
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                bob  | 2024-03-02
                cid  | 2024-03-03
                """)
            .table(
                "active_users",
                TestLog.config(
                    """
                    input: {path: in, user: user, time: time, history-starts: 2024-03-02}
                    output: out
                    """),
                "2024-03-02");
    TextRows.assertRows(
        rows,
        """
        day        | dau | new_users | birth_observed
        2024-03-01 | 1   | 1         | false
        2024-03-02 | 1   | 1         | true
        """);
  }

  @Test
  void a_log_without_any_activity_has_no_rows() {
    TestLog log =
        TestLog.of(
            """
            user | time       | is
            ann  | 2024-03-01 | -
            """);
    for (String table :
        List.of("active_users", "active_periods", "growth", "usage_frequency", "usage_habit")) {
      assertThat(log.table(table, TestLog.config(""), "2024-03-02")).as(table).isEmpty();
    }
  }
}
