package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The signs of a user at risk, and what else stands in the row. */
class AtRiskUsersTest {
  private static final TenureConfig SILENCE = TestLog.config("churn: {inactive-days: 28}");

  static final TenureConfig SUBSCRIPTIONS =
      TestLog.config(
          """
          activities: {active: "true", watch: "true"}
          segments: [contract]
          churn:
            mode: cancellation
            contract: {monthly: 1, Monthly: 1, annual: 12}
            events:
              {start: "a", cancel: "b", payment-failed: "c", renewal: "d", pause: "e", resume: "f"}
          """);

  /** The rows of at_risk_users. */
  static Map<String, Map<String, Object>> byUser(TestLog log, TenureConfig config, String asOf) {
    return log.table("at_risk_users", config, asOf).stream()
        .collect(Collectors.toMap(row -> (String) row.get("user"), row -> row));
  }

  /** A user active on days of a month of 2024, as lines of a log. */
  static String active(String user, int month, int... days) {
    return IntStream.of(days)
        .mapToObj(day -> user + " | " + LocalDate.of(2024, month, day) + "\n")
        .collect(Collectors.joining());
  }

  static int[] days(int from, int to) {
    return IntStream.rangeClosed(from, to).toArray();
  }

  @Test
  void signs_are_of_the_user_alone() {
    TestLog log =
        TestLog.of(
            "user | time\n"
                // Every day, then not for two: longer than ever.
                + active("daily", 3, days(1, 29))
                // Every ten days: two days of silence are nothing.
                + active("seldom", 3, 9, 19, 29)
                // 12 days in the 28 before the last 28, then 5 of 28.
                + active("fading", 2, days(5, 16))
                + active("fading", 3, 4, 10, 17, 24, 31)
                + active("once", 3, 24)
                + active("new", 3, 25)
                // Gone: 28 full days of silence have passed.
                + active("gone", 3, 3)
                + active("there", 3, 4));
    Map<String, Map<String, Object>> rows = byUser(log, SILENCE, "2024-03-31");
    assertThat(rows).containsOnlyKeys("daily", "seldom", "fading", "once", "new", "there");
    assertThat(rows.get("daily"))
        .containsEntry("reasons", "silent_beyond_own_habit")
        .containsEntry("days_since_last_active", 2)
        .containsEntry("gap_days_median", 1.0)
        .containsEntry("gap_days_p90", 1.0)
        .containsEntry("last_active_on", LocalDate.parse("2024-03-29"))
        .containsEntry("stage", "early");
    assertThat(rows.get("seldom"))
        .containsEntry("reasons", "")
        .containsEntry("gap_days_median", 10.0);
    assertThat(rows.get("fading"))
        .containsEntry("reasons", "declining_use")
        .containsEntry("active_days_28d", 5)
        .containsEntry("active_days_prior_28d", 12)
        .containsEntry("active_days_84d", 17)
        .containsEntry("birth", LocalDate.parse("2024-02-05"));
    assertThat(rows.get("once")).containsEntry("reasons", "never_activated");
    assertThat(rows.get("new")).containsEntry("reasons", "");
    assertThat(rows.get("there"))
        .containsEntry("reasons", "never_activated")
        .containsEntry("days_since_last_active", 27);
  }

  /** With 28 days of silence such users have left: only a longer patience sees them. */
  @Test
  void below_monthly_use_is_two_days_of_84_of_somebody_as_old() {
    TenureConfig patient = TestLog.config("churn: {inactive-days: 60}");
    TestLog log =
        TestLog.of(
            "user | time\n" + active("ann", 1, 7) + active("ann", 2, 20) + active("ann", 3, 10));
    assertThat(byUser(log, patient, "2024-03-30").get("ann"))
        .containsEntry("reasons", "")
        .containsEntry("active_days_84d", 3);
    assertThat(byUser(log, patient, "2024-03-31").get("ann"))
        .containsEntry("reasons", "below_monthly_use")
        .containsEntry("active_days_84d", 2);
    TestLog young = TestLog.of("user | time\n" + active("bob", 1, 8) + active("bob", 3, 4));
    assertThat(byUser(young, patient, "2024-03-30").get("bob")).containsEntry("reasons", "");
    assertThat(byUser(young, patient, "2024-03-31").get("bob"))
        .containsEntry("reasons", "below_monthly_use");
  }

