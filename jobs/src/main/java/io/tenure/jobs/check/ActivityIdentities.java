package io.tenure.jobs.check;

import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold of active users: on a day, in windows and periods, by habit. */
final class ActivityIdentities {
  private ActivityIdentities() {}

  static List<Identity> of(TenureConfig config) {
    List<Identity> identities = new ArrayList<>();
    if (!config.segments().isEmpty()) {
      identities.addAll(segmentSums(config));
    }
    identities.addAll(
        List.of(longerWindowsHoldMore(config), ACTIVE_DAYS_ADD_UP, MONTHS_AGREE, HABITS_ARE_MAU));
    return List.copyOf(identities);
  }

  private static List<Identity> segmentSums(TenureConfig config) {
    List<String> dimensions = config.dimensions();
    return List.of(
        SegmentSums.of("active_users", List.of("day"), activeUsersCounts(config), dimensions),
        SegmentSums.of(
            "active_periods",
            List.of("grain", "period_start"),
            List.of("active_users"),
            dimensions),
        SegmentSums.of(
            "usage_frequency",
            List.of("period_start", "active_days"),
            List.of("users", "users_at_least"),
            dimensions),
        SegmentSums.of("usage_habit", List.of("day"), HABIT_COUNTS, dimensions));
  }

  private static final List<String> HABIT_COUNTS =
      List.of(
          "users_28d",
          "core",
          "regular",
          "casual",
          "infrequent",
          "users_84d",
          "users_below_monthly");

  private static final Identity ACTIVE_DAYS_ADD_UP =
      new Identity(
          "active_days_add_up",
          "dau over a month adds up to active_days * users of the whole",
          List.of("active_users", "usage_frequency"),
          """
          SELECT concat_ws(', ', '(all)', period_start) AS breach_key,
            coalesce(user_days, 0) AS expected, coalesce(actual, 0) AS actual
          FROM (SELECT CAST(trunc(day, 'MM') AS DATE) AS period_start, sum(dau) AS user_days
              FROM active_users WHERE segment = '(all)' GROUP BY ALL)
            FULL OUTER JOIN
              (SELECT period_start, sum(active_days * users) AS actual
              FROM usage_frequency WHERE segment = '(all)' GROUP BY ALL)
            USING (period_start)
          WHERE coalesce(user_days, 0) <> coalesce(actual, 0)
          """);

  private static final Identity MONTHS_AGREE =
      new Identity(
          "months_agree",
          "users of usage_frequency add up to active_users of the month in active_periods, and are"
              + " steps of users_at_least",
          List.of("active_periods", "usage_frequency"),
          """
          SELECT concat_ws(', ', segment, segment_value, period_start) AS breach_key,
            coalesce(active_users, 0) AS expected, coalesce(actual, 0) AS actual
          FROM (SELECT * FROM active_periods WHERE grain = 'month') FULL OUTER JOIN
            (SELECT segment, segment_value, period_start, sum(users) AS actual
            FROM usage_frequency GROUP BY ALL)
            USING (segment, segment_value, period_start)
          WHERE coalesce(active_users, 0) <> coalesce(actual, 0)
          UNION ALL
          SELECT concat_ws(', ', segment, segment_value, period_start,
              concat('at least ', active_days)) AS breach_key,
            expected, users_at_least AS actual
          FROM (SELECT *, sum(users) OVER (PARTITION BY segment, segment_value, period_start
              ORDER BY active_days DESC) AS expected
            FROM usage_frequency)
          WHERE users_at_least <> expected
          """);

  private static final Identity HABITS_ARE_MAU =
      new Identity(
          "habits_are_mau",
          "core, regular, casual and infrequent add up to users_28d, which is mau of the day; among"
              + " users_84d are users_below_monthly",
          List.of("active_users", "usage_habit"),
          """
          SELECT concat_ws(', ', segment, segment_value, day) AS breach_key,
            u.mau AS expected, h.users_28d AS actual
          FROM active_users u JOIN usage_habit h USING (day, segment, segment_value)
          WHERE u.mau IS DISTINCT FROM h.users_28d
          UNION ALL
          SELECT concat_ws(', ', segment, segment_value, day) AS breach_key,
            users_28d AS expected, core + regular + casual + infrequent AS actual
          FROM usage_habit WHERE users_28d <> core + regular + casual + infrequent
          UNION ALL
          SELECT concat_ws(', ', segment, segment_value, day) AS breach_key,
            users_84d AS expected, users_below_monthly AS actual
          FROM usage_habit WHERE users_below_monthly > users_84d
          """);

  private static List<String> activeUsersCounts(TenureConfig config) {
    List<String> counts = new ArrayList<>(windowColumns(config));
    counts.add("new_users");
    return counts;
  }

  /** The columns of all windows, shortest first. */
  private static List<String> windowColumns(TenureConfig config) {
    return IntStream.concat(IntStream.of(1), Arrays.stream(config.activeUsers().trailing()))
        .mapToObj(ActiveUsersConfig::column)
        .toList();
  }

  private static Identity longerWindowsHoldMore(TenureConfig config) {
    List<String> chain =
        Stream.concat(Stream.of("new_users"), windowColumns(config).stream()).toList();
    String pairs =
        IntStream.range(1, chain.size())
            .mapToObj(
                at -> "'%1$s <= %2$s', %1$s, %2$s".formatted(chain.get(at - 1), chain.get(at)))
            .collect(Collectors.joining(", "));
    return new Identity(
        "longer_windows_hold_more",
        String.join(" <= ", chain),
        List.of("active_users"),
        """
        SELECT concat_ws(', ', segment, segment_value, day, pair) AS breach_key,
          concat('at least ', shorter) AS expected, longer AS actual
        FROM (SELECT segment, segment_value, day, stack(%d, %s) AS (pair, shorter, longer)
          FROM active_users)
        WHERE shorter > longer
        """
            .formatted(chain.size() - 1, pairs));
  }
}
