package io.tenure.jobs.check;

import java.util.List;

/** What must hold of churn and survival. */
final class ChurnIdentities {
  /** Counts of churn that add up over segment values and stages, as pairs for {@code stack}. */
  private static final String CHURN_COUNTS =
      """
      stack(7, 'users_at_start', users_at_start, 'churned_users', churned_users,
        'spells_begun', spells_begun, 'joined_and_churned_users', joined_and_churned_users,
        'users_at_end', users_at_end, 'first_spell_churns', first_spell_churns,
        'person_days', person_days) AS (measure, number)
      """;

  private static final String SURVIVAL_COUNTS =
      """
      stack(4, 'at_risk', at_risk, 'churned', churned, 'censored', censored,
        'churned_in_complete_months', churned_in_complete_months) AS (measure, number)
      """;

  static final List<Identity> ALL =
      List.of(
          new Identity(
              "churn_segments_sum_to_the_whole",
              "the values of a dimension sum to the whole in churn_by_stage",
              List.of("churn_by_stage"),
              segmentsSumToTheWhole("churn_by_stage", "period_start, stage", CHURN_COUNTS)),
          new Identity(
              "churn_period_segments_sum_to_the_whole",
              "the values of a dimension sum to the whole in churn_periods",
              List.of("churn_periods"),
              segmentsSumToTheWhole("churn_periods", "grain, period_start", CHURN_COUNTS)),
          new Identity(
              "survival_segments_sum_to_the_whole",
              "the values of a dimension sum to the whole in survival",
              List.of("survival"),
              segmentsSumToTheWhole("survival", "tenure_unit, tenure", SURVIVAL_COUNTS)),
          new Identity(
              "churn_stages_sum_to_all",
              "the stages sum to (all) in churn_by_stage",
              List.of("churn_by_stage"),
              """
              WITH counted AS (SELECT segment, segment_value, period_start, stage, %s
                FROM churn_by_stage)
              SELECT concat_ws(', ', a.segment, a.segment_value, a.period_start, a.measure)
                  AS breach_key,
                a.number AS expected, s.number AS actual
              FROM (SELECT * FROM counted WHERE stage = '(all)') a
              LEFT JOIN (SELECT segment, segment_value, period_start, measure,
                  sum(number) AS number
                FROM counted WHERE stage <> '(all)' GROUP BY ALL) s
                USING (segment, segment_value, period_start, measure)
              WHERE a.number IS DISTINCT FROM s.number
              """
                  .formatted(CHURN_COUNTS)),
          new Identity(
              "churn_months_follow_from_each_other",
              "users_at_start of the next month = users_at_start + spells_begun - churned_users -"
                  + " joined_and_churned_users, and for a segment value + moved_in_users -"
                  + " moved_out_users",
              List.of("churn_by_stage"),
              nextStartsWhereThisEnds(
                  "churn_by_stage", "segment, segment_value", "WHERE stage = '(all)'")),
          new Identity(
              "churn_periods_follow_from_each_other",
              "users_at_start of the next period = users_at_start + spells_begun - churned_users -"
                  + " joined_and_churned_users, and for a segment value + moved_in_users -"
                  + " moved_out_users",
              List.of("churn_periods"),
              nextStartsWhereThisEnds("churn_periods", "grain, segment, segment_value", "")),
          new Identity(
              "survival_loses_whom_churn_loses",
              "churns of survival in complete months = first spells that end in churn_by_stage",
              List.of("survival", "churn_by_stage"),
              """
              SELECT concat('in ', tenure_unit, 's') AS breach_key, expected, actual
              FROM (SELECT coalesce(sum(first_spell_churns), 0) AS expected FROM churn_by_stage
                WHERE segment = '(all)' AND stage = '(all)' AND is_mature)
              CROSS JOIN (SELECT tenure_unit, sum(churned_in_complete_months) AS actual
                FROM survival WHERE segment = '(all)' GROUP BY tenure_unit)
              WHERE expected <> actual
              """),
          new Identity(
              "survival_test_compares_all",
              "users and churned of survival_test = those of the whole in survival",
              List.of("survival", "survival_test"),
              """
              SELECT concat_ws(', ', segment, tenure_unit) AS breach_key,
                concat(w.users, ' users, ', w.churned, ' churned') AS expected,
                concat(t.users, ' users, ', t.churned, ' churned') AS actual
              FROM survival_test t
              LEFT JOIN (SELECT tenure_unit, max(at_risk) AS users, sum(churned) AS churned
                FROM survival WHERE segment = '(all)' GROUP BY tenure_unit) w
                USING (tenure_unit)
              WHERE t.users IS DISTINCT FROM w.users OR t.churned IS DISTINCT FROM w.churned
              """));

  private ChurnIdentities() {}

  /** A value may have no row where the whole has one: then it counts as 0. */
  private static String segmentsSumToTheWhole(String table, String key, String counts) {
    return """
        WITH counted AS (SELECT segment, segment_value, %2$s, %3$s FROM %1$s),
          whole AS (SELECT d.segment, %2$s, measure, number
            FROM (SELECT * EXCEPT (segment) FROM counted WHERE segment = '(all)')
            CROSS JOIN (SELECT DISTINCT segment FROM counted WHERE segment <> '(all)') d)
        SELECT concat_ws(', ', segment, %2$s, measure) AS breach_key,
          w.number AS expected, coalesce(s.number, 0) AS actual
        FROM whole w
        LEFT JOIN (SELECT segment, %2$s, measure, sum(number) AS number
          FROM counted WHERE segment <> '(all)' GROUP BY ALL) s
          USING (segment, %2$s, measure)
        WHERE w.number IS NOT NULL AND w.number <> coalesce(s.number, 0)
        """
        .formatted(table, key, counts);
  }

  private static String nextStartsWhereThisEnds(String table, String key, String where) {
    return """
        SELECT concat_ws(', ', %2$s, next_start) AS breach_key, expected, actual
        FROM (SELECT *,
            users_at_start + spells_begun - churned_users - joined_and_churned_users
              + moved_in_users - moved_out_users AS expected,
            lead(users_at_start) OVER of_value AS actual,
            lead(period_start) OVER of_value AS next_start
          FROM %1$s %3$s
          WINDOW of_value AS (PARTITION BY %2$s ORDER BY period_start))
        WHERE is_mature AND (expected <> actual OR users_at_end IS DISTINCT FROM expected)
        """
        .formatted(table, key, where);
  }
}
