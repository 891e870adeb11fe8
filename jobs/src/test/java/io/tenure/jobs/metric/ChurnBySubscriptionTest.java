package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Churn in a log of subscriptions: what ends one, what does not, and what cannot be. */
class ChurnBySubscriptionTest {
  static final String CANCELLATION =
      """
      segments: [contract]
      churn:
        mode: cancellation
        events: {start: a, cancel: b, pause: c, resume: d, downgrade: e, upgrade: f,
                 payment-failed: g, renewal: h}
      """;

  private static final TenureConfig CONFIG = TestLog.config(CANCELLATION);

  @Test
  void a_cancel_is_a_churn_on_its_day_and_silence_is_none() {
    TestLog log =
        log(
            """
            ann | 2024-01-10 | start
            ann | 2024-03-05 | cancel
            bob | 2024-01-10 | start    # never heard of again, and subscribed
            """);

    assertThat(month(log, "2024-03-01"))
        .containsEntry("users_at_start", 2L)
        .containsEntry("churned_users", 1L)
        .containsEntry("users_at_end", 1L)
        // 4 days of ann, 31 of bob.
        .containsEntry("person_days", 35L);
    assertThat(anomalies(log)).isEmpty();
  }

  @Test
  void a_pause_is_neither_presence_nor_churn() {
    // Paused from 20 February to 9 March: 10 days of February, 9 of March.
    TestLog log =
        log(
            """
            ann | 2024-01-10 | start
            ann | 2024-02-20 | pause
            ann | 2024-03-10 | resume
            """);

    assertThat(month(log, "2024-02-01"))
        .containsEntry("person_days", 19L)
        .containsEntry("paused_users_at_start", 0L);
    assertThat(month(log, "2024-03-01"))
        .containsEntry("users_at_start", 1L)
        .containsEntry("paused_users_at_start", 1L)
        .containsEntry("churned_users", 0L)
        .containsEntry("person_days", 22L);
  }

  @Test
  void a_downgrade_and_a_failed_payment_lose_nobody() {
    TestLog log =
        log(
            """
            ann | 2024-01-10 | start
            ann | 2024-03-05 | downgrade
            ann | 2024-03-06 | payment-failed
            ann | 2024-03-07 | upgrade
            """);

    assertThat(month(log, "2024-03-01")).containsEntry("churned_users", 0L);
    assertThat(anomalies(log)).isEmpty();
  }

  @Test
  void who_cancels_and_starts_on_one_day_is_lost_and_begins_again() {
    TestLog log =
        log(
            """
            ann | 2024-01-10       | start
            ann | 2024-03-05T09:00 | cancel
            ann | 2024-03-05T10:00 | start
            bob | 2024-03-06T09:00 | start
            bob | 2024-03-06T10:00 | cancel   # a spell of no day
            """);

    assertThat(month(log, "2024-03-01"))
        .containsEntry("users_at_start", 1L)
        .containsEntry("churned_users", 1L)
        .containsEntry("spells_begun", 2L)
        .containsEntry("joined_and_churned_users", 1L)
        .containsEntry("users_at_end", 1L)
        .containsEntry("person_days", 31L);
    assertThat(anomalies(log)).isEmpty();
  }

  @Test
  void events_of_one_instant_come_in_the_order_in_which_they_can() {
    TestLog log =
        log(
            """
            ann | 2024-01-10 | start
            ann | 2024-03-05 | start     # in a log of days: a new plan
            ann | 2024-03-05 | cancel
            bob | 2024-03-06 | cancel    # tried for less than a day
            bob | 2024-03-06 | start
            cid | 2024-03-07 | start cancel
            dan | 2024-01-10 | start
            dan | 2024-02-10 | pause
            dan | 2024-03-08 | pause     # goes on, and pauses again
            dan | 2024-03-08 | resume
            dan | 2024-03-08 | downgrade
            """);

    assertThat(month(log, "2024-03-01"))
        .containsEntry("users_at_start", 2L)
        .containsEntry("paused_users_at_start", 1L)
        .containsEntry("churned_users", 1L)
        .containsEntry("spells_begun", 3L)
        .containsEntry("joined_and_churned_users", 2L)
        .containsEntry("users_at_end", 2L)
        .containsEntry("person_days", 31L);
    assertThat(anomalies(log)).isEmpty();
  }

  @Test
  void events_of_a_day_are_possible_if_they_are_in_any_order() {
    TestLog log =
        log(
            """
            ann | 2024-01-10       | start
            ann | 2024-03-05T08:00 | cancel
            ann | 2024-03-05T12:00 | start
            ann | 2024-03-05T16:00 | pause
            ann | 2024-03-05T20:00 | resume
            """);

    assertThat(anomalies(log)).isEmpty();
    assertThat(month(log, "2024-03-01"))
        .containsEntry("churned_users", 1L)
        .containsEntry("spells_begun", 1L)
        .containsEntry("users_at_end", 1L)
        .containsEntry("person_days", 31L);
  }

