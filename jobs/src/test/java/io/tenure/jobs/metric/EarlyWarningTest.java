package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyWarningTest {
  private static final TenureConfig SILENCE = TestLog.config("churn: {inactive-days: 28}");

  private static final TenureConfig SUBSCRIPTIONS =
      TestLog.config(
          """
          activities: {active: "true", watch: "true"}
          segments: [contract]
          churn:
            mode: cancellation
            contract: {monthly: 1, annual: 12}
            events:
              {start: "a", cancel: "b", payment-failed: "c", renewal: "d", pause: "e", resume: "f"}
          """);

  private static Map<String, Map<String, Object>> byUser(
      TestLog log, TenureConfig config, String asOf) {
    return log.table("at_risk_users", config, asOf).stream()
        .collect(Collectors.toMap(row -> (String) row.get("user"), row -> row));
  }

  /** A user active on days of a month of 2024, as lines of a log. */
  private static String active(String user, int month, int... days) {
    return IntStream.of(days)
        .mapToObj(day -> user + " | " + LocalDate.of(2024, month, day) + "\n")
        .collect(Collectors.joining());
  }

  private static int[] days(int from, int to) {
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

  /** Of the 29 days of a term from 10 February, the 15th begins the second half. */
  @Test
  void a_term_of_a_month_ends_soon_in_its_second_half() {
    TestLog log = TestLog.of("user | time | is | contract\nann | 2024-02-10 | start | monthly");
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-23").get("ann"))
        .containsEntry("reasons", "never_activated");
    assertThat(byUser(log, SUBSCRIPTIONS, "2024-02-24").get("ann"))
        .containsEntry("reasons", "never_activated,term_ends_soon");
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

  /**
   * 120 users who come on the 1st and the 20th of January, and of whom 30 come again in February,
   * every day from the 5th: when February begins, all stand alike, and by 29 February 90 are gone.
   */
  private static TestLog halves() {
    StringBuilder log = new StringBuilder("user | time\n");
    for (int user = 0; user < 120; user++) {
      log.append(active("u" + user, 1, 1, 20));
      if (user < 30) {
        log.append(active("u" + user, 2, days(5, 29))).append(active("u" + user, 3, 1, 20));
      }
    }
    return TestLog.of(log.toString());
  }

  @Test
  void risk_is_the_share_of_those_who_stood_alike_and_left() {
    // As of 29 February nothing was known of those of 1 February: their 29 days end with it.
    Map<String, Object> unknown = byUser(halves(), SILENCE, "2024-02-28").get("u1");
    assertThat(unknown.get("risk")).isNull();
    assertThat(unknown.get("similar_users")).isNull();
    assertThat(unknown.get("similar_by")).isNull();
    Map<String, Object> known = byUser(halves(), SILENCE, "2024-02-29").get("u1");
    assertThat(known)
        .containsEntry("risk", 0.75)
        .containsEntry("similar_users", 120L)
        .containsEntry("similar_churned_users", 90L)
        // Nobody was seen to be active on the last day: only all users are enough.
        .containsEntry("similar_by", "nothing");
    assertThat((Double) known.get("ci_low")).isBetween(0.66, 0.67);
    assertThat((Double) known.get("ci_high")).isBetween(0.81, 0.82);
  }

  /** On 1 April they have been silent as long as on 1 February, on 6 April for longer. */
  @Test
  void the_backtest_knows_what_was_known() {
    List<Map<String, Object>> rows =
        halves().table("risk_backtest", SILENCE, "2024-04-05").stream()
            .filter(row -> row.get("threshold").equals(0.7))
            .toList();
    TextRows.assertRows(
        rows,
        """
        as_of      | learned_months | users | flagged_users | churned_users | flagged_churned_users | precision | recall | lift | is_mature | matures_on
        2024-01-31 | 0              | 120   | -             | 90            | -                     | -         | -      | -    | true      | 2024-03-01
        2024-02-29 | 1              | 30    | 30            | 0             | 0                     | 0         | -      | -    | true      | 2024-03-30
        2024-03-31 | 2              | 30    | 30            | -             | -                     | -         | -      | -    | false     | 2024-04-30
        2024-04-05 | 2              | 30    | 0             | -             | -                     | -         | -      | -    | false     | 2024-05-05
        """);
  }

  /** Somebody came and never was active; all others come three months later. */
  @Test
  void months_without_users_teach_nothing() {
    TenureConfig visits =
        TestLog.config("activities: {active: 'a', visit: 'b'}\nchurn: {inactive-days: 28}");
    TestLog log =
        TestLog.of(
            "user | time | is\nann | 2024-01-01 | visit\nbob | 2024-04-10 | active\n"
                + "cid | 2024-04-10 | active\n");
    assertThat(byUser(log, visits, "2024-04-20").get("bob").get("risk")).isNull();
    TextRows.assertRows(
        log.table("risk_backtest", visits, "2024-06-10").stream()
            .filter(row -> row.get("threshold").equals(0.5))
            .toList(),
        """
        as_of      | segment | learned_months | users | flagged_users | churned_users | flagged_churned_users | recall
        2024-01-31 | (all)   | 0              | 0     | -             | 0             | -                     | -
        2024-02-29 | (all)   | 0              | 0     | -             | 0             | -                     | -
        2024-03-31 | (all)   | 0              | 0     | -             | 0             | -                     | -
        2024-04-30 | (all)   | 0              | 2     | -             | 2             | -                     | -
        2024-05-31 | (all)   | 1              | 0     | 0             | -             | -                     | -
        2024-06-10 | (all)   | 1              | 0     | 0             | -             | -                     | -
        """);
  }

  /** What was known on a day is what a run as of that day says, in a log that goes on or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_past_does_not_know_the_future(boolean subscriptions) {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.println("EarlyWarningTest: -Dtenure.seed=" + seed);
    TenureConfig config = subscriptions ? SUBSCRIPTIONS : SILENCE;
    TestLog log = subscriptions ? subscriptions(new Random(seed)) : visits(new Random(seed));
    Map<Object, Map<String, Object>> later =
        log.table("risk_backtest", config, "2024-12-15").stream()
            .collect(Collectors.toMap(EarlyWarningTest::key, row -> row));
    int compared = 0;
    for (LocalDate month = LocalDate.parse("2024-02-01");
        month.getYear() == 2024;
        month = month.plusMonths(1)) {
      String asOf = month.minusDays(1).toString();
      for (Map<String, Object> row : log.table("risk_backtest", config, asOf)) {
        Map<String, Object> then = later.get(key(row));
        for (String column : List.of("users", "flagged_users", "learned_months")) {
          assertThat(row.get(column))
              .as("%s as of %s, seed %d", column, asOf, seed)
              .isEqualTo(then.get(column));
        }
        boolean known = (boolean) row.get("is_mature");
        assertThat(row.get("flagged_churned_users"))
            .as("as of %s, seed %d", asOf, seed)
            .isEqualTo(known ? then.get("flagged_churned_users") : null);
        compared += row.get("flagged_users") == null ? 0 : 1;
      }
    }
    assertThat(compared).isGreaterThan(300);
  }

  private static List<Object> key(Map<String, Object> row) {
    return List.of(row.get("as_of"), row.get("threshold"));
  }

  private static TestLog visits(Random random) {
    StringBuilder log = new StringBuilder("user | time\n");
    for (int user = 0; user < 150; user++) {
      int gap = 1 + random.nextInt(20);
      int last = 20 + random.nextInt(340);
      for (int day = random.nextInt(last); day < last; day += 1 + random.nextInt(2 * gap)) {
        log.append("u%d | %s%n".formatted(user, LocalDate.ofYearDay(2024, 1 + day)));
      }
      log.append("u%d | 2024-01-%02d%n".formatted(user, 1 + random.nextInt(9)));
    }
    return TestLog.of(log.toString());
  }

  private static TestLog subscriptions(Random random) {
    List<String> events =
        List.of("start", "renewal", "payment-failed", "pause", "resume", "cancel", "watch");
    StringBuilder log = new StringBuilder("user | time | is | contract\n");
    for (int user = 0; user < 150; user++) {
      String contract = List.of("monthly", "annual", "-").get(random.nextInt(3));
      int day = random.nextInt(40);
      log.append(
          "u%d | %s | active start | %s%n"
              .formatted(user, LocalDate.ofYearDay(2024, 1 + day), contract));
      for (day += random.nextInt(30); day < 350; day += random.nextInt(45)) {
        log.append(
            "u%d | %sT%02d:%02d | active %s | -%n"
                .formatted(
                    user,
                    LocalDate.ofYearDay(2024, 1 + day),
                    random.nextInt(24),
                    random.nextInt(60),
                    events.get(random.nextInt(events.size()))));
      }
    }
    return TestLog.of(log.toString());
  }

  @Test
  void nobody_there_is_no_row() {
    TestLog log = TestLog.of("user | time\nann | 2024-01-01");
    assertThat(log.table("at_risk_users", SILENCE, "2024-03-01")).isEmpty();
    assertThat(log.table("risk_backtest", SILENCE, "2024-01-01"))
        .hasSize(10)
        .allMatch(row -> row.get("users").equals(1L) && row.get("flagged_users") == null);
  }
}
