package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.NUMBER;
import static io.tenure.common.table.Unit.SECONDS;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Vendor.AMPLITUDE;
import static io.tenure.common.table.Vendor.MIXPANEL;
import static io.tenure.common.table.Vendor.POSTHOG;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contracts of {@link Funnel}. */
final class FunnelTables {
  private static final String UNTIL_MATURE = "; NULL until mature";

  private static final Column NAME = required("funnel", STRING, "Name of the funnel: {funnels}");
  private static final Column BASIS = Segments.basis("on the day of the first step");
  private static final Column STEP = required("step", INT, "Number of the step, from 1").in(NUMBER);
  private static final Column ACTIVITY = required("activity", STRING, "Activity of the step");

  private static final Column DROPPED =
      users(
          "dropped",
          "Of users, those who got no further and whose window is over; 0 in the last step");

  private static final Column PENDING =
      users(
          "pending",
          "Of users, those who got no further so far and whose window is still open; 0 in the last"
              + " step. users less dropped and pending are users of the next step");

  static final Contract FUNNEL =
      result(
              "funnel",
              "How far users get in the steps of a funnel, every user once",
              List.of("funnel", "segment", "segment_value", "step"),
              List.of(
                  NAME,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  BASIS,
                  STEP,
                  ACTIVITY,
                  users(
                          "users",
                          "Users who reached the step, one step after the other, within the window of"
                              + " the entry that counts: their first, or where any may, the one that"
                              + " leads furthest; other events may lie between")
                      .like(
                          AMPLITUDE, "Funnel, this order, unique users, where any entry may count")
                      .like(MIXPANEL, "Funnel, this order, uniques, where any entry may count")
                      .like(POSTHOG, "Funnel, sequential, where any entry may count"),
                  DROPPED,
                  PENDING,
                  required(
                      "is_largest_drop",
                      BOOLEAN,
                      "Whether most users leave here: dropped is the largest of the funnel and segment"
                          + " value, of equal ones the earliest"),
                  users(
                      "closed_users",
                      "Of users, those whose window is over: final but for late data; where any entry may"
                          + " count, those who have no window open, until they enter again"),
                  optional(
                          "closed_previous_users",
                          BIGINT,
                          "closed_users of the step before; NULL in step 1")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  users("closed_entered_users", "closed_users of step 1"),
                  rate(
                      "step_conversion",
                      "closed_users / closed_previous_users, 0 to 1; NULL in step 1 and if there are"
                          + " none"),
                  Columns.low("step_ci_low", "step_conversion"),
                  Columns.high("step_ci_high", "step_conversion"),
                  rate(
                      "overall_conversion",
                      "closed_users / closed_entered_users, 0 to 1; NULL if there are none"),
                  Columns.low("overall_conversion"),
                  Columns.high("overall_conversion"),
                  optional(
                          "median_seconds",
                          DOUBLE,
                          "Median over closed_users of the time from the first step to this one, each"
                              + " rounded down to the second and from 256 seconds on by less than 1 %;"
                              + " NULL if there are none")
                      .in(SECONDS)))
          .hiding(Protection.of(Protection.Rule.INSIDE));

  static final Contract PERIODS =
      result(
              "funnel_periods",
              "How far users get in the steps of a funnel who enter it in a week or month, each of"
                  + " them once in it",
              List.of("funnel", "grain", "period_start", "segment", "segment_value", "step"),
              List.of(
                  NAME,
                  Columns.grain("week or month"),
                  Columns.WEEK_OR_OTHER_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  BASIS,
                  STEP,
                  ACTIVITY,
                  users(
                      "users",
                      "Users who took the first step in the period and reached this one, one step after"
                          + " the other, within the window of the entry that counts: their first in the"
                          + " period, or where any may, the one that leads furthest; until mature, so far"),
                  DROPPED,
                  PENDING,
                  optional("previous_users", BIGINT, "users of the step before; NULL in step 1")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  users("entered_users", "users of step 1"),
                  rate(
                      "step_conversion",
                      "users / previous_users, 0 to 1; NULL in step 1 and if there are none"
                          + UNTIL_MATURE),
                  Columns.low("step_ci_low", "step_conversion"),
                  Columns.high("step_ci_high", "step_conversion"),
                  rate(
                      "overall_conversion",
                      "users / entered_users, 0 to 1; NULL if there are none" + UNTIL_MATURE),
                  Columns.low("overall_conversion"),
                  Columns.high("overall_conversion"),
                  required(
                      "is_mature",
                      BOOLEAN,
                      "Whether the window of every user who may have entered in the period is over"),
                  Columns.MATURES_ON))
          .finalFrom("matures_on")
          .hiding(Protection.of(Protection.Rule.INSIDE));

  private FunnelTables() {}

  private static Column users(String name, String meaning) {
    return required(name, BIGINT, meaning).in(USERS).sumsOver("segment_value");
  }

  private static Column rate(String name, String meaning) {
    return optional(name, DOUBLE, meaning).in(SHARE);
  }
}