  @Test
  void a_renewal_before_the_end_of_a_term_is_for_the_next_one() {
    // Ten annual contracts end on 1 March. Nine are renewed in February, one is cancelled.
    StringBuilder events = new StringBuilder("user | time | is | contract\n");
    for (int user = 0; user < 10; user++) {
      events.append("u%d | 2023-03-01 | start | annual\n".formatted(user));
      events.append(
          user < 9
              ? "u%d | 2024-02-28 | renewal | annual\n".formatted(user)
              : "u9 | 2024-03-01 | cancel | annual\n");
    }
    TestLog log = TestLog.of(events.toString());

    assertThat(month(log, "2024-02-01")).containsEntry("could_leave_users", 0L);
    assertThat(month(log, "2024-03-01"))
        .containsEntry("could_leave_users", 10L)
        .containsEntry("could_leave_churned_users", 1L);
  }

  @Test
  void a_renewal_after_the_end_of_a_term_begins_one_on_its_day() {
    // A term ends on 31 January; the renewal comes five days later, for a year from then on.
    TestLog log =
        TestLog.of(
            """
            user | time       | is      | contract
            ann  | 2023-12-31 | start   | monthly
            ann  | 2024-02-05 | renewal | annual
            """);

    assertThat(month(log, "2024-01-01")).containsEntry("could_leave_users", 1L);
    // When February begins, nothing is known of the renewal.
    assertThat(month(log, "2024-02-01")).containsEntry("could_leave_users", 1L);
    assertThat(month(log, "2024-03-01")).containsEntry("could_leave_users", 0L);
  }

  @Test
  void what_cannot_be_changes_nothing_and_is_listed() {
    TestLog log =
        log(
            """
            ann | 2024-01-05 | cancel    # before any start
            ann | 2024-01-10 | start
            ann | 2024-01-20 | start     # while subscribed
            ann | 2024-01-21 | resume    # without a pause
            ann | 2024-02-20 | cancel
            ann | 2024-02-21 | cancel    # twice
            ann | 2024-02-22 | renewal   # of nothing
            ann | 2024-02-23 | pause
            """);

    assertThat(month(log, "2024-01-01"))
        .containsEntry("spells_begun", 1L)
        .containsEntry("joined_and_churned_users", 0L);
    assertThat(month(log, "2024-02-01"))
        .containsEntry("churned_users", 1L)
        .containsEntry("users_at_end", 0L);
    assertThat(anomalies(log))
        .containsExactly(
            "cancel_without_start 1 2",
            "change_without_subscription 1 1",
            "pause_without_subscription 1 1",
            "resume_without_pause 1 1",
            "start_while_subscribed 1 1");
  }

  @Test
  void who_could_leave_is_whose_term_ends_in_the_month() {
    // ann, monthly, from the 31st: every month. bob, annual, from 10 January 2023: in January.
    // eve, annual, renewed on 3 March 2023: not in January 2024 but in March. dan: not known.
    TestLog log =
        log(
            """
            ann | 2023-01-31 | start   | monthly
            bob | 2023-01-10 | start   | annual
            bob | 2024-01-12 | cancel  | -
            eve | 2023-01-10 | start   | annual
            eve | 2023-03-03 | renewal | -
            dan | 2023-01-10 | start   | -
            """);

    assertThat(month(log, "2024-01-01"))
        .containsEntry("users_at_start", 4L)
        .containsEntry("could_leave_users", 2L)
        .containsEntry("could_leave_churned_users", 1L)
        .containsEntry("could_leave_churn_rate", 0.5);
    assertThat(month(log, "2024-02-01")).containsEntry("could_leave_users", 1L);
    assertThat(month(log, "2024-03-01")).containsEntry("could_leave_users", 2L);
    assertThat(
            TestLog.column(
                log.table("churn_periods", CONFIG, "2024-03-31"),
                "could_leave_users",
                row ->
                    row.get("grain").equals("quarter")
                        && row.get("segment").equals("(all)")
                        && row.get("period_start").equals(LocalDate.parse("2024-01-01"))))
        .containsExactly(3L);
  }

  /** The term runs until 10 February, whatever contract follows; nothing is known of later ones. */
  @Test
  void a_term_ends_even_if_a_contract_without_terms_follows() {
    TestLog log =
        log(
            """
            ann | 2024-01-10 | start | monthly
            ann | 2024-01-28 | -     | lifetime
            """);

    assertThat(month(log, "2024-02-01")).containsEntry("could_leave_users", 1L);
    assertThat(month(log, "2024-03-01")).containsEntry("could_leave_users", 0L);
  }

  @Test
  void silence_knows_nothing_of_terms() {
    assertThat(
            TestLog.column(
                TestLog.of("user | time\nann | 2024-01-01")
                    .table("churn_by_stage", TestLog.config(""), "2024-01-31"),
                "could_leave_users",
                row -> true))
        .containsOnlyNulls();
  }

  private static TestLog log(String lines) {
    boolean contract = lines.lines().findFirst().orElseThrow().split("\\|").length == 4;
    return TestLog.of("user | time | is" + (contract ? " | contract\n" : "\n") + lines);
  }

  private static Map<String, Object> month(TestLog log, String month) {
    return log.table("churn_by_stage", CONFIG, "2024-03-31").stream()
        .filter(row -> row.get("segment").equals("(all)") && row.get("stage").equals("(all)"))
        .filter(row -> row.get("period_start").equals(LocalDate.parse(month)))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> anomalies(TestLog log) {
    return log.table("subscription_anomalies", CONFIG, "2024-03-31").stream()
        .filter(row -> row.get("segment").equals("(all)"))
        .map(row -> row.get("anomaly") + " " + row.get("users") + " " + row.get("events"))
        .toList();
  }
}
