package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.NUMBER;
import static io.tenure.common.table.Unit.PERIODS;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contract of {@link Drivers}. */
final class DriversTable {
  static final Contract DRIVERS =
      result(
              "drivers",
              "Who stays and who leaves: the users of a value against all others of the dimension",
              List.of("outcome", "segment", "segment_value"),
              List.of(
                  required(
                      "outcome",
                      STRING,
                      "churn: users lost in the last complete month, of those there at its start;"
                          + " retention: users who came back in period 1, pooled over mature cohorts"),
                  optional(
                      "retention",
                      STRING,
                      "Of retention: the name of the question, which is the first one whose users are in"
                          + " one cohort each"),
                  required(
                      "grain",
                      STRING,
                      "Length of the period: month for churn; for retention the longest of the"
                          + " question's"),
                  optional("period", INT, "Of retention: periods since the cohort's own, always 1")
                      .in(PERIODS),
                  optional("period_start", DATE, "Of churn: first day of the month"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.basis(
                      "on the day before the month for churn, on the day of birth for retention"),
                  required(
                          "users",
                          BIGINT,
                          "Users of the value at stake: for churn, those there when the month began; for retention,"
                              + " those of cohorts that have lived through period 1")
                      .in(USERS),
                  required("outcome_users", BIGINT, "Of users, those with the outcome").in(USERS),
                  required("rate", DOUBLE, "outcome_users / users, 0 to 1").in(SHARE),
                  Columns.low("rate"),
                  Columns.high("rate"),
                  required("rest_users", BIGINT, "Users of all other values at stake, likewise")
                      .in(USERS),
                  required("rest_outcome_users", BIGINT, "Of rest_users, those with the outcome")
                      .in(USERS),
                  optional(
                          "rest_rate",
                          DOUBLE,
                          "rest_outcome_users / rest_users, 0 to 1; NULL if there are no others")
                      .in(SHARE),
                  Columns.low("rest_ci_low", "rest_rate"),
                  Columns.high("rest_ci_high", "rest_rate"),
                  compared("difference", "rate - rest_rate, -1 to 1").in(RATIO),
                  compared(
                          "difference_ci_low",
                          "Lower bound of the 95 % interval of difference (Newcombe)")
                      .in(RATIO),
                  compared(
                          "difference_ci_high",
                          "Upper bound of the 95 % interval of difference (Newcombe)")
                      .in(RATIO),
                  compared("ratio", "rate / rest_rate; NULL if that is 0").in(RATIO),
                  compared(
                          "ratio_ci_low",
                          "Lower bound of the 95 % interval of ratio (Katz, logarithmic); NULL"
                              + " if either rate is 0 or 1")
                      .in(RATIO),
                  compared(
                          "ratio_ci_high",
                          "Upper bound of the 95 % interval of ratio (Katz, logarithmic); NULL"
                              + " if either rate is 0 or 1")
                      .in(RATIO),
                  compared(
                          "p_value",
                          "Probability of such a difference or a larger one, either way, if there is"
                              + " none, 0 to 1: chi-square, or Fisher's exact test where 100 users or"
                              + " fewer are expected by chance")
                      .in(SHARE),
                  required(
                          "comparisons",
                          INT,
                          "Comparisons of the outcome: rows of all dimensions with a p_value")
                      .in(NUMBER),
                  compared(
                          "p_adjusted",
                          "p_value adjusted for the number of comparisons (Benjamini-Hochberg): of"
                              + " the rows at or below a level of it, about that share at most is"
                              + " expected to differ by chance alone")
                      .in(SHARE)))
          .hiding(
              Protection.of(Protection.Rule.DRIVERS)
                  .counting("users")
                  .keeping("period")
                  .sharing("rate", "outcome_users", "users")
                  .sharing(
                      new Protection.Share(
                          "rest_rate",
                          "rest_ci_low",
                          "rest_ci_high",
                          "rest_outcome_users",
                          "rest_users")));

  private DriversTable() {}

  private static Column compared(String name, String meaning) {
    return optional(name, DOUBLE, meaning + "; NULL if there are no others");
  }
}
