package io.tenure.jobs.check;

import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.HistoryShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold of growth, by itself and against the other tables of activity. */
final class GrowthIdentities {
  private static final String ACTIVE = "active";

  private GrowthIdentities() {}

  static List<Identity> of(TenureConfig config) {
    List<Identity> identities = new ArrayList<>(List.of(ARITHMETIC, PERIODS_AGREE, DAYS_AGREE));
    if (!config.segments().isEmpty()) {
      identities.add(
          SegmentSums.of("growth", List.of("grain", "period_start"), COUNTS, config.dimensions()));
    }
    List<String> questions =
        config.retention().stream()
            .filter(retention -> countsActiveUsers(retention, config))
            .map(RetentionConfig::name)
            .toList();
    if (!questions.isEmpty()) {
      identities.add(cohortsAddUp(questions));
    }
    return List.copyOf(identities);
  }

  /** Whether every active user of a period is retained in it by exactly one cohort. */
  private static boolean countsActiveUsers(RetentionConfig retention, TenureConfig config) {
    return retention.start().equals(ACTIVE)
        && retention.returning().equals(ACTIVE)
        && switch (retention.cohort()) {
          // Users whose first event is not an active one would be in no cohort.
          case FIRST -> !HistoryShape.needsOpenings(retention, config);
          case FIRST_MATCHING -> true;
          case RECURRING -> false;
        };
  }

  private static final List<String> COUNTS =
      List.of(
          "active_users",
          "new_users",
          "retained_users",
          "resurrected_users",
          "churned_users",
          "previous_active_users",
          "net_moved_users");

  private static final Identity ARITHMETIC =
      new Identity(
          "growth_arithmetic",
          "active = new + retained + resurrected; churned = previous active - retained; previous"
              + " active = active of the period before + net moved",
          List.of("growth"),
          """
          SELECT concat_ws(', ', grain, segment, segment_value, period_start, count) AS breach_key,
            expected, actual
          FROM (SELECT grain, segment, segment_value, period_start, stack(4,
                'active_users', new_users + retained_users + resurrected_users, active_users,
                'churned_users', previous_active_users - retained_users, churned_users,
                'previous_active_users', active_before + net_moved_users, previous_active_users,
                'net_moved_users', if(segment = '(all)', 0L, NULL), net_moved_users)
              AS (count, expected, actual)
            FROM (SELECT *, lag(active_users, 1, 0L) OVER (
                PARTITION BY grain, segment, segment_value ORDER BY period_start) AS active_before
              FROM growth))
          WHERE expected <> actual
          """);

  private static final Identity PERIODS_AGREE =
      new Identity(
          "calendar_actives_agree",
          "active_users of active_periods is active_users of growth",
          List.of("active_periods", "growth"),
          """
          SELECT concat_ws(', ', grain, segment, segment_value, period_start) AS breach_key,
            coalesce(p.active_users, 0) AS expected, coalesce(g.active_users, 0) AS actual
          FROM active_periods p
            FULL OUTER JOIN (SELECT * FROM growth WHERE grain IN ('week', 'month')) g
            USING (grain, segment, segment_value, period_start)
          WHERE coalesce(p.active_users, 0) <> coalesce(g.active_users, 0)
          """);

  private static final Identity DAYS_AGREE =
      new Identity(
          "daily_actives_agree",
          "dau and new_users of active_users are active_users and new_users of growth by day",
          List.of("active_users", "growth"),
          """
          SELECT concat_ws(', ', segment, segment_value, day, count) AS breach_key,
            expected, actual
          FROM (SELECT segment, segment_value, day, stack(2,
                'dau', coalesce(u.dau, 0), coalesce(g.active_users, 0),
                'new_users', coalesce(u.new_users, 0), coalesce(g.new_users, 0))
              AS (count, expected, actual)
            FROM active_users u
              FULL OUTER JOIN (SELECT *, period_start AS day FROM growth WHERE grain = 'day') g
              USING (segment, segment_value, day))
          WHERE expected <> actual
          """);

  private static Identity cohortsAddUp(List<String> questions) {
    String names =
        questions.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    // The horizon reaches every cohort of a period when it reaches the oldest of all.
    return new Identity(
        "cohorts_add_up_to_actives",
        "retained_users of all cohorts add up to active_users of growth, where the horizon reaches"
            + " every cohort",
        List.of("retention", "cohorts", "growth"),
        """
        WITH retained AS (
            SELECT retention, grain, period_start, sum(retained_users) AS retained_users,
              min(cohort_start) AS oldest
            FROM retention
            WHERE retention IN (%s) AND segment = '(all)' AND bracket IS NULL AND is_mature
            GROUP BY ALL),
          oldest AS (
            SELECT retention, grain, min(cohort_start) AS oldest
            FROM cohorts WHERE segment = '(all)' GROUP BY ALL)
        SELECT concat_ws(', ', retention, grain, period_start) AS breach_key,
          coalesce(g.active_users, 0) AS expected, retained_users AS actual
        FROM retained JOIN oldest USING (retention, grain, oldest)
          LEFT JOIN (SELECT grain, period_start, active_users FROM growth
            WHERE segment = '(all)') g USING (grain, period_start)
        WHERE coalesce(g.active_users, 0) <> retained_users
        """
            .formatted(names));
  }
}
