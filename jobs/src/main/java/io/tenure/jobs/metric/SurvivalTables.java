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
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.TENURE;
import static io.tenure.common.table.Unit.USERS;
import static io.tenure.common.table.Unit.VALUES;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contracts of {@link Survival}. */
final class SurvivalTables {
  private static final Column UNIT =
      required(
          "tenure_unit",
          STRING,
          "Unit of tenure: day, or month (whole months since birth, the end of a month clamps)");
  private static final Column STD_ERR =
      optional(
              "std_err",
              DOUBLE,
              "Standard error of the survival (Greenwood); NULL where nobody survives")
          .in(SHARE);
  private static final Column LOW =
      optional(
              "ci_low",
              DOUBLE,
              "Lower bound of the survival's 95 % interval ({churn.survival-interval}); NULL where nobody"
                  + " survives")
          .in(SHARE);
  private static final Column HIGH =
      optional(
              "ci_high",
              DOUBLE,
              "Upper bound of the survival's 95 % interval, at most 1; NULL where nobody survives")
          .in(SHARE);

  static final Contract SURVIVAL =
      result(
              "survival",
              "Life table of first spells by tenure, with the Kaplan-Meier estimate",
              List.of("tenure_unit", "segment", "segment_value", "tenure"),
              List.of(
                  UNIT,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.BIRTH_BASIS,
                  required(
                          "tenure",
                          INT,
                          "Time from birth to the churn day (with the silent days that make a churn), or"
                              + " of the users alive to the day after the as-of day, in tenure_unit")
                      .in(TENURE),
                  required(
                          "at_risk", BIGINT, "Users whose first spell is known to reach the tenure")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required(
                          "churned",
                          BIGINT,
                          "Of them, users whose first spell ends at the tenure; it ends {churn}")
                      .in(USERS)
                      .sumsOver("segment_value", "tenure"),
                  required(
                          "censored",
                          BIGINT,
                          "Of them, users alive at the end of the as-of day, with this tenure then")
                      .in(USERS)
                      .sumsOver("segment_value", "tenure"),
                  required(
                          "churned_in_complete_months",
                          BIGINT,
                          "Of churned, those whose churn day lies in a calendar month that is over: what"
                              + " churn_by_stage counts")
                      .in(USERS)
                      .sumsOver("segment_value", "tenure"),
                  required(
                          "survival",
                          DOUBLE,
                          "Estimated share of users whose first spell outlives the tenure, 0 to 1; by"
                              + " the day, also where tenures are told in months: who is censored"
                              + " within a month is at risk until that day, not to the month's end")
                      .in(SHARE),
                  STD_ERR,
                  LOW,
                  HIGH))
          .hiding(Protection.of(Protection.Rule.LIFE_TABLE).counting("at_risk"));

  static final Contract BY_STAGE =
      result(
              "survival_by_stage",
              "How many of those who reach a stage outlive it, and how long they stay in it",
              List.of("tenure_unit", "segment", "segment_value", "stage_start", "stage"),
              List.of(
                  UNIT,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.BIRTH_BASIS,
                  required(
                      "stage",
                      STRING,
                      "Stage by months of tenure ({churn.stages}), or (all) for the whole life. In days there"
                          + " is only (all): stages begin with months"),
                  required("stage_start", INT, "Tenure at which the stage begins, in tenure_unit")
                      .in(TENURE),
                  optional(
                          "stage_end",
                          INT,
                          "Tenure at which the stage is over; NULL for one without end")
                      .in(TENURE),
                  required(
                          "observed_until",
                          INT,
                          "The row speaks of tenures from stage_start, in, to this one, out: stage_end, or"
                              + " the first tenure that no user has reached, if that is less; at least"
                              + " stage_start")
                      .in(TENURE),
                  required(
                          "at_risk",
                          BIGINT,
                          "Users whose first spell is known to reach stage_start")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required("churned", BIGINT, "Of them, users whose first spell ends in the stage")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required("censored", BIGINT, "Of them, users alive in the stage on the as-of day")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "survival",
                          DOUBLE,
                          "Estimated share of those who reach stage_start that outlives the row's"
                              + " tenures, S(end) / S(start), 0 to 1; NULL if not mature")
                      .in(SHARE),
                  STD_ERR,
                  LOW,
                  HIGH,
                  optional(
                          "median_tenure",
                          INT,
                          "First tenure, from birth, that at most half of those who reach stage_start"
                              + " outlive, until they count as churned ({churn}); NULL if more than half"
                              + " outlive the row's tenures")
                      .in(TENURE),
                  optional(
                          "restricted_mean",
                          DOUBLE,
                          "Mean time lived after stage_start by those who reach it, as far as stage_end or"
                              + " the last tenure that a user has reached, in tenure_unit, one that has"
                              + " begun not counted: the area under their curve, until they count as churned;"
                              + " NULL if not mature")
                      .in(TENURE),
                  required(
                      "is_mature",
                      BOOLEAN,
                      "Whether users have reached the stage and, if it has an end, somebody has been"
                          + " followed to it or the estimate fell to 0 before")))
          .hiding(
              Protection.of(Protection.Rule.LIFE_STAGES)
                  .counting("at_risk")
                  .keeping("stage_start", "stage_end"));

  static final Contract TEST =
      result(
              "survival_test",
              "Whether the values of a dimension differ in survival: the log-rank test",
              List.of("tenure_unit", "segment"),
              List.of(
                  UNIT,
                  required("segment", STRING, "Segment dimension whose values are compared"),
                  required("segment_value", STRING, "Always (all): the row speaks of all values"),
                  Segments.BIRTH_BASIS,
                  required("values", BIGINT, "Values of the dimension that have users").in(VALUES),
                  required("users", BIGINT, "Users of all values").in(USERS),
                  required("churned", BIGINT, "Of them, users whose first spell has ended")
                      .in(USERS),
                  optional(
                          "chi_square",
                          DOUBLE,
                          "Log-rank statistic (Mantel-Haenszel): the distance between the churns of each"
                              + " value and those expected if all survived alike; NULL for fewer than two"
                              + " values at risk when the first user churns or more than "
                              + LogRank.MOST_GROUPS
                              + ", without churns, and if all churn at one tenure")
                      .in(NUMBER),
                  optional(
                          "degrees_of_freedom",
                          INT,
                          "Values with users at risk when the first user churns, less one; NULL with"
                              + " chi_square")
                      .in(NUMBER),
                  optional(
                          "p_value",
                          DOUBLE,
                          "Probability of such a chi_square or a larger one if all survive alike, 0 to 1,"
                              + " not adjusted for the number of dimensions; NULL with chi_square")
                      .in(SHARE)))
          .hiding(Protection.of(Protection.Rule.COMPARISON).counting("users"));

  private SurvivalTables() {}
}
