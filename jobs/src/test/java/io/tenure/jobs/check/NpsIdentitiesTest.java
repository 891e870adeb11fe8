package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class NpsIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country]
          churn: {inactive-days: 10}
          nps: {touchpoints: {support: a, product: b}, churn-days: 20}
          """);

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | support | product | country
          ann  | 2024-01-05 | 10      | 8       | RO
          bob  | 2024-01-06 | 3       | -       | DE
          cid  | 2024-02-07 | -       | 9       | -
          """);

  @Test
  void each_notices_a_wrong_number() {
    Scope scope =
        new Scope(
            CONFIG,
            (int) LocalDate.parse("2024-01-05").toEpochDay(),
            (int) LocalDate.parse("2024-03-31").toEpochDay());
    List<Identity> identities = WrongNumber.andSegmentSums(NpsIdentities.of(CONFIG), scope, "nps");
    assertThat(identities).hasSize(5);
    String january = "grain = month AND period_start = 2024-01-01 AND segment = (all)";
    WrongNumber.assertNoticed(
        identities,
        WrongNumber.tables(LOG, scope, "2024-03-31"),
        List.of(
            new WrongNumber(
                "nps_groups_sum_to_the_answers",
                "nps",
                january + " AND touchpoint = support",
                "answers",
                3L,
                "month, (all), (all), 2024-01-01, support: expected 3, found 2"),
            new WrongNumber(
                "nps_followed_are_answers",
                "nps",
                january + " AND touchpoint = support",
                "promoters_churned",
                2L,
                "month, (all), (all), 2024-01-01, support, promoters: expected at most 1, found 2"),
            new WrongNumber(
                "nps_touchpoints_sum_to_all",
                "nps",
                january + " AND touchpoint = product",
                "passives",
                2L,
                "month, (all), (all), 2024-01-01, passives: expected 1, found 2"),
            new WrongNumber(
                "nps_months_sum_to_quarters",
                "nps",
                january + " AND touchpoint = support",
                "detractors",
                2L,
                "(all), (all), support, 2024-01-01, detractors: expected 1, found 2"),
            new WrongNumber(
                "nps_segments_sum_to_the_whole",
                "nps",
                "grain = month AND period_start = 2024-01-01 AND segment_value = DE"
                    + " AND touchpoint = support",
                "detractors_followed",
                2L,
                "month, 2024-01-01, support, country, detractors_followed: expected 1, found 2")));
  }

  @Test
  void without_touchpoints_there_are_none() {
    assertThat(NpsIdentities.of(TestLog.config("week-start: monday"))).isEmpty();
  }
}
