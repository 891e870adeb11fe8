package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.RandomLives;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tables that a log really gives satisfy the identities of churn; one wrong number does not. */
class ChurnIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config("segments: [country, plan]\nchurn: {inactive-days: 7}");

  private static final String AS_OF = "2024-05-31";
  private static final List<Map<String, String>> EVENTS =
      new RandomLives(7, 60, LocalDate.parse("2023-01-15"), 500).events();

  private static final Scope SCOPE =
      new Scope(
          CONFIG,
          (int)
              EVENTS.stream()
                  .mapToLong(
                      event -> LocalDate.parse(event.get("time").substring(0, 10)).toEpochDay())
                  .min()
                  .orElseThrow(),
          (int) LocalDate.parse(AS_OF).toEpochDay());

  private static final Map<String, List<TableLine>> TABLES =
      WrongNumber.tables(TestLog.of(EVENTS), SCOPE, AS_OF);

  private static final List<Identity> IDENTITIES =
      WrongNumber.andSegmentSums(
          ChurnIdentities.of(CONFIG),
          SCOPE,
          "churn_by_stage",
          "churn_periods",
          "survival",
          "survival_by_stage");

  @Test
  void the_tables_of_a_log_satisfy_all_identities_and_one_wrong_number_breaks_its_own() {
    Judgement.require(Judgement.of(WrongNumber.identities(SCOPE), TABLES));
    assertThat(Judgement.of(IDENTITIES, TABLES)).hasSize(9);
    Set<String> broken = new TreeSet<>();
    for (WrongNumber wrong :
        List.of(
            one(
                "churn_by_stage_segments_sum_to_the_whole",
                "churn_by_stage",
                "segment_value = RO AND stage = mid AND period_start = 2023-06-01",
                "churned_users",
                "2023-06-01, mid, country, churned_users: expected"),
            one(
                "churn_stages_sum_to_all",
                "churn_by_stage",
                "segment_value = RO AND stage = mid AND period_start = 2023-06-01",
                "person_days",
                "country, RO, 2023-06-01, person_days: expected"),
            one(
                "churn_months_follow_from_each_other",
                "churn_by_stage",
                "segment_value = RO AND stage = (all) AND period_start = 2023-06-01",
                "users_at_start",
                "month, country, RO, 2023-06-01: expected"),
            one(
                "churn_periods_follow_from_each_other",
                "churn_periods",
                "grain = year AND segment = (all) AND period_start = 2023-01-01",
                "spells_begun",
                "year, (all), (all), 2024-01-01: expected"),
            one(
                "churn_periods_segments_sum_to_the_whole",
                "churn_periods",
                "grain = quarter AND segment_value = free AND period_start = 2023-04-01",
                "first_spell_churns",
                "quarter, 2023-04-01, plan, first_spell_churns: expected"),
            one(
                "survival_segments_sum_to_the_whole",
                "survival",
                "tenure_unit = month AND segment_value = DE AND tenure = 1",
                "censored",
                "month, 1, country, censored: expected"),
            one(
                "survival_by_stage_segments_sum_to_the_whole",
                "survival_by_stage",
                "tenure_unit = month AND segment_value = RO AND stage = mid",
                "at_risk",
                "month, 3, mid, country, at_risk: expected"),
            one(
                "survival_test_compares_all",
                "survival_test",
                "tenure_unit = month AND segment = plan",
                "churned",
                "plan, month, churned: expected"),
            one(
                "survival_loses_whom_churn_loses",
                "survival",
                "tenure_unit = day AND segment = (all) AND tenure = 20",
                "churned_in_complete_months",
                "in days: expected"))) {
      List<Judgement.Outcome> outcomes =
          Judgement.of(IDENTITIES, wrong.in(TABLES)).stream()
              .filter(outcome -> outcome.identity().name().equals(wrong.identity()))
              .toList();
      UserError error = catchThrowableOfType(UserError.class, () -> Judgement.require(outcomes));
      assertThat(error)
          .as(wrong.toString())
          .hasMessageContaining("Identity " + wrong.identity() + " is broken in ")
          .hasMessageContaining(wrong.table())
          .hasMessageContaining(wrong.told())
          .hasMessageMatching(".*expected \\d+, found \\d+.*");
      assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY);
      broken.add(wrong.identity());
    }
    assertThat(broken)
        .isEqualTo(IDENTITIES.stream().map(Identity::name).collect(Collectors.toSet()));
  }

  /** The number that stands there, and one more. */
  private static WrongNumber one(
      String identity, String table, String row, String column, String told) {
    long right = new WrongNumber(identity, table, row, column, null, told).number(TABLES);
    return new WrongNumber(identity, table, row, column, right + 1, told);
  }
}
