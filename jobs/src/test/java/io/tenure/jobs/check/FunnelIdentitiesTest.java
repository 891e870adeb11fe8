package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunnelIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          activities: {view: view, buy: buy}
          segments: [country]
          funnels:
            - {name: any, steps: [active, buy], window: 10 days}
            - {name: buying, steps: [view, buy], window: 10 days}
          """);

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | is          | country
          ann  | 2024-02-01 | active view | RO
          ann  | 2024-02-02 | active buy  | RO
          bob  | 2024-02-03 | active view | DE
          cid  | 2024-03-01 | active view | DE
          dan  | 2024-03-02 | active buy  | -
          """);

  /** 30 March 2024 ends at 23:00 in Nuuk. */
  @Test
  void a_window_that_begins_in_an_hour_left_out_is_over_with_those_of_its_day() {
    TenureConfig config =
        TestLog.config(
            """
            timezone: America/Nuuk
            week-start: sunday
            activities: {buy: buy}
            funnels: [{name: any, steps: [active, buy], window: 14 days}]
            """);
    TestLog log =
        TestLog.of(
            """
            user | time             | is
            ann  | 2024-03-30T23:30 | active
            """);
    for (int day = 12; day <= 14; day++) {
      String asOf = "2024-04-" + day;
      Scope scope =
          new Scope(
              config,
              (int) LocalDate.parse("2024-03-30").toEpochDay(),
              (int) LocalDate.parse(asOf).toEpochDay());
      Judgement.require(
          Judgement.of(WrongNumber.identities(scope), WrongNumber.tables(log, scope, asOf)));
    }
  }

  @Test
  void each_notices_a_wrong_number() {
    Scope scope =
        new Scope(
            CONFIG,
            (int) LocalDate.parse("2024-02-01").toEpochDay(),
            (int) LocalDate.parse("2024-03-04").toEpochDay());
    List<Identity> identities =
        WrongNumber.andSegmentSums(FunnelIdentities.of(CONFIG), scope, "funnel", "funnel_periods");
    assertThat(identities).hasSize(8);
    String whole = "funnel = buying AND segment = (all) AND step = 2";
    String february = "funnel = any AND grain = month AND period_start = 2024-02-01";
    WrongNumber.assertNoticed(
        identities,
        WrongNumber.tables(LOG, scope, "2024-03-04"),
        List.of(
            new WrongNumber(
                "funnel_steps_add_up",
                "funnel",
                whole,
                "users",
                2L,
                "buying, (all), (all), 2: expected 1, found 2"),
            new WrongNumber(
                "funnel_closed_steps_add_up",
                "funnel",
                whole,
                "closed_users",
                2L,
                "buying, (all), (all), 2: expected 1, found 2"),
            new WrongNumber(
                "funnel_period_steps_add_up",
                "funnel_periods",
                february + " AND segment = (all) AND step = 2",
                "users",
                2L,
                "any, month, 2024-02-01, (all), (all), 2: expected 1, found 2"),
            new WrongNumber(
                "funnel_stopped_users_are_counts",
                "funnel",
                whole,
                "dropped",
                -1L,
                "buying, (all), (all), 2: expected at least 0, found -1"),
            new WrongNumber(
                "funnel_users_are_those_of_months",
                "funnel",
                whole,
                "users",
                3L,
                "buying, (all), (all), 2: expected at least 3, found 1"),
            new WrongNumber(
                "funnels_are_entered_by_active_users",
                "funnel_periods",
                february + " AND segment = (all) AND step = 1",
                "users",
                3L,
                "month, 2024-02-01: expected 2, found 3"),
            new WrongNumber(
                "funnel_segments_sum_to_the_whole",
                "funnel",
                "funnel = buying AND segment_value = DE AND step = 1",
                "pending",
                2L,
                "buying, 1, country, pending: expected 1, found 2"),
            new WrongNumber(
                "funnel_segments_sum_to_the_whole",
                "funnel",
                "funnel = buying AND segment_value = DE AND step = 2",
                "closed_previous_users",
                7L,
                "buying, 2, country, closed_previous_users: expected 2, found 8"),
            new WrongNumber(
                "funnel_periods_segments_sum_to_the_whole",
                "funnel_periods",
                february + " AND segment_value = DE AND step = 1",
                "dropped",
                2L,
                "any, month, 2024-02-01, 1, country, dropped: expected 1, found 2")));
  }

  @Test
  void without_funnels_there_are_none() {
    assertThat(FunnelIdentities.of(TestLog.config("week-start: monday"))).isEmpty();
  }
}
