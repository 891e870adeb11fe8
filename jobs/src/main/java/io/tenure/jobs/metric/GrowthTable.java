package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Vendor.AMPLITUDE;
import static io.tenure.common.table.Vendor.POSTHOG;

import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contract of {@link Growth}. */
final class GrowthTable {
  static final Contract GROWTH =
      result(
              "growth",
              "Where the active users of a period come from, and who of the period before is gone",
              List.of("grain", "period_start", "segment", "segment_value"),
              List.of(
                  Columns.grain("day, week, month"),
                  Columns.WEEK_OR_OTHER_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.PERIOD_BASIS,
                  required(
                          "active_users",
                          BIGINT,
                          "Users active ({active}) in the period, so far if it is open: new_users + retained_users +"
                              + " resurrected_users. All counts of a row are under the value as of the"
                              + " period's last day")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Lifecycle, New + Current + Resurrected"),
                  required("new_users", BIGINT, "Users never active before the period")
                      .in(USERS)
                      .sumsOver("segment_value", "period_start")
                      .like(AMPLITUDE, "Lifecycle, New")
                      .like(POSTHOG, "Lifecycle, new"),
                  required("retained_users", BIGINT, "Users active in the period before, too")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Lifecycle, Current")
                      .like(POSTHOG, "Lifecycle, returning"),
                  required(
                          "resurrected_users",
                          BIGINT,
                          "Users active before, but not in the period before")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Lifecycle, Resurrected")
                      .like(POSTHOG, "Lifecycle, resurrecting"),
                  optional(
                          "churned_users",
                          BIGINT,
                          "Users active in the period before and not in this one: previous_active_users -"
                              + " retained_users; not those of churn_periods, who are gone for longer;"
                              + " NULL while the period is open or previous_active_users is NULL")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Lifecycle, Dormant")
                      .like(POSTHOG, "Lifecycle, dormant, which is drawn below zero"),
                  optional(
                          "previous_active_users",
                          BIGINT,
                          "Users active in the period before, under their value as of this one; NULL where"
                              + " the period before begins before the log, and the log before"
                              + " input.history-starts ({input.history-starts})")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "net_moved_users",
                          BIGINT,
                          "previous_active_users - active_users of the period before: users who came from"
                              + " other values since, less those who went; 0 in the whole; NULL with"
                              + " previous_active_users")
                      .in(USERS),
                  optional(
                          "quick_ratio",
                          DOUBLE,
                          "(new_users + resurrected_users) / churned_users; NULL when nobody churned or"
                              + " churned_users is NULL")
                      .in(RATIO)
                      .like(AMPLITUDE, "Lifecycle, Pulse"),
                  optional(
                          "retention_rate",
                          DOUBLE,
                          "retained_users / previous_active_users, 0 to 1; NULL while the period is open and"
                              + " where previous_active_users is NULL or 0")
                      .in(SHARE),
                  Columns.low("retention_rate"),
                  Columns.high("retention_rate"),
                  Columns.IS_COMPLETE,
                  Columns.BEGINS_IN_LOG,
                  Columns.birthObserved(
                      "the period starts", "; before it, new_users are users first seen")))
          .finalFrom("period_end")
          .hiding(
              Protection.of(Protection.Rule.FLOWS)
                  .counting("active_users")
                  .keeping("new_users")
                  .sharing("retention_rate", "retained_users", "previous_active_users"));

  private GrowthTable() {}
}
