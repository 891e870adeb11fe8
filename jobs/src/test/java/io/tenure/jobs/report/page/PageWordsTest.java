package io.tenure.jobs.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page says where a number is not there. */
class PageWordsTest {
  private static final TenureConfig CONFIG = TestLog.config("");

  private static LogTables tables(String asOf) {
    return new LogTables(TestLog.of("user | time\nann | 2024-01-01"), CONFIG, asOf);
  }

  private static RetentionData.Triangle triangle(
      String question, String grain, List<Integer> hidden) {
    return new RetentionData.Triangle(
        question,
        grain,
        0,
        null,
        2,
        List.of(
            new RetentionData.Cohort(
                "2024-01-01", 9L, Arrays.asList(9L, null, null), hidden, "2024-04-01")),
        List.of());
  }

  private static List<String> assurance(RetentionData.Triangle... triangles) {
    return Assurance.of(
        tables("2024-01-01").run(),
        new RetentionData(List.of(triangles)),
        new ShownSegments(List.of(), List.of()),
        PrivacyConfig.NONE,
        tables("2024-01-01"));
  }

  @Test
  void cells_that_are_hidden_are_final_and_of_several_questions_one_is_named() {
    String others =
        "; the others are hatched until their period is over for every user of the cohort.";
    assertThat(assurance(triangle("default", "month", List.of())))
        .contains("1 of 3 cells of the triangle by month are final" + others);
    assertThat(
            assurance(
                triangle("default", "month", List.of(1)), triangle("buys", "week", List.of())))
        .contains(
            "2 of 3 cells of the triangle by month of default are final, 1 of them hidden"
                + others);
  }

  private static String stickiness(String asOf, PrivacyConfig privacy) {
    LogTables tables = tables(asOf);
    return ReportPage.view(CONFIG, privacy, tables.run(), tables).tiles().stream()
        .filter(tile -> tile.name().equals("stickiness"))
        .findFirst()
        .orElseThrow()
        .figure();
  }

  @Test
  void where_nobody_was_active_there_is_nothing_to_wait_for() {
    assertThat(stickiness("2024-01-27", PrivacyConfig.NONE)).isEqualTo("not yet known");
    assertThat(stickiness("2024-01-27", new PrivacyConfig(2, 1))).isEqualTo("not shown");
    assertThat(stickiness("2024-01-29", PrivacyConfig.NONE)).isEqualTo("nobody active");
  }
}
