package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final TenureConfig BY_PLAN = TestLog.config("segments: [plan]");

  @Test
  void a_month_has_a_row_for_each_number_of_active_days_and_a_user_counts_once_in_it() {
    TestLog log =
        TestLog.of(
            """
            user | time             | plan
            ann  | 2024-02-01       | free
            ann  | 2024-02-01T10:00 | free
            ann  | 2024-02-29       | paid   # paid as of the end of February, with two days
            bob  | 2024-02-02       | free
            """);
    List<Map<String, Object>> rows = log.table("usage_frequency", BY_PLAN, "2024-02-29");
    assertThat(rows).hasSize(3 * 29);
    TextRows.assertRows(
        rows.stream().filter(row -> (int) row.get("active_days") <= 3).toList(),
        """
        period_start | period_end | segment_value | active_days | users | users_at_least | is_complete
        2024-02-01   | 2024-03-01 | (all)         | 1           | 1     | 2              | true
        2024-02-01   | 2024-03-01 | (all)         | 2           | 1     | 1              | true
        2024-02-01   | 2024-03-01 | (all)         | 3           | 0     | 0              | true
        2024-02-01   | 2024-03-01 | free          | 1           | 1     | 1              | true
        2024-02-01   | 2024-03-01 | free          | 2           | 0     | 0              | true
        2024-02-01   | 2024-03-01 | free          | 3           | 0     | 0              | true
        2024-02-01   | 2024-03-01 | paid          | 1           | 0     | 1              | true
        2024-02-01   | 2024-03-01 | paid          | 2           | 1     | 1              | true
        2024-02-01   | 2024-03-01 | paid          | 3           | 0     | 0              | true
        """);
  }

  @Test
  void more_days_than_the_open_month_has_had_are_not_yet_known() {
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                ann  | 2024-03-02
                """)
            .table("usage_frequency", TestLog.config(""), "2024-03-03");
    assertThat(rows).hasSize(31);
    TextRows.assertRows(
        rows.subList(0, 5),
        """
        active_days | users | users_at_least | is_complete
        1           | 0     | 1              | false
        2           | 1     | 1              | false
        3           | 0     | 0              | false
        4           | -     | -              | false
        5           | -     | -              | false
        """);
  }

  /** Events of a user on days before the as-of day 2024-06-30, which is day 0. */
  private static void use(List<Map<String, String>> events, String user, String plan, int... ago) {
    for (int days : ago) {
      String day = LocalDate.parse("2024-06-30").minusDays(days).toString();
      events.add(Map.of("user", user, "time", day, "plan", plan));
    }
  }

  private static int[] days(int from, int to) {
    int[] days = new int[to - from];
    for (int at = 0; at < days.length; at++) {
      days[at] = from + at;
    }
    return days;
  }

  @Test
  void habits_begin_at_7_14_and_21_of_28_days() {
    List<Map<String, String>> events = new ArrayList<>();
    use(events, "opens the log", "free", 200);
    use(events, "21 days", "free", days(0, 21));
    use(events, "20 days", "free", days(8, 28));
    use(events, "14 days", "free", days(0, 14));
    use(events, "13 days", "free", days(0, 13));
    use(events, "7 days", "free", days(0, 7));
    use(events, "6 days", "paid", days(0, 6));
    use(events, "one day, the first of 28", "paid", 27);
    use(events, "28 days ago", "gone", 28);
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", BY_PLAN, "2024-06-30"),
        """
        day        | segment_value | users_28d | core | regular | casual | infrequent | is_mature
        2024-06-30 | (all)         | 7         | 1    | 2       | 2      | 2          | true
        2024-06-30 | free          | 5         | 1    | 2       | 2      | 0          | true
        2024-06-30 | gone          | 0         | 0    | 0       | 0      | 0          | true
        2024-06-30 | paid          | 2         | 0    | 0       | 0      | 2          | true
        """);
  }

  @Test
  void use_is_forgettable_when_more_than_half_come_on_one_or_two_days_in_84() {
    List<Map<String, String>> events = new ArrayList<>();
    use(events, "born 84 days back, one day", "free", 83);
    use(events, "two days", "free", 120, 40, 3);
    use(events, "three days", "free", 90, 60, 30, 0);
    use(events, "without tenure", "free", 82, 5);
    use(events, "gone for 84 days", "free", 100, 84);
    use(events, "monthly", "paid", 150, 70, 40, 10);
    use(events, "rare", "paid", 150, 70);
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", BY_PLAN, "2024-06-30"),
        """
        segment_value | users_84d | users_below_monthly | share_below_monthly | is_forgettable | is_mature_84d
        (all)         | 5         | 3                   | 0.6                 | true           | true
        free          | 3         | 2                   | 0.6667              | true           | true
        paid          | 2         | 1                   | 0.5                 | false          | true
        """);
  }

  @Test
  void habits_are_unknown_until_the_log_has_28_days_and_the_spectrum_until_it_has_84() {
    List<Map<String, String>> events = new ArrayList<>();
    use(events, "ann", "free", 26, 0);
    String columns = "users_28d | core | infrequent | is_mature | users_84d | is_forgettable\n";
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", TestLog.config(""), "2024-06-30"),
        columns + "- | - | - | false | - | -");
    use(events, "bob", "free", 27, 0);
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", TestLog.config(""), "2024-06-30"),
        columns + "2 | 0 | 2 | true | - | -");
    use(events, "cid", "free", 82);
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", TestLog.config(""), "2024-06-30"),
        columns + "2 | 0 | 2 | true | - | -");
    use(events, "dan", "free", 83);
    TextRows.assertRows(
        TestLog.of(events).table("usage_habit", TestLog.config(""), "2024-06-30"),
        columns + "2 | 0 | 2 | true | 1 | true");
  }
}
