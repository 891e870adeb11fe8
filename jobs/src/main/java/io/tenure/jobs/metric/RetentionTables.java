package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.PERIODS;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Vendor.AMPLITUDE;
import static io.tenure.common.table.Vendor.GA4;
import static io.tenure.common.table.Vendor.MIXPANEL;
import static io.tenure.common.table.Vendor.POSTHOG;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contracts of {@link Retention}. */
final class RetentionTables {
  static final Column NAME =
      required("retention", STRING, "Name of the retention question: {retention}");
  static final Column GRAIN = Columns.grain("day, week (from {week-start}), month, in {timezone}");
  static final Column COHORT_START =
      required("cohort_start", DATE, "First day of the period that the users of the cohort share");
  private static final Column BRACKET =
      optional(
          "bracket",
          STRING,
          "NULL for a single period; [a,b) for a row that covers the periods a to b - 1");
  static final Column PERIOD =
      required("period", INT, "Periods since the cohort's own, which is 0").in(PERIODS);
  private static final Column LOW = Columns.low("retention_rate");
  private static final Column HIGH = Columns.high("retention_rate");

  static final Contract RETENTION =
      result(
              "retention",
              "Users of a cohort who come back in the k-th period after the cohort's own",
              List.of(
                  "retention",
                  "grain",
                  "segment",
                  "segment_value",
                  "cohort_start",
                  "bracket",
                  "period"),
              List.of(
                  NAME,
                  GRAIN,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.BIRTH_BASIS,
                  COHORT_START,
                  PERIOD,
                  Columns.WEEK_OR_OTHER_START,
                  Columns.PERIOD_END,
                  BRACKET,
                  required(
                          "cohort_users",
                          BIGINT,
                          "Users of the cohort; under cohort recurring a user counts once per period")
                      .in(USERS)
                      .sumsOver("segment_value", "cohort_start")
                      .like(
                          AMPLITUDE,
                          "Retention Analysis, the cohort size, with calendar days instead of 24-hour windows")
                      .like(MIXPANEL, "Retention, the first column, with calendar intervals")
                      .like(POSTHOG, "Retention, the size column")
                      .like(GA4, "Data API cohortTotalUsers, for cohorts by firstSessionDate"),
                  optional(
                          "retained_users",
                          BIGINT,
                          "Users of the cohort with a return activity in the period; NULL until mature")
                      .in(USERS)
                      .sumsOver("segment_value", "cohort_start")
                      .like(
                          AMPLITUDE,
                          "Retention Analysis, Return On, calendar days; a bracket: Return On (Custom)")
                      .like(MIXPANEL, "Retention, criteria On, calendar intervals")
                      .like(POSTHOG, "Retention, returning on")
                      .like(
                          GA4,
                          "Data API cohortActiveUsers; Cohort exploration, calculation Standard; weeks from sunday (here: {week-start})"),
                  optional(
                          "retained_or_later_users",
                          BIGINT,
                          "Users of the cohort with a return activity in the period or any later one, so"
                              + " far: unlike all else of a mature row it can still grow, and is small where"
                              + " little time has passed since; NULL until mature")
                      .in(USERS)
                      .sumsOver("segment_value", "cohort_start")
                      .like(AMPLITUDE, "Retention Analysis, Return On or After, calendar days")
                      .like(MIXPANEL, "Retention, criteria On or After, calendar intervals")
                      .like(POSTHOG, "Retention, returning on or after"),
                  optional("retention_rate", DOUBLE, "retained_users / cohort_users, 0 to 1")
                      .in(SHARE)
                      .like(
                          AMPLITUDE,
                          "Retention Analysis, Return On, calendar days; a bracket: Return On (Custom)")
                      .like(MIXPANEL, "Retention, criteria On, calendar intervals")
                      .like(POSTHOG, "Retention, returning on")
                      .like(
                          GA4,
                          "Cohort exploration, calculation Standard, per cohort user; weeks from sunday (here: {week-start})"),
                  LOW,
                  HIGH,
                  required(
                      "is_mature",
                      BOOLEAN,
                      "Whether all that the row counts is known, but for retained_or_later_users"),
                  required(
                      "matures_on",
                      DATE,
                      "The day from which the row is final, but for retained_or_later_users")))
          .finalFrom("matures_on", "retained_or_later_users")
          .hiding(
              Protection.of(Protection.Rule.COHORTS)
                  .counting("cohort_users")
                  .sharing("retention_rate", "retained_users", "cohort_users"));

  static final Contract CURVE =
      result(
              "retention_curve",
              "Retention by period, pooled over mature cohorts: sums of users, never means of rates",
              List.of("retention", "grain", "segment", "segment_value", "bracket", "period"),
              List.of(
                  NAME,
                  GRAIN,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.BIRTH_BASIS,
                  PERIOD,
                  BRACKET,
                  required(
                          "eligible_users",
                          BIGINT,
                          "Users of the cohorts for which the row is mature")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "retained_users",
                          BIGINT,
                          "Eligible users with a return activity; NULL while no cohort is mature")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional("retention_rate", DOUBLE, "retained_users / eligible_users, 0 to 1")
                      .in(SHARE)
                      .like(
                          AMPLITUDE,
                          "Retention Analysis, Return On, calendar days, the weighted average over cohorts"),
                  LOW,
                  HIGH,
                  required("is_mature", BOOLEAN, "Whether any cohort is mature")))
          .hiding(
              Protection.of(Protection.Rule.CURVE)
                  .counting("eligible_users")
                  .sharing("retention_rate", "retained_users", "eligible_users"));

  static final Contract COHORTS =
      result(
              "cohorts",
              "The cohorts and their sizes",
              List.of("retention", "grain", "segment", "segment_value", "cohort_start"),
              List.of(
                  NAME,
                  GRAIN,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.BIRTH_BASIS,
                  COHORT_START,
                  required("cohort_end", DATE, "First day after the cohort's period"),
                  required("first_day", DATE, "The first birth day in the cohort"),
                  required("last_day", DATE, "The last birth day in the cohort"),
                  required("cohort_users", BIGINT, "Users of the cohort")
                      .in(USERS)
                      .sumsOver("segment_value", "cohort_start"),
                  required("is_complete", BOOLEAN, "Whether the cohort's period is over"),
                  Columns.birthObserved("the cohort starts", "")))
          .finalFrom("cohort_end")
          .hiding(
              Protection.of(Protection.Rule.SIZES)
                  .counting("cohort_users")
                  .alsoHiding("first_day", "last_day"));

  private RetentionTables() {}
}
