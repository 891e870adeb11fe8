package io.tenure.jobs.metric;

import static io.tenure.jobs.metric.AtRiskUsersTest.SUBSCRIPTIONS;
import static io.tenure.jobs.metric.AtRiskUsersTest.active;
import static io.tenure.jobs.metric.AtRiskUsersTest.byUser;
import static io.tenure.jobs.metric.AtRiskUsersTest.days;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.SimilarUsers.Likeness;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the risk of a user is, and what the backtest knows. */
class EarlyWarningTest {
  private static final TenureConfig SILENCE = TestLog.config("churn: {inactive-days: 28}");

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
    // Who was active on 31 January churns on 29 February, if the 28th was silent, too.
    Map<String, Object> unknown = byUser(halves(), SILENCE, "2024-02-27").get("u1");
    assertThat(unknown.get("risk")).isNull();
    assertThat(unknown.get("similar_users")).isNull();
    assertThat(unknown.get("similar_by")).isNull();
    Map<String, Object> known = byUser(halves(), SILENCE, "2024-02-28").get("u1");
    assertThat(known)
        .containsEntry("risk", 0.75)
        .containsEntry("similar_users", 120L)
        .containsEntry("similar_churned_users", 90L)
        // Nobody was seen to be active on the last day: only all users are enough.
        .containsEntry("similar_by", "nothing");
    assertThat((Double) known.get("ci_low")).isBetween(0.66, 0.67);
    assertThat((Double) known.get("ci_high")).isBetween(0.81, 0.82);
  }

  @Test
  void thirty_users_who_stood_alike_are_enough() {
    assertThat(similar(30).risk(0, 0))
        .isEqualTo(new SimilarUsers.Risk(30, 6, Likeness.STAGE_SILENCE_AND_SIGNS));
    // One fewer, and the five of the other stage are taken, too.
    assertThat(similar(29).risk(0, 0))
        .isEqualTo(new SimilarUsers.Risk(34, 8, Likeness.SILENCE_AND_SIGNS));
  }

  /** Users of one situation and two stages: of so many of the first 6 churned, 2 of 5 others. */
  private static SimilarUsers similar(int users) {
    SimilarUsers similar = new SimilarUsers(2);
    similar.learn(0, new long[] {users, 6});
    similar.learn(1, new long[] {5, 2});
    return similar;
  }

  /** Ann is gone on 1 March, bob on 29 February, which is the 29th day after 31 January. */
  @Test
  void who_leaves_after_the_days_a_risk_looks_at_has_not_left_within_them() {
    TestLog log =
        TestLog.of(
            "user | time\n" + active("ann", 1, 31) + active("ann", 2, 1) + active("bob", 1, 31));
    assertThat(log.table("risk_backtest", SILENCE, "2024-03-10").get(0))
        .containsEntry("as_of", LocalDate.parse("2024-01-31"))
        .containsEntry("users", 2L)
        .containsEntry("churned_users", 1L);
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
        2024-01-31 | 0              | 120   | -             | 90            | -                     | -         | -      | -    | true      | 2024-02-29
        2024-02-29 | 1              | 30    | 30            | 0             | 0                     | 0         | -      | -    | true      | 2024-03-29
        2024-03-31 | 2              | 30    | 30            | -             | -                     | -         | -      | -    | false     | 2024-04-29
        2024-04-05 | 2              | 30    | 0             | -             | -                     | -         | -      | -    | false     | 2024-05-04
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
