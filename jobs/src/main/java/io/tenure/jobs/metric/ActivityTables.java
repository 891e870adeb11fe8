package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;

import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;

/** The contracts of {@link ActiveUsers} and {@link ActivePeriods}. */
final class ActivityTables {
  static final Contract ACTIVE_PERIODS =
      result(
              "active_periods",
              "Users active in calendar weeks and months; for windows that trail a day see"
                  + " active_users",
              List.of("grain", "period_start", "segment", "segment_value"),
              List.of(
                  required("grain", STRING, "Length of a period: week, month"),
                  required("period_start", DATE, "First day of the period"),
                  required("period_end", DATE, "First day after the period"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.SEGMENT_BASIS,
                  required(
                      "active_users",
                      BIGINT,
                      "Users active in the period, so far if it is open; under the value as of the"
                          + " period's last day"),
                  required(
                      "is_complete",
                      BOOLEAN,
                      "Whether the period is over on the as-of day and begins inside the log")))
          .finalFrom("period_end");

  private ActivityTables() {}

  /**
   * The contract of active_users.
   *
   * @param furtherWindows windows beside 1, 7 and 28 days, ascending; each gets a column
   */
  static Contract activeUsers(int[] furtherWindows) {
    List<Column> columns = new ArrayList<>();
    columns.add(required("day", DATE, "The last day of the windows"));
    columns.add(Segments.SEGMENT);
    columns.add(Segments.SEGMENT_VALUE);
    columns.add(Segments.SEGMENT_BASIS);
    columns.add(required("dau", BIGINT, "Users active on the day"));
    columns.add(window("wau", 7));
    columns.add(window("mau", 28));
    for (int window : furtherWindows) {
      columns.add(window(ActiveUsersConfig.column(window), window));
    }
    columns.add(required("new_users", BIGINT, "Users whose first active day of all is the day"));
    columns.add(
        optional("stickiness", DOUBLE, "dau / mau, 0 to 1; NULL with mau, or when mau is 0"));
    columns.add(
        optional("ci_low", DOUBLE, "Lower bound of the 95 % interval of stickiness (Wilson)"));
    columns.add(
        optional("ci_high", DOUBLE, "Upper bound of the 95 % interval of stickiness (Wilson)"));
    columns.add(
        optional(
            "stickiness_avg",
            DOUBLE,
            "Mean dau of the last 28 days / mau; may exceed 1 in a value that users have left;"
                + " NULL with mau, or when mau is 0"));
    columns.add(
        required(
            "is_mature",
            BOOLEAN,
            "Whether the 28 days of mau lie inside the log; other windows are NULL by themselves"
                + " where they reach back before its first day"));
    columns.add(
        required(
            "birth_observed",
            BOOLEAN,
            "Whether births are certain: the day is on or after input.history-starts; before it,"
                + " new_users are users first seen"));
    return result(
            ActiveUsers.TABLE,
            "Users active on a day, and in the windows of days that end with it",
            List.of("day", "segment", "segment_value"),
            columns)
        .finalAfter("day");
  }

  private static Column window(String name, int days) {
    return optional(
        name,
        BIGINT,
        "Users active in the %d days that end with the day, under the value as of the day; NULL when"
                .formatted(days)
            + " these reach back before the log");
  }
}
