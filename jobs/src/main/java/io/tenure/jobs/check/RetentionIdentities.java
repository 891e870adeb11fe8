package io.tenure.jobs.check;

import java.util.List;

/** What must hold of retention. */
final class RetentionIdentities {
  static final List<Identity> ALL =
      List.of(
          new Identity(
              "retention_rises_never",
              "retained_or_later_users never rises with period and is at least retained_users",
              List.of("retention"),
              """
              SELECT breach_key, least(before, or_later) AS expected, greatest(or_later, retained)
                AS actual
              FROM (
                SELECT concat_ws(', ', retention, grain, segment_value, cohort_start,
                    concat('period ', period)) AS breach_key,
                  lag(retained_or_later_users, 1, cohort_users) OVER (
                    PARTITION BY retention, grain, segment, segment_value, cohort_start
                    ORDER BY period) AS before,
                  retained_or_later_users AS or_later,
                  retained_users AS retained
                FROM retention WHERE bracket IS NULL AND is_mature)
              WHERE or_later > before OR retained > or_later
              """),
          new Identity(
              "cohorts_are_their_rows",
              "cohort_users of every row of retention is the size of its cohort in cohorts",
              List.of("retention", "cohorts"),
              """
              SELECT concat_ws(', ', retention, grain, segment_value, cohort_start,
                  concat('period ', period)) AS breach_key,
                coalesce(c.cohort_users, 0) AS expected, r.cohort_users AS actual
              FROM retention r LEFT JOIN cohorts c
                USING (retention, grain, segment, segment_value, cohort_start)
              WHERE r.cohort_users IS DISTINCT FROM c.cohort_users
              """),
          new Identity(
              "cohort_segments_sum_to_the_whole",
              "the values of a dimension sum to the whole in cohorts and in retention",
              List.of("cohorts", "retention"),
              """
              SELECT concat_ws(', ', w.retention, w.grain, s.segment, w.cohort_start) AS breach_key,
                w.cohort_users AS expected, s.cohort_users AS actual
              FROM (SELECT * FROM cohorts WHERE segment = '(all)') w
              JOIN (SELECT retention, grain, segment, cohort_start,
                  sum(cohort_users) AS cohort_users
                FROM cohorts WHERE segment <> '(all)' GROUP BY ALL) s
                USING (retention, grain, cohort_start)
              WHERE w.cohort_users <> s.cohort_users
              UNION ALL
              SELECT concat_ws(', ', w.retention, w.grain, s.segment, w.cohort_start,
                  concat('period ', w.period)) AS breach_key,
                w.retained_users AS expected, s.retained_users AS actual
              FROM (SELECT * FROM retention WHERE segment = '(all)' AND is_mature) w
              JOIN (SELECT retention, grain, segment, cohort_start, bracket, period,
                  sum(retained_users) AS retained_users
                FROM retention WHERE segment <> '(all)' GROUP BY ALL) s
                ON w.retention = s.retention AND w.grain = s.grain
                  AND w.cohort_start = s.cohort_start AND w.bracket <=> s.bracket
                  AND w.period = s.period
              WHERE w.retained_users <> s.retained_users
              """));

  private RetentionIdentities() {}
}
