package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;

import io.tenure.common.table.Contract;
import java.util.List;

/** The contract of {@link Growth}. */
final class GrowthTable {
  static final Contract GROWTH =
      result(
              "growth",
              "Where the active users of a period come from, and who of the period before is gone",
              List.of("grain", "period_start", "segment", "segment_value"),
              List.of(
                  required("grain", STRING, "Length of a period: day, week, month"),
                  required("period_start", DATE, "First day of the period"),
                  required("period_end", DATE, "First day after the period"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.SEGMENT_BASIS,
                  required(
                      "active_users",
                      BIGINT,
                      "Users active in the period, so far if it is open: new_users + retained_users +"
                          + " resurrected_users. All counts of a row are under the value as of the"
                          + " period's last day"),
                  required("new_users", BIGINT, "Users never active before the period"),
                  required("retained_users", BIGINT, "Users active in the period before, too"),
                  required(
                      "resurrected_users",
                      BIGINT,
                      "Users active before, but not in the period before"),
                  optional(
                      "churned_users",
                      BIGINT,
                      "Users active in the period before and not in this one: previous_active_users -"
                          + " retained_users; NULL while the period is open"),
                  optional(
                      "previous_active_users",
                      BIGINT,
                      "Users active in the period before, under their value as of this one; NULL where"
                          + " the period before reaches outside the log and births are not certain"),
                  optional(
                      "net_moved_users",
                      BIGINT,
                      "previous_active_users - active_users of the period before: users who came from"
                          + " other values since, less those who went; 0 in the whole"),
                  optional(
                      "quick_ratio",
                      DOUBLE,
                      "(new_users + resurrected_users) / churned_users; NULL when nobody churned or"
                          + " while the period is open"),
                  optional(
                      "retention_rate",
                      DOUBLE,
                      "retained_users / previous_active_users, 0 to 1; NULL while the period is open"),
                  optional("ci_low", DOUBLE, "Lower bound of the rate's 95 % interval (Wilson)"),
                  optional("ci_high", DOUBLE, "Upper bound of the rate's 95 % interval (Wilson)"),
                  required("is_complete", BOOLEAN, "Whether the period is over on the as-of day"),
                  required(
                      "birth_observed",
                      BOOLEAN,
                      "Whether births are certain: the period starts on or after input.history-starts;"
                          + " before it, new_users are users first seen")))
          .finalFrom("period_end");

  private GrowthTable() {}
}
