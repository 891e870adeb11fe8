package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActivityChartsTest {
  private static final Canvas CANVAS = Canvas.of(Palette.NONE);
  private static final TenureConfig CONFIG = TestLog.config("segments: [plan]");

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | plan
          ann  | 2024-02-01 | free
          ann  | 2024-02-27 | free
          ann  | 2024-03-01 | paid
          bob  | 2024-02-02 | free
          bob  | 2024-02-28 | free
          cid  | 2024-02-28 | free
          """);

  private static List<Map<String, Object>> rows(String table) {
    return LOG.table(table, CONFIG, "2024-03-01");
  }

  @Test
  void a_sparkline_tells_nothing_from_something_and_from_the_unknown() {
    assertThat(Bars.sparkline(Arrays.asList(0, 1, 50, 100, null, 800L))).isEqualTo(" ▁▁▁·█");
    assertThat(Bars.sparkline(List.of(0, 0))).isEqualTo("  ");
    assertThat(Bars.sparkline(List.of())).isEmpty();
  }

  @Test
  void parts_of_a_bar_are_together_as_long_as_their_sum() {
    // Thirds of ten: ends at 3.3, 6.7 and 10.
    assertThat(Bars.stacked(List.of(1L, 1L, 1L), "abc", 3, 10)).isEqualTo("aaabbbbccc");
    assertThat(Bars.stacked(List.of(0L), "a", 0, 10)).isEmpty();
  }

  @Test
  void active_users_are_a_line_for_each_segment_value() {
    assertThat(new ActiveUsersChart(rows("active_users")).draw(CANVAS))
        .isEqualTo(
            """
            segment  value  dau of 24 days            dau  wau  mau  new_users  stickiness  stickiness_avg
            (all)    (all)                      ▄█ ▄    1    3    3          0      33.3 %           4.8 %
            plan     free                       ▄█      0    2    2          0       0.0 %           5.4 %
            plan     paid                          █    1    1    1          0     100.0 %           3.6 %
            """);
  }

  /** As --where "dau > 0" leaves them. */
  @Test
  void a_value_without_a_row_of_the_last_day_has_no_counts_of_another_one() {
    List<Map<String, Object>> active =
        rows("active_users").stream().filter(row -> (Long) row.get("dau") > 0).toList();
    assertThat(new ActiveUsersChart(active).draw(CANVAS))
        .isEqualTo(
            """
            segment  value  dau of 24 days            dau  wau  mau  new_users  stickiness  stickiness_avg
            (all)    (all)                      ▄█·▄    1    3    3          0      33.3 %           4.8 %
            plan     free                       ▄█··    ·    ·    ·          ·           ·               ·
            plan     paid                          █    1    1    1          0     100.0 %           3.6 %
            """);
  }

  @Test
  void growth_has_the_lost_to_the_left_and_the_gained_to_the_right() {
    List<Map<String, Object>> weeks =
        rows("growth").stream()
            .filter(row -> row.get("grain").equals("week") && row.get("segment").equals("(all)"))
            .toList();
    assertThat(new GrowthChart(weeks).draw(CANVAS))
        .isEqualTo(
            """
            period      lost ░ │ █ new ▒ back    active  new  back  retained  churned  retention rate  quick
            2024-01-29             │███████           2    2     0         0        0               ·      ·
            2024-02-05      ░░░░░░░│                  0    0     0         0        2           0.0 %  0.000
            2024-02-12             │                  0    0     0         0        0               ·      ·
            2024-02-19             │                  0    0     0         0        0               ·      ·
            2024-02-26             │████▒▒▒▒▒▒▒       3    1     2         0        ·               ·      ·

            2024-02-26 is not over: its users are those so far.
            """);
    assertThat(new GrowthChart(weeks.subList(0, 4)).draw(CANVAS))
        .doesNotContain("so far", "--limit");
    assertThat(new GrowthChart(weeks).draw(new Canvas(100, 2, Palette.NONE)))
        .contains("2024-02-19", "2024-02-26 is not over")
        .doesNotContain("2024-02-12")
        .endsWith("\nthe last 2 of 5 periods; --limit shows more\n");
  }

  @Test
  void habits_divide_the_users_of_28_days() {
    // Halves and quarters of 20 columns; of 3 users, 2 are 13.3 columns.
    List<Map<String, Object>> rows =
        List.of(
            habit("paid", 1L, 0L, 0L, 1L, 0L, 0.5),
            habit("free", 3L, 2L, 0L, 0L, 1L, 0.25),
            habit("young", null, null, null, null, null, null),
            habit("all", 4L, 2L, 0L, 1L, 1L, 0.3));
    assertThat(new UsageHabitChart(rows).draw(CANVAS))
        .isEqualTo(
            """
            segment  value  28 days █▓▒░          users  core  regular  casual  infreq.  share below monthly
            plan     all    ██████████▒▒▒▒▒░░░░░      4     2        0       1        1               30.0 %
            plan     free   █████████████░░░░░░░      3     2        0       0        1               25.0 %
            plan     paid   ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      1     0        0       1        0               50.0 %
            plan     young                            ·     ·        ·       ·        ·                    ·
            """);
    assertThat(new UsageHabitChart(rows).draw(new Canvas(100, 2, Palette.NONE)))
        .contains("all", "free")
        .doesNotContain("paid")
        .endsWith("\nthe first 2 of 4 segment values; --limit shows more\n");
  }

  private static Map<String, Object> habit(
      String value,
      Long users,
      Long core,
      Long regular,
      Long casual,
      Long infrequent,
      Double share) {
    Map<String, Object> row = new HashMap<>();
    row.put("segment", "plan");
    row.put("segment_value", value);
    row.put("users_28d", users);
    row.put("core", core);
    row.put("regular", regular);
    row.put("casual", casual);
    row.put("infrequent", infrequent);
    row.put("share_below_monthly", share);
    return row;
  }

  @Test
  void without_rows_there_is_a_sentence() {
    assertThat(new ActiveUsersChart(List.of()).draw(CANVAS)).isEqualTo("No active users.\n");
    assertThat(new GrowthChart(List.of()).draw(CANVAS)).isEqualTo("No growth.\n");
    assertThat(new UsageHabitChart(List.of()).draw(CANVAS)).isEqualTo("No habits.\n");
  }
}
