package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevenueChartTest {
  private static final Canvas CANVAS = Canvas.of(Palette.NONE);

  @Test
  void a_month_has_the_money_lost_to_the_left_and_the_money_gained_to_the_right() {
    TenureConfig config =
        TestLog.config("input: {path: in, user: user, time: time, amount: amount}\noutput: out\n");
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2024-01-10 | 10
            bob  | 2024-01-10 | 40
            cid  | 2024-01-10 | 50
            bob  | 2024-02-10 | 30
            cid  | 2024-02-10 | 60
            ann  | 2024-03-10 | 100.005
            bob  | 2024-04-01 | 1
            """);
    assertThat(new RevenueChart(log.table("revenue_retention", config, "2024-04-02")).draw(CANVAS))
        .isEqualTo(
            """
            month       lost ░ │ █ new ▓ grown ▒ back  opening  closing  gross rate  net rate  kept  lost  won
            2024-01-01                │██████████████     0.00   100.00           ·         ·     0     0    3
            2024-02-01             ░░░│▓                100.00    90.00      80.0 %    90.0 %     2     1    0
            2024-03-01   ░░░░░░░░░░░░░│▒▒▒▒▒▒▒▒▒▒▒▒▒▒    90.00   100.00       0.0 %     0.0 %     0     2    1
            2024-04-01                │                 100.00        ·           ·         ·     ·     ·    ·
            """);
  }

  @Test
  void months_that_are_not_drawn_are_told() {
    TenureConfig config =
        TestLog.config("input: {path: in, user: user, time: time, amount: amount}\noutput: out\n");
    TestLog log = TestLog.of("user | time | amount\nann | 2024-01-10 | 10");
    assertThat(
            new RevenueChart(log.table("revenue_retention", config, "2024-04-02"))
                .draw(new Canvas(100, 3, Palette.NONE)))
        .doesNotContain("2024-01-01")
        .contains("2024-02-01")
        .endsWith("\nthe last 3 of 4 months; --limit shows more\n");
  }

  @Test
  void without_rows_it_says_so() {
    assertThat(new RevenueChart(List.of()).draw(CANVAS)).isEqualTo("No revenue.\n");
  }
}