  @Test
  void a_user_who_came_back_is_in_a_new_spell() {
    TestLog log = TestLog.of("user | time\n" + active("ann", 1, 1) + active("ann", 3, 10, 12));
    assertThat(byUser(log, SILENCE, "2024-03-15").get("ann"))
        .containsEntry("birth", LocalDate.parse("2024-01-01"))
        .containsEntry("spell_start", LocalDate.parse("2024-03-10"))
        .containsEntry("stage", "early");
  }

  @Test
  void a_subscription_tells_of_payments_and_terms() {
    TestLog log =
        TestLog.of(
            """
            user  | time       | is                     | contract
            paid  | 2024-01-10 | active start           | monthly
            paid  | 2024-02-09 | active payment-failed  | -
            paid  | 2024-02-10 | active renewal         | -
            owes  | 2024-01-10 | active start           | monthly
            owes  | 2024-02-10 | active payment-failed  | -
            owes  | 2024-02-13 | active payment-failed  | -
            first | 2024-02-20 | active payment-failed start | annual
            long  | 2023-03-25 | active start           | annual
            late  | 2023-09-30 | active start           | annual
            other | 2024-02-01 | active start           | weekly
            left  | 2024-01-01 | active start           | annual
            left  | 2024-02-29 | active cancel          | -
            none  | 2024-02-01 | active watch           | annual
            old   | 2024-01-05 | active start           | monthly
            old   | 2024-02-01 | active payment-failed  | -
            quiet | 2023-06-01 | start                  | -
            """);
    Map<String, Map<String, Object>> rows = byUser(log, SUBSCRIPTIONS, "2024-02-29");
    assertThat(rows)
        .containsOnlyKeys("paid", "owes", "first", "long", "late", "other", "old", "quiet");
    assertThat(column(rows, "payment_failures"))
        .containsEntry("paid", 0)
        .containsEntry("owes", 2)
        .containsEntry("first", 1)
        // 28 days, of which 1 February is none.
        .containsEntry("old", 0);
    assertThat(column(rows, "term_ends_on"))
        .containsEntry("paid", LocalDate.parse("2024-03-10"))
        .containsEntry("owes", LocalDate.parse("2024-03-10"))
        .containsEntry("long", LocalDate.parse("2024-03-25"))
        .containsEntry("late", LocalDate.parse("2024-09-30"))
        .doesNotContainValue(LocalDate.parse("2024-02-29"));
    assertThat(rows.get("other").get("term_ends_on")).isNull();
    assertThat(column(rows, "reasons"))
        .containsEntry("paid", "term_ends_soon")
        .containsEntry("owes", "payment_failed,term_ends_soon")
        .containsEntry("first", "never_activated,payment_failed")
        .containsEntry("long", "never_activated,below_monthly_use,term_ends_soon")
        .containsEntry("late", "never_activated,below_monthly_use")
        .containsEntry("old", "silent_beyond_own_habit,declining_use,term_ends_soon")
        .containsEntry("quiet", "never_activated,below_monthly_use");
    assertThat(rows.get("quiet").get("last_active_on")).isNull();
    assertThat(rows.get("quiet").get("days_since_last_active")).isNull();
    assertThat(column(rows, "segment_contract"))
        .containsEntry("paid", "monthly")
        .containsEntry("quiet", "(unknown)");
  }

  /** Of a day with a renewal and a failed payment, the last event says what became of it. */
  @Test
  void a_renewal_pays_for_what_failed_before_it_and_not_for_what_fails_after() {
    TestLog log =
        TestLog.of(
            """
            user  | time             | is             | contract
            paid  | 2024-01-10       | start          | annual
            paid  | 2024-02-10T08:00 | payment-failed | -
            paid  | 2024-02-10T09:00 | renewal        | -
            owes  | 2024-01-10       | start          | annual
            owes  | 2024-02-10T08:00 | renewal        | -
            owes  | 2024-02-10T09:00 | payment-failed | -
            """);
    assertThat(column(byUser(log, SUBSCRIPTIONS, "2024-02-29"), "payment_failures"))
        .containsEntry("paid", 0)
        .containsEntry("owes", 1);
  }

