package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunnelChartTest {
  private static final Canvas CANVAS = new Canvas(140, 30, Palette.NONE);

  private static Map<String, Object> row(
      String value, int step, String activity, long users, long dropped, long pending) {
    Map<String, Object> row = new HashMap<>();
    row.put("funnel", "buying");
    row.put("segment", value.equals("(all)") ? "(all)" : "plan");
    row.put("segment_value", value);
    row.put("step", step);
    row.put("activity", activity);
    row.put("users", users);
    row.put("dropped", dropped);
    row.put("pending", pending);
    row.put("closed_users", users - pending);
    row.put("closed_entered_users", 90L);
    row.put("is_largest_drop", dropped == 50);
    row.put("step_conversion", step == 1 ? null : 0.5);
    row.put("overall_conversion", 1.0 / step);
    row.put("median_seconds", step == 1 ? 0.0 : 93_784.0);
    return row;
  }

  @Test
  void a_step_is_as_long_as_its_users_and_says_what_became_of_them() {
    assertThat(
            new FunnelChart(
                    List.of(row("(all)", 2, "buy", 40, 0, 0), row("(all)", 1, "view", 100, 50, 10)))
                .draw(CANVAS))
        .isEqualTo(
            """
            funnel  step    on █ stopped ░        closed  of entered  of step before  median time  stopped  pending
            buying  1 view  █████████░░░░░░░░░░░      90     100.0 %               ·  0 s               50       10
                    2 buy   █████████                 40      50.0 %          50.0 %  1 d 02 h           0        0

            closed: users whose window is over; pending: others, who may still go on.
            buying: most leave after step 1, view: 50 of 90 users whose window is over.
            """);
  }

  @Test
  void values_of_a_dimension_stand_one_after_the_other() {
    assertThat(
            new FunnelChart(
                    List.of(row("pro", 1, "view", 3, 1, 0), row("free", 1, "view", 4, 1, 0)))
                .draw(CANVAS))
        .contains("funnel  segment  value  step")
        .containsSubsequence("buying  plan     free", "buying  plan     pro");
  }

  @Test
  void steps_that_are_not_drawn_are_told() {
    assertThat(
            new FunnelChart(
                    List.of(row("pro", 1, "view", 3, 1, 0), row("free", 1, "view", 4, 1, 0)))
                .draw(new Canvas(140, 1, Palette.NONE)))
        .contains("free")
        .doesNotContain("pro  ")
        .endsWith("\nthe first 1 of 2 steps; --limit shows more\n");
  }

  @Test
  void a_step_without_the_first_one_is_as_long_as_its_share_of_those_who_entered() {
    assertThat(new FunnelChart(List.of(row("(all)", 2, "buy", 45, 0, 0))).draw(CANVAS))
        .contains("buying  2 buy  ██████████  ");
  }

  @Test
  void where_nobody_entered_it_says_so() {
    assertThat(new FunnelChart(List.of()).draw(CANVAS)).isEqualTo("Nobody took the first step.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59.4, 59 s",
    "60, 1 min 00 s",
    "3599, 59 min 59 s",
    "3660, 1 h 01 min",
    "90000, 1 d 01 h",
    "8640000, 100 d 00 h"
  })
  void times_are_in_their_two_largest_units(double seconds, String text) {
    assertThat(FunnelChart.time(seconds)).isEqualTo(text);
  }
}
