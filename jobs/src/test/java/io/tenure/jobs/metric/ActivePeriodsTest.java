package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActivePeriodsTest {
  @Test
  void calendar_periods_are_complete_when_they_are_over_and_begin_inside_the_log() {
    // Weeks begin on Monday: 2024-02-26, 03-04, 03-11. As of Sunday the 10th two weeks are over.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time       | plan
                ann  | 2024-02-29 | free
                ann  | 2024-03-01 | free
                ann  | 2024-03-09 | paid
                bob  | 2024-03-05 | free
                """)
            .table("active_periods", TestLog.config("segments: [plan]"), "2024-03-10");
    TextRows.assertRows(
        rows,
        """
        grain | period_start | period_end | segment_value | active_users | is_complete
        month | 2024-02-01   | 2024-03-01 | (all)         | 1            | false
        month | 2024-02-01   | 2024-03-01 | free          | 1            | false
        month | 2024-03-01   | 2024-04-01 | (all)         | 2            | false
        month | 2024-03-01   | 2024-04-01 | free          | 1            | false
        month | 2024-03-01   | 2024-04-01 | paid          | 1            | false
        week  | 2024-02-26   | 2024-03-04 | (all)         | 1            | false
        week  | 2024-02-26   | 2024-03-04 | free          | 1            | false
        week  | 2024-03-04   | 2024-03-11 | (all)         | 2            | true
        week  | 2024-03-04   | 2024-03-11 | free          | 1            | true
        week  | 2024-03-04   | 2024-03-11 | paid          | 1            | true
        """);
  }

  @Test
  void a_value_that_only_loses_users_has_no_row() {
    // Ann moves to paid without being active: paid loses in April whom free had active in March.
    TestLog log =
        TestLog.of(
            """
            user | time       | plan | is
            ann  | 2024-03-01 | free | active
            ann  | 2024-04-02 | paid | visit
            bob  | 2024-04-03 | free | active
            """);
    TenureConfig config = TestLog.config("activities: {active: 'a', visit: 'b'}\nsegments: [plan]");
    TextRows.assertRows(
        TextRows.where(log.table("growth", config, "2024-04-30"), "grain", "month"),
        """
        period_start | segment_value | active_users | churned_users
        2024-03-01   | (all)         | 1            | 0
        2024-03-01   | free          | 1            | 0
        2024-04-01   | (all)         | 1            | 1
        2024-04-01   | free          | 1            | 0
        2024-04-01   | paid          | 0            | 1
        """);
    TextRows.assertRows(
        TextRows.where(log.table("active_periods", config, "2024-04-30"), "grain", "month"),
        """
        period_start | segment_value | active_users
        2024-03-01   | (all)         | 1
        2024-03-01   | free          | 1
        2024-04-01   | (all)         | 1
        2024-04-01   | free          | 1
        """);
  }
}