  @Test
  void terms_of_another_length_begin_on_the_day_of_the_change_or_with_the_next_term() {
    TestLog log =
        TestLog.of(
            """
            user  | time       | is      | contract
            early | 2024-01-10 | start   | monthly
            early | 2024-06-20 | active  | annual     # in the first half of its month
            later | 2024-01-10 | start   | monthly
            later | 2024-06-28 | active  | annual
            again | 2024-01-10 | start   | monthly
            again | 2024-06-20 | active  | annual
            again | 2024-07-15 | renewal | -          # late, or a new contract
            short | 2023-01-31 | start   | annual
            short | 2023-02-10 | active  | monthly
            same  | 2024-01-10 | start   | monthly
            same  | 2024-06-20 | active  | Monthly    # a name of its own for the same length
            half  | 2024-04-10 | start   | monthly
            half  | 2024-04-25 | renewal | -          # 15 of 30 days are over
            """);
    assertThat(column(byUser(log, SUBSCRIPTIONS, "2024-07-31"), "term_ends_on"))
        .containsEntry("early", LocalDate.parse("2025-06-20"))
        .containsEntry("later", LocalDate.parse("2025-07-10"))
        .containsEntry("again", LocalDate.parse("2025-07-15"))
        .containsEntry("short", LocalDate.parse("2024-08-10"))
        .containsEntry("same", LocalDate.parse("2024-08-10"))
        .containsEntry("half", LocalDate.parse("2024-08-10"));
  }

  /** Of the 29 days of a term from 10 February, the 15th begins the second half. */
  @Test
  void a_term_of_a_month_ends_soon_in_its_second_half() {
    TestLog log = TestLog.of("user | time | is | contract\nann | 2024-02-10 | start | monthly");
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-23").get("ann"))
        .containsEntry("reasons", "never_activated");
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-24").get("ann"))
        .containsEntry("reasons", "never_activated,term_ends_soon");
  }

  /** A risk looks at the 29 days after 29 February: the last of them is 29 March. */
  @Test
  void a_term_that_ends_after_the_days_a_risk_looks_at_does_not_end_soon() {
    TestLog log =
        TestLog.of(
            """
            user  | time       | is    | contract
            soon  | 2023-03-29 | start | annual
            later | 2023-03-30 | start | annual
            """);
    assertThat(column(byUser(log, SUBSCRIPTIONS, "2024-02-29"), "reasons"))
        .containsEntry("soon", "never_activated,below_monthly_use,term_ends_soon")
        .containsEntry("later", "never_activated,below_monthly_use");
  }

  /** 1 January to 29 December of a leap year are 364 days. */
  @Test
  void the_value_of_a_user_is_that_of_364_days() {
    TenureConfig money =
        TestLog.config("input: {path: in, user: user, time: time, amount: amount}\noutput: out\n");
    TestLog log =
        TestLog.of(
            """
            user | time       | amount
            ann  | 2023-12-31 | 1
            ann  | 2024-01-01 | 20
            ann  | 2024-12-29 | 300
            """);
    assertThat(byUser(log, money, "2024-12-29").get("ann"))
        .containsEntry("value_at_risk", new BigDecimal("320.0000"));
  }

  @Test
  void who_pauses_is_not_silent() {
    TestLog log =
        TestLog.of(
            """
            user | time       | is           | contract
            ann  | 2023-10-01 | active start | annual
            ann  | 2023-10-02 | active       | -
            ann  | 2023-10-10 | pause        | -
            bob  | 2023-10-01 | active start | annual
            bob  | 2023-10-02 | active       | -
            bob  | 2023-10-10 | pause        | -
            bob  | 2024-02-29 | resume       | -
            """);
    Map<String, Map<String, Object>> rows = byUser(log, SUBSCRIPTIONS, "2024-02-29");
    assertThat(rows.get("ann")).containsEntry("is_paused", true).containsEntry("reasons", "");
    assertThat(rows.get("bob"))
        .containsEntry("is_paused", false)
        .containsEntry("reasons", "silent_beyond_own_habit,below_monthly_use");
  }

