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

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import java.util.List;

/** The contracts of {@link Retention}. */
final class RetentionTables {
  private static final Column NAME =
      required("retention", STRING, "Name of the retention question in the config");
  private static final Column GRAIN =
      required("grain", STRING, "Length of a period: day, week, month");
  private static final Column COHORT_START =
      required("cohort_start", DATE, "First day of the period that the users of the cohort share");
  private static final Column BRACKET =
      optional(
          "bracket",
          STRING,
          "NULL for a single period; [a,b) for a row that covers the periods a to b - 1");
  private static final Column LOW =
      optional("ci_low", DOUBLE, "Lower bound of the rate's 95 % interval (Wilson)");
  private static final Column HIGH =
      optional("ci_high", DOUBLE, "Upper bound of the rate's 95 % interval (Wilson)");

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
                  Segments.SEGMENT_BASIS,
                  COHORT_START,
                  required("period", INT, "Periods since the cohort's own, which is 0"),
                  required("period_start", DATE, "First day of the period"),
                  required("period_end", DATE, "First day after the period"),
                  BRACKET,
                  required(
                      "cohort_users",
                      BIGINT,
                      "Users of the cohort; under cohort recurring a user counts once per period"),
                  optional(
                      "retained_users",
                      BIGINT,
                      "Users of the cohort with a return activity in the period; NULL until mature"),
                  optional(
                      "retained_or_later_users",
                      BIGINT,
                      "Users of the cohort with a return activity in the period or any later one; NULL"
                          + " until mature"),
                  optional("retention_rate", DOUBLE, "retained_users / cohort_users, 0 to 1"),
                  LOW,
                  HIGH,
                  required("is_mature", BOOLEAN, "Whether all that the row counts is known"),
                  required("matures_on", DATE, "The day from which the row is final")))
          .finalFrom("matures_on", "retained_or_later_users");

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
              Segments.SEGMENT_BASIS,
              required("period", INT, "Periods since the cohort's own, which is 0"),
              BRACKET,
              required(
                  "eligible_users", BIGINT, "Users of the cohorts for which the row is mature"),
              optional(
                  "retained_users",
                  BIGINT,
                  "Eligible users with a return activity; NULL while no cohort is mature"),
              optional("retention_rate", DOUBLE, "retained_users / eligible_users, 0 to 1"),
              LOW,
              HIGH,
              required("is_mature", BOOLEAN, "Whether any cohort is mature")));

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
                  Segments.SEGMENT_BASIS,
                  COHORT_START,
                  required("cohort_end", DATE, "First day after the cohort's period"),
                  required("first_day", DATE, "The first birth day in the cohort"),
                  required("last_day", DATE, "The last birth day in the cohort"),
                  required("cohort_users", BIGINT, "Users of the cohort"),
                  required("is_complete", BOOLEAN, "Whether the cohort's period is over"),
                  required(
                      "birth_observed",
                      BOOLEAN,
                      "Whether births are certain: the cohort starts on or after"
                          + " input.history-starts")))
          .finalFrom("cohort_end");

  private RetentionTables() {}
}
