package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Vendor.AMPLITUDE;
import static io.tenure.common.table.Vendor.GA4;
import static io.tenure.common.table.Vendor.MIXPANEL;
import static io.tenure.common.table.Vendor.POSTHOG;

import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.ArrayList;
import java.util.List;

/** The contracts of {@link ActiveUsers} and of active periods in {@link Growth}. */
final class ActivityTables {
  static final Contract ACTIVE_PERIODS =
      result(
              "active_periods",
              "Users active in calendar weeks and months; for windows that trail a day see"
                  + " active_users",
              List.of("grain", "period_start", "segment", "segment_value"),
              List.of(
                  Columns.grain("week, month"),
                  Columns.WEEK_OR_OTHER_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.PERIOD_BASIS,
                  required(
                          "active_users",
                          BIGINT,
                          "Users active in the period, so far if it is open; under the value as of the"
                              + " period's last day")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Event Segmentation, Uniques, weekly or monthly")
                      .like(MIXPANEL, "Insights, Unique Users, by week or month")
                      .like(
                          POSTHOG,
                          "Trends, Unique users, by week or month; weeks from {week-start}")
                      .like(
                          GA4,
                          "Free-form exploration, total users by week or month; weeks from sunday (here: {week-start})"),
                  Columns.IS_COMPLETE_IN_LOG))
          .finalFrom("period_end")
          .hiding(Protection.of(Protection.Rule.PERIODS).counting("active_users"));

  private ActivityTables() {}

  /**
   * The contract of active_users.
   *
   * @param furtherWindows windows beside 1, 7 and 28 days, ascending; each gets a column
   */
  static Contract activeUsers(int[] furtherWindows) {
    List<Column> columns = new ArrayList<>();
    columns.add(required("day", DATE, "The last day of the windows, a local day of {timezone}"));
    columns.add(Segments.SEGMENT);
    columns.add(Segments.SEGMENT_VALUE);
    columns.add(Segments.basis("on the day itself"));
    columns.add(
        required("dau", BIGINT, "Users active ({active}) on the day")
            .in(USERS)
            .sumsOver("segment_value")
            .like(AMPLITUDE, "Event Segmentation, Uniques, daily")
            .like(MIXPANEL, "Insights, Unique Users, by day")
            .like(POSTHOG, "Trends, Unique users, by day")
            .like(GA4, "Data API active1DayUsers, where every event engages"));
    columns.add(window("wau", 7));
    columns.add(window("mau", 28));
    for (int window : furtherWindows) {
      columns.add(window(ActiveUsersConfig.column(window), window));
    }
    columns.add(
        required("new_users", BIGINT, "Users whose first active day of all is the day")
            .in(USERS)
            .sumsOver("segment_value", "day")
            .like(AMPLITUDE, "Event Segmentation, New User, Uniques, daily"));
    columns.add(
        optional("stickiness", DOUBLE, "dau / mau, 0 to 1; NULL with mau, or when mau is 0")
            .in(SHARE));
    columns.add(Columns.low("stickiness"));
    columns.add(Columns.high("stickiness"));
    columns.add(
        optional(
                "stickiness_avg",
                DOUBLE,
                "Mean dau of the last 28 days / mau; may exceed 1 in a value that users have left;"
                    + " NULL with mau, or when mau is 0")
            .in(RATIO));
    columns.add(
        required(
            "is_mature",
            BOOLEAN,
            "Whether the 28 days of mau lie inside the log; other windows are NULL by themselves"
                + " where they reach back before its first day"));
    columns.add(Columns.birthObserved("the day is", "; before it, new_users are users first seen"));
    return result(
            ActiveUsers.TABLE,
            "Users active on a day, and in the windows of days that end with it",
            List.of("day", "segment", "segment_value"),
            columns)
        .finalAfter("day")
        .hiding(
            Protection.of(Protection.Rule.WINDOWS)
                .counting("mau")
                .keeping("new_users")
                .sharing("stickiness", "dau", "mau"));
  }

  private static Column window(String name, int days) {
    Column window =
        optional(
                name,
                BIGINT,
                "Users active ({active}) in the %d days that end with the day, under the value as of"
                        .formatted(days)
                    + " the day; NULL when these reach back before the log")
            .in(USERS)
            .sumsOver("segment_value")
            .like(
                AMPLITUDE, "Event Segmentation, Uniques, daily, rolling window %d".formatted(days));
    return switch (days) {
      case 7 ->
          window
              .like(MIXPANEL, "Insights, WAU, by day")
              .like(POSTHOG, "Trends, Weekly active users, by day")
              .like(GA4, "Data API active7DayUsers, where every event engages");
      case 28 -> window.like(GA4, "Data API active28DayUsers, where every event engages");
      case 30 ->
          window
              .like(MIXPANEL, "Insights, MAU, by day")
              .like(POSTHOG, "Trends, Monthly active users, by day");
      default -> window;
    };
  }
}