  private static Map<String, Object> column(Map<String, Map<String, Object>> rows, String column) {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().get(column) != null)
        .collect(Collectors.toMap(Map.Entry::getKey, row -> row.getValue().get(column)));
  }

  /** On the day of the term's end itself it ends on that day, and the day after in a month. */
  @Test
  void the_last_day_of_a_month_ends_terms_that_began_on_a_later_one() {
    TestLog log = TestLog.of("user | time | is | contract\nann | 2024-01-31 | start | monthly");
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-28").get("ann").get("term_ends_on"))
        .isEqualTo(LocalDate.parse("2024-02-29"));
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-29").get("ann").get("term_ends_on"))
        .isEqualTo(LocalDate.parse("2024-03-31"));
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-01-31").get("ann").get("term_ends_on"))
        .isEqualTo(LocalDate.parse("2024-02-29"));
  }

  /** Contracts from 31 January, a leap year: all terms are whole months from there. */
  @Test
  void a_renewal_on_time_or_early_leaves_the_day_of_the_month_and_a_late_one_moves_it() {
    TestLog log =
        TestLog.of(
            """
            user    | time       | is      | contract
            on time | 2024-01-31 | start   | monthly
            on time | 2024-02-29 | renewal | -
            early   | 2024-01-31 | start   | monthly
            early   | 2024-02-20 | renewal | -
            early   | 2024-02-22 | renewal | -
            late    | 2024-01-31 | start   | monthly
            late    | 2024-03-02 | renewal | -
            other   | 2024-01-31 | start   | monthly
            other   | 2024-02-20 | renewal | annual
            again   | 2024-01-31 | start   | monthly
            again   | 2024-02-28 | cancel  | -
            again   | 2024-02-29 | start   | monthly
            """);
    assertThat(column(byUser(log, SUBSCRIPTIONS, "2024-03-05"), "term_ends_on"))
        .containsOnly(
            Map.entry("on time", LocalDate.parse("2024-03-31")),
            Map.entry("early", LocalDate.parse("2024-03-31")),
            Map.entry("late", LocalDate.parse("2024-04-02")),
            Map.entry("other", LocalDate.parse("2025-02-28")),
            Map.entry("again", LocalDate.parse("2024-03-29")));
  }

  /**
   * Renewed early, the next term begins on 28 February; made a year's, it is counted from there.
   */
  @Test
  void another_length_before_a_term_that_was_renewed_early_begins_a_contract_with_it() {
    TestLog log =
        TestLog.of(
            """
            user | time       | is      | contract
            ann  | 2023-01-31 | start   | monthly
            ann  | 2023-02-20 | renewal | -
            ann  | 2023-02-25 | active  | annual
            """);
    assertThat(byUser(log, SUBSCRIPTIONS, "2023-02-25").get("ann").get("term_ends_on"))
        .isEqualTo(LocalDate.parse("2024-02-28"));
  }

  @Test
  void renewals_month_by_month_never_move_the_day_of_the_month() {
    StringBuilder log = new StringBuilder("user | time | is | contract\n");
    LocalDate start = LocalDate.parse("2022-10-31");
    log.append("ann | %s | start | monthly\n".formatted(start));
    for (int month = 1; month <= 16; month++) {
      // On time, or, every third time, three days early.
      LocalDate renewal = start.plusMonths(month).minusDays(month % 3 == 0 ? 3 : 0);
      log.append("ann | %s | renewal | monthly\n".formatted(renewal));
      assertThat(
              byUser(TestLog.of(log.toString()), SUBSCRIPTIONS, renewal.plusDays(4).toString())
                  .get("ann")
                  .get("term_ends_on"))
          .isEqualTo(start.plusMonths(month + 1));
    }
  }
}
