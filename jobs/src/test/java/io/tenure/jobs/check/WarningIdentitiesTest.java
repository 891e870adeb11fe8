package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningIdentitiesTest {
  private static final TenureConfig SILENCE =
      TestLog.config("churn: {inactive-days: 10}\nactive-users: {windows: [10]}");

  private static final TestLog VISITS =
      TestLog.of(
          """
          user | time
          ann  | 2024-01-28
          bob  | 2024-01-29
          bob  | 2024-02-08
          bob  | 2024-02-17
          bob  | 2024-02-27
          cid  | 2024-01-30
          dan  | 2024-02-25
          """);

  private static final TenureConfig SUBSCRIPTIONS =
      TestLog.config(
          """
          churn: {mode: cancellation, inactive-days: 10, events: {start: "a", cancel: "b"}}
          """);

  private static final TestLog SUBSCRIBERS =
      TestLog.of(
          """
          user | time       | is
          ann  | 2024-01-28 | active start
          ann  | 2024-02-01 | active cancel
          bob  | 2024-01-29 | active start
          cid  | 2024-02-20 | active start
          """);

  private static Scope scope(TenureConfig config) {
    return new Scope(
        config,
        (int) LocalDate.parse("2024-01-28").toEpochDay(),
        (int) LocalDate.parse("2024-03-04").toEpochDay());
  }

  @Test
  void each_notices_a_wrong_number_of_visitors() {
    assertNoticed(
        SILENCE,
        VISITS,
        // Of 10 rows of a day, the one whose threshold nobody reaches.
        new WrongNumber(
            "flagged_users_are_users",
            "risk_backtest",
            "as_of = 2024-02-29 AND threshold = 0.8",
            "flagged_users",
            3L,
            "2024-02-29, flagged: expected at most 2, found 3"),
        new WrongNumber(
            "risks_are_of_active_users",
            "risk_backtest",
            "as_of = 2024-02-29 AND threshold = 0.8",
            "users",
            4L,
            "2024-02-29: expected 2, found 4"));
  }

  @Test
  void each_notices_a_wrong_number_of_subscribers() {
    assertNoticed(
        SUBSCRIPTIONS,
        SUBSCRIBERS,
        new WrongNumber(
            "flagged_users_are_users",
            "risk_backtest",
            "as_of = 2024-01-31 AND threshold = 0.8",
            "churned_users",
            3L,
            "2024-01-31, churned: expected at most 2, found 3"),
        new WrongNumber(
            "risks_are_of_subscribers",
            "churn_periods",
            "grain = month AND period_start = 2024-02-01",
            "users_at_start",
            3L,
            "2024-02-01: expected 3, found 2"));
  }

  private static void assertNoticed(TenureConfig config, TestLog log, WrongNumber... faults) {
    List<Identity> identities = WarningIdentities.of(scope(config));
    assertThat(identities).hasSize(2);
    WrongNumber.assertNoticed(
        identities, WrongNumber.tables(log, scope(config), "2024-03-04"), List.of(faults));
  }
}
