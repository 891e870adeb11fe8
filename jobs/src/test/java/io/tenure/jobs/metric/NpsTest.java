package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NpsTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country]
          churn: {inactive-days: 10}
          nps: {touchpoints: {support: a, product: b}, churn-days: 40}
          """);

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time             | support | product | country
          ann  | 2024-01-05T10:00 | 10      | 8       | RO
          ann  | 2024-01-05T11:00 | 9       | -       | -      # the last of the day counts, by touchpoint
          ann  | 2024-01-14       | -       | -       | DE
          ben  | 2024-01-05       | 0       | -       | -
          ben  | 2024-01-15       | -       | -       | -
          ben  | 2024-01-25       | -       | -       | -
          ben  | 2024-02-04       | 6       | -       | -      # silent from here on: gone on the 15th
          cid  | 2024-02-20       | -       | 7       | -
          """);

  private static List<String> lines(String touchpoint, String asOf, String... columns) {
    return TextRows.where(
            TextRows.where(
                TextRows.where(LOG.table("nps", CONFIG, asOf), "segment", "(all)"),
                "grain",
                "month"),
            "touchpoint",
            touchpoint)
        .stream()
        .map(row -> TextRows.line(row, List.of(columns)))
        .toList();
  }

  @Test
  void the_last_answer_of_a_day_counts_at_each_touchpoint() {
    String[] groups = {"period_start", "answers", "promoters", "passives", "detractors"};
    assertThat(lines("support", "2024-02-29", groups))
        .containsExactly("2024-01-01 | 2 | 1 | 0 | 1", "2024-02-01 | 1 | 0 | 0 | 1");
    assertThat(lines("product", "2024-02-29", groups))
        .containsExactly("2024-01-01 | 1 | 0 | 1 | 0", "2024-02-01 | 1 | 0 | 1 | 0");
    assertThat(lines("(all)", "2024-02-29", groups))
        .containsExactly("2024-01-01 | 3 | 1 | 1 | 1", "2024-02-01 | 2 | 0 | 1 | 1");
  }

  @Test
  void who_has_left_is_said_when_it_is_known_of_everybody() {
    String[] churn = {
      "promoters_followed",
      "promoters_churned",
      "detractors_followed",
      "detractors_churned",
      "is_mature",
      "matures_on"
    };
    // ann leaves on 25 January, 20 days after; ben on 15 February, 41 days after, and 11.
    assertThat(lines("support", "2024-03-10", churn))
        .containsExactly(
            "1 | 1 | 1 | 0 | true | 2024-03-11",
            "- | - | - | - | false | 2024-04-09",
            "- | - | - | - | false | 2024-05-10");
    assertThat(lines("support", "2024-04-08", churn).get(1))
        .isEqualTo("0 | 0 | 1 | 1 | true | 2024-04-09");
  }

  @Test
  void an_answer_counts_under_the_value_of_its_day() {
    assertThat(
            TextRows.where(
                    TextRows.where(LOG.table("nps", CONFIG, "2024-01-31"), "touchpoint", "(all)"),
                    "grain",
                    "month")
                .stream()
                .map(row -> TextRows.line(row, List.of("segment_value", "answers"))))
        .containsExactly("(all) | 3", "(unknown) | 1", "RO | 2");
  }

  @Test
  void a_user_who_is_gone_is_not_followed() {
    TenureConfig config =
        TestLog.config(
            """
            activities: {active: visit}
            churn: {inactive-days: 5}
            nps: {touchpoints: {mail: a}, churn-days: 30}
            """);
    Map<String, Object> row =
        TestLog.of(
                """
                user | time       | is     | mail
                ann  | 2024-01-01 | active | -
                ann  | 2024-01-20 | -      | 3    # answers a mail, long gone
                bob  | 2024-01-20 | -      | 4    # was never there
                cid  | 2024-01-20 | active | 5
                dan  | 2024-01-14 | active | -
                dan  | 2024-01-20 | -      | 2    # five days of silence are over: gone on this day
                """)
            .table("nps", config, "2024-03-31")
            .get(0);
    assertThat(row)
        .containsEntry("detractors", 4L)
        .containsEntry("detractors_followed", 1L)
        .containsEntry("detractors_churned", 1L);
  }

  @Test
  void of_answers_at_one_instant_the_greatest_is_the_last() {
    Map<String, Object> row =
        TestLog.of(
                """
                user | time       | is     | mail
                ann  | 2024-01-20 | active | 9
                ann  | 2024-01-20 | active | 10
                ann  | 2024-01-20 | active | 6
                """)
            .table("nps", TestLog.config("nps: {touchpoints: {mail: m}}"), "2024-03-31")
            .get(0);
    assertThat(row).containsEntry("promoters", 1L).containsEntry("answers", 1L);
  }

  @Test
  void an_interval_has_its_score_in_it() {
    assertThat(NetScore.of(1, 0, 0).high()).isEqualTo(100);
    assertThat(NetScore.of(0, 0, 1).low()).isEqualTo(-100);
  }

  @Test
  void an_interval_is_adjusted() {
    // Six promoters of six: with 6.75 and 0.75 of 9 the share is 2/3, its variance 7.5/9 - 4/9.
    NetScore score = NetScore.of(6, 0, 0);
    double spread = 1.959963984540054 * Math.sqrt((7.5 / 9 - 4.0 / 9) / 9);
    assertThat(score.score()).isEqualTo(100);
    assertThat(score.low()).isCloseTo(100 * (2.0 / 3 - spread), within(1e-9));
    assertThat(score.high()).isEqualTo(100);
    assertThat(NetScore.of(0, 0, 0)).isEqualTo(new NetScore(null, null, null));
    assertThat(NetScore.of(0, 5, 0).score()).isZero();
    assertThat(NetScore.of(0, 5, 0).low())
        .isCloseTo(-100 * 1.959963984540054 * Math.sqrt(1.5 / 8 / 8), within(1e-9));
  }
}
