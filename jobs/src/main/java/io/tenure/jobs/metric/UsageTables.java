package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.DAYS;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Vendor.AMPLITUDE;
import static io.tenure.common.table.Vendor.MIXPANEL;
import static io.tenure.common.table.Vendor.POSTHOG;

import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contracts of {@link UsageFrequency} and {@link UsageHabit}. */
final class UsageTables {
  static final Contract FREQUENCY =
      result(
              "usage_frequency",
              "Users by the number of their active days in a calendar month",
              List.of("period_start", "segment", "segment_value", "active_days"),
              List.of(
                  Columns.PERIOD_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.PERIOD_BASIS,
                  required(
                          "active_days",
                          INT,
                          "Active days ({active}) in the month, 1 to its length")
                      .in(DAYS),
                  optional(
                          "users",
                          BIGINT,
                          "Users with exactly that many active days, so far if the month is open, under the"
                              + " value as of its last day; NULL for more days than have passed of it. In"
                              + " the whole, active_days * users add up to the month's dau; in a value only"
                              + " if nobody changes value within the month")
                      .in(USERS)
                      .sumsOver("segment_value", "active_days")
                      .like(AMPLITUDE, "Stickiness, monthly, non-cumulative, as a number of users")
                      .like(POSTHOG, "Stickiness over one month, by day, exactly"),
                  optional(
                          "users_at_least",
                          BIGINT,
                          "Users with that many active days or more; NULL with users")
                      .in(USERS)
                      .sumsOver("segment_value")
                      .like(AMPLITUDE, "Stickiness, monthly, cumulative, as a number of users")
                      .like(MIXPANEL, "Frequency, days in a month")
                      .like(POSTHOG, "Stickiness over one month, by day, cumulative"),
                  Columns.IS_COMPLETE_IN_LOG))
          .finalFrom("period_end")
          .hiding(Protection.of(Protection.Rule.FREQUENCY));

  static final Contract HABIT =
      result(
              "usage_habit",
              "How often users come: active days in the last 28 and the last 84 days",
              List.of("segment", "segment_value"),
              List.of(
                  required("day", DATE, "The as-of day, the last of the 28 and of the 84 days"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.basis("on the as-of day"),
                  optional(
                          "users_28d",
                          BIGINT,
                          "Users active in the last 28 days: core + regular + casual + infrequent; NULL,"
                              + " like these, until the log has 28 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional("core", BIGINT, "Users active on 21 to 28 of the last 28 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional("regular", BIGINT, "Users active on 14 to 20 of the last 28 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional("casual", BIGINT, "Users active on 7 to 13 of the last 28 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional("infrequent", BIGINT, "Users active on 1 to 6 of the last 28 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required("is_mature", BOOLEAN, "Whether the 28 days lie inside the log"),
                  optional(
                          "users_84d",
                          BIGINT,
                          "Users active in the last 84 days whose first active day is no later than the"
                              + " first of these; NULL until the log has 84 days")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "users_below_monthly",
                          BIGINT,
                          "Those of users_84d with 1 or 2 active days in the 84: fewer than one in 28")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "share_below_monthly",
                          DOUBLE,
                          "users_below_monthly / users_84d, 0 to 1; NULL when users_84d is 0")
                      .in(SHARE),
                  Columns.low("share_below_monthly"),
                  Columns.high("share_below_monthly"),
                  optional(
                      "is_forgettable",
                      BOOLEAN,
                      "Whether share_below_monthly is above one half: the forgettable zone"),
                  required("is_mature_84d", BOOLEAN, "Whether the 84 days lie inside the log")))
          .hiding(
              Protection.of(Protection.Rule.HABIT)
                  .counting("users_28d")
                  .alsoHiding("is_forgettable")
                  .sharing("share_below_monthly", "users_below_monthly", "users_84d"));

  private UsageTables() {}
}
