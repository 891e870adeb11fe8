package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriversChartTest {
  private static final Canvas CANVAS = new Canvas(140, 30, Palette.NONE);

  private static Map<String, Object> row(
      String value, long users, double rate, double rest, Double difference, Double adjusted) {
    Map<String, Object> row = new HashMap<>();
    row.put("outcome", "churn");
    row.put("period_start", "2025-12-01");
    row.put("segment", "plan");
    row.put("segment_value", value);
    row.put("users", users);
    row.put("rate", rate);
    row.put("rest_rate", rest);
    row.put("difference", difference);
    row.put("difference_ci_low", difference == null ? null : difference - 0.05);
    row.put("difference_ci_high", difference == null ? null : difference + 0.05);
    row.put("p_adjusted", adjusted);
    return row;
  }

  @Test
  void the_surest_comparisons_come_first_and_what_cannot_be_compared_not_at_all() {
    assertThat(
            new DriversChart(
                    List.of(
                        row("basic", 20, 0.2, 0.25, -0.05, 0.4),
                        row("free", 100, 0.4, 0.1, 0.3, 0.0001),
                        row("team", 30, 0.2, 0.3, -0.1, null),
                        row("alone", 30, 0.2, 0.3, null, null)))
                .draw(CANVAS))
        .isEqualTo(
            """
            churn in 2025-12

            outcome  segment  value  verdict        lower ░ │ █ higher  users    rate  others' rate  p adjusted  points, 95 %
            churn    plan     free   beyond chance          │████████     100  40.0 %        10.0 %  <0.001      +30.0 (+25.0 to +35.0)
            churn    plan     basic  within chance         □│              20  20.0 %        25.0 %   0.400      -5.0 (-10.0 to +0.0)
            churn    plan     team   within chance       □□□│              30  20.0 %        30.0 %  ·           -10.0 (-15.0 to -5.0)

            □ within chance: p, adjusted for the number of comparisons, is not 0.05 or less.
            """);
  }

  @Test
  void comparisons_that_are_not_drawn_are_told() {
    List<Map<String, Object>> rows =
        List.of(row("basic", 20, 0.2, 0.25, -0.05, 0.05), row("free", 100, 0.4, 0.1, 0.3, 0.0001));
    assertThat(new DriversChart(rows).draw(new Canvas(140, 1, Palette.NONE)))
        .contains("free   beyond chance")
        .doesNotContain("basic")
        .endsWith("\nthe first 1 of 2 comparisons; --limit shows more\n");
    assertThat(new DriversChart(rows).draw(CANVAS))
        .contains("basic  beyond chance")
        .doesNotContain("--limit");
  }

  @Test
  void retention_says_which_question_and_period() {
    Map<String, Object> row = row("free", 100, 0.4, 0.1, 0.3, 0.0001);
    row.putAll(Map.of("outcome", "retention", "grain", "month", "period", 1, "retention", "visit"));
    assertThat(new DriversChart(List.of(row)).draw(CANVAS))
        .startsWith("retention: back in month 1, question visit\n\n");
  }

  @Test
  void without_comparisons_it_says_so() {
    assertThat(new DriversChart(List.of()).draw(CANVAS)).startsWith("Nothing to compare");
  }
}
