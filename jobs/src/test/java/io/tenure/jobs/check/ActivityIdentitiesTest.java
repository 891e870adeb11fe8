package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class ActivityIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country, plan]
          active-users: {windows: [1, 7, 28, 30]}
          retention:
            - {grains: {day: 3, week: 26, month: 24}}
            - {name: again, cohort: recurring, grains: {week: 4}}
          """);

  private static final String AS_OF = "2024-05-09";

  /**
   * No country is known. Ann pays from 20 March on; Bob, of whom no plan is known, comes back in
   * May.
   */
  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | plan
          ann  | 2024-02-01 | free
          ann  | 2024-03-05 | free
          ann  | 2024-03-20 | paid
          ann  | 2024-04-29 | -
          ann  | 2024-05-01 | -
          bob  | 2024-02-02 | -
          bob  | 2024-05-08 | -
          cid  | 2024-05-09 | free
          """);

  /** For each identity of activity, what breaks it: the numbers are those of the log above. */
  private static final List<WrongNumber> FAULTS =
      List.of(
          new WrongNumber(
              "active_users_segments_sum_to_the_whole",
              "active_users",
              "segment_value = paid AND day = 2024-05-01",
              "mau",
              2L,
              "2024-05-01, plan, mau: expected 1, found 2"),
          new WrongNumber(
              "active_users_segments_sum_to_the_whole",
              "active_users",
              "segment = (all) AND day = 2024-03-05",
              "active_30d",
              null,
              "2024-03-05, plan, active_30d: expected nothing, found 1"),
          new WrongNumber(
              "active_periods_segments_sum_to_the_whole",
              "active_periods",
              "segment = (all) AND grain = month AND period_start = 2024-03-01",
              "active_users",
              4L,
              "month, 2024-03-01, plan, active_users: expected 4, found 1"),
          new WrongNumber(
              "usage_frequency_segments_sum_to_the_whole",
              "usage_frequency",
              "segment_value = paid AND period_start = 2024-03-01 AND active_days = 2",
              "users",
              0L,
              "2024-03-01, 2, plan, users: expected 1, found 0"),
          new WrongNumber(
              "usage_habit_segments_sum_to_the_whole",
              "usage_habit",
              "segment_value = free",
              "infrequent",
              7L,
              "plan, infrequent: expected 3, found 9"),
          new WrongNumber(
              "growth_segments_sum_to_the_whole",
              "growth",
              "grain = month AND segment = plan AND segment_value = (unknown) AND period_start ="
                  + " 2024-03-01",
              "churned_users",
              0L,
              "month, 2024-03-01, plan, churned_users: expected 1, found 0"),
          new WrongNumber(
              "weekly_actives_are_wau",
              "active_periods",
              "grain = week AND segment_value = free AND period_start = 2024-03-04",
              "active_users",
              77L,
              "plan, free, 2024-03-10, wau: expected "),
          new WrongNumber(
              "longer_windows_hold_more",
              "active_users",
              "segment = (all) AND day = 2024-05-09",
              "wau",
              0L,
              "(all), (all), 2024-05-09, dau <= wau: expected at least 1, found 0"),
          new WrongNumber(
              "active_days_add_up",
              "usage_frequency",
              "segment = (all) AND period_start = 2024-05-01 AND active_days = 1",
              "users",
              5L,
              "(all), 2024-05-01: expected 3, found 5"),
          new WrongNumber(
              "months_agree",
              "active_periods",
              "segment_value = paid AND grain = month AND period_start = 2024-04-01",
              "active_users",
              2L,
              "plan, paid, 2024-04-01, active_users: expected 2, found 1"),
          new WrongNumber(
              "months_agree",
              "usage_frequency",
              "segment = (all) AND period_start = 2024-03-01 AND active_days = 1",
              "users_at_least",
              3L,
              "(all), (all), 2024-03-01, at least 1: expected 1, found 3"),
          new WrongNumber(
              "habits_are_mau",
              "usage_habit",
              "segment = (all)",
              "users_28d",
              4L,
              "(all), (all), 2024-05-09, users_28d: expected 3, found 4"),
          new WrongNumber(
              "growth_arithmetic",
              "growth",
              "grain = week AND segment = (all) AND period_start = 2024-05-06",
              "resurrected_users",
              2L,
              "week, (all), (all), 2024-05-06, active_users: expected 3, found 2"),
          new WrongNumber(
              "growth_arithmetic",
              "growth",
              "grain = month AND segment = (all) AND period_start = 2024-03-01",
              "churned_users",
              0L,
              "month, (all), (all), 2024-03-01, churned_users: expected 1, found 0"),
          new WrongNumber(
              "growth_arithmetic",
              "growth",
              "grain = month AND segment_value = paid AND period_start = 2024-03-01",
              "net_moved_users",
              0L,
              "month, plan, paid, 2024-03-01, previous_active_users: expected 0, found 1"),
          new WrongNumber(
              "calendar_actives_agree",
              "growth",
              "grain = week AND segment_value = paid AND period_start = 2024-04-29",
              "active_users",
              8L,
              "week, plan, paid, 2024-04-29, active_users: expected 1, found 8"),
          new WrongNumber(
              "daily_actives_agree",
              "active_users",
              "segment = (all) AND day = 2024-05-09",
              "new_users",
              0L,
              "(all), (all), 2024-05-09, new_users: expected 0, found 1"),
          new WrongNumber(
              "cohorts_add_up_to_actives",
              "retention",
              "retention = default AND grain = month AND segment = (all) AND cohort_start = 2024-02-01"
                  + " AND period = 1",
              "retained_users",
              2L,
              "default, month, 2024-03-01: expected 1, found 2"),
          new WrongNumber(
              "retention_rises_never",
              "retention",
              "retention = default AND grain = month AND segment = (all) AND cohort_start ="
                  + " 2024-02-01 AND period = 2",
              "retained_or_later_users",
              3L,
              "default, month, (all), (all), 2024-02-01, period, 2: expected at most 2,"
                  + " found 3"),
          new WrongNumber(
              "period_0_has_the_whole_cohort",
              "retention",
              "retention = default AND grain = month AND segment = (all) AND cohort_start ="
                  + " 2024-02-01 AND period = 0",
              "retained_users",
              1L,
              "default, month, (all), (all), 2024-02-01: expected 2, found 1"),
          new WrongNumber(
              "cohorts_of_every_grain_have_everybody",
              "cohorts",
              "retention = default AND grain = month AND segment_value = free AND cohort_start ="
                  + " 2024-02-01",
              "cohort_users",
              2L,
              "default, plan, free, month: expected 2, found 3"),
          new WrongNumber(
              "cohorts_are_their_rows",
              "retention",
              "retention = again AND grain = week AND segment_value = paid AND cohort_start ="
                  + " 2024-04-29 AND period = 1",
              "cohort_users",
              4L,
              "again, week, plan, paid, 2024-04-29, size: expected 1, found 4"),
          new WrongNumber(
              "cohorts_segments_sum_to_the_whole",
              "cohorts",
              "retention = default AND grain = week AND segment = (all) AND cohort_start ="
                  + " 2024-05-06",
              "cohort_users",
              2L,
              "default, week, 2024-05-06, plan, cohort_users: expected 2, found 1"),
          new WrongNumber(
              "retention_curve_segments_sum_to_the_whole",
              "retention_curve",
              "retention = default AND grain = day AND segment = (all) AND period = 0",
              "eligible_users",
              99L,
              "default, day, null, 0, plan, eligible_users: expected 99"),
          new WrongNumber(
              "retention_segments_sum_to_the_whole",
              "retention",
              "retention = default AND grain = month AND segment_value = free AND cohort_start ="
                  + " 2024-02-01 AND period = 1",
              "retained_users",
              0L,
              "default, month, 2024-02-01, null, 1, plan, retained_users: expected 1, found 0"));

  @Test
  void every_identity_holds_of_right_numbers_and_is_broken_by_one_wrong_one() {
    Scope scope =
        new Scope(
            CONFIG,
            (int) LocalDate.parse("2024-02-01").toEpochDay(),
            (int) LocalDate.parse(AS_OF).toEpochDay());
    List<Identity> identities = WrongNumber.identities(scope);
    Map<String, List<TableLine>> tables = WrongNumber.tables(LOG, scope, AS_OF);
    List<Judgement.Outcome> outcomes = Judgement.of(identities, tables);
    Judgement.require(outcomes);
    assertThat(outcomes).hasSameSizeAs(identities);
    Set<String> broken = new HashSet<>();
    SoftAssertions softly = new SoftAssertions();
    for (WrongNumber wrong : FAULTS) {
      Identity identity =
          identities.stream()
              .filter(candidate -> candidate.name().equals(wrong.identity()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("No identity " + wrong.identity()));
      softly
          .assertThatThrownBy(
              () -> Judgement.require(Judgement.of(List.of(identity), wrong.in(tables))))
          .as(wrong.toString())
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY))
          .hasMessageContaining(wrong.table())
          .hasMessageContaining(wrong.told());
      broken.add(wrong.identity());
    }
    softly.assertAll();
    Set<String> ofActivity = new HashSet<>();
    WrongNumber.andSegmentSums(
            ActivityIdentities.of(scope),
            scope,
            "active_users",
            "active_periods",
            "usage_frequency",
            "usage_habit",
            "growth",
            "cohorts",
            "retention_curve",
            "retention")
        .forEach(identity -> ofActivity.add(identity.name()));
    GrowthIdentities.of(scope).forEach(identity -> ofActivity.add(identity.name()));
    RetentionIdentities.of(CONFIG).forEach(identity -> ofActivity.add(identity.name()));
    assertThat(broken).isEqualTo(ofActivity);
  }

  /** An account that a job closes after its user has gone. */
  @Test
  void a_value_that_only_people_long_gone_have_is_no_fault() {
    TenureConfig config =
        TestLog.config("segments: [plan]\nactivities: {active: \"event = 'open'\"}");
    TestLog log =
        TestLog.of(
            """
            user | time       | is     | plan
            ann  | 2024-01-01 | active | free
            ann  | 2024-03-01 | -      | closed
            bob  | 2024-01-02 | active | free
            bob  | 2024-03-10 | active | free
            """);
    Scope scope =
        new Scope(
            config,
            (int) LocalDate.parse("2024-01-01").toEpochDay(),
            (int) LocalDate.parse("2024-03-15").toEpochDay());
    Map<String, List<TableLine>> tables = WrongNumber.tables(log, scope, "2024-03-15");
    List<Identity> identities = WrongNumber.identities(scope);
    Judgement.require(Judgement.of(identities, tables));
    assertThatThrownBy(
            () ->
                Judgement.require(
                    Judgement.of(
                        identities,
                        new WrongNumber(
                                "habits_are_mau",
                                "usage_habit",
                                "segment_value = closed",
                                "users_28d",
                                1L,
                                "")
                            .in(tables))))
        .hasMessageContaining("plan, closed, 2024-03-15, users_28d: expected nothing, found 1");
  }

  @Test
  void cohorts_are_held_against_growth_only_where_they_hold_every_active_user() {
    String activities = "activities: {active: \"event = 'x'\", buy: \"true\"}\n";
    assertThat(names("retention: [{cohort: recurring}]"))
        .doesNotContain("cohorts_add_up_to_actives");
    assertThat(names("retention: [{cohort: first}]")).contains("cohorts_add_up_to_actives");
    // A user whose very first event is not an active one is active, yet in no cohort.
    assertThat(names(activities + "retention: [{cohort: first}]"))
        .doesNotContain("cohorts_add_up_to_actives");
    assertThat(names(activities + "retention: [{cohort: first-matching}]"))
        .contains("cohorts_add_up_to_actives");
    assertThat(names(activities + "retention: [{cohort: first-matching, return: buy}]"))
        .doesNotContain("cohorts_add_up_to_actives");
  }

  private static List<String> names(String yaml) {
    return WrongNumber.identities(new Scope(TestLog.config(yaml), 0, 100)).stream()
        .map(Identity::name)
        .toList();
  }
}
