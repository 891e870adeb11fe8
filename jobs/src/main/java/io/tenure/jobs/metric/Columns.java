package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Unit.SHARE;

import io.tenure.common.table.Column;

/** Columns that mean the same in several tables; those of segments are in {@link Segments}. */
final class Columns {
  static final Column PERIOD_START =
      required("period_start", DATE, "First day of the period; days are local days of {timezone}");

  /** Of periods that may be weeks. */
  static final Column WEEK_OR_OTHER_START =
      required(
          "period_start",
          DATE,
          "First day of the period; weeks begin on {week-start}, days are local days of {timezone}");

  static final Column PERIOD_END = required("period_end", DATE, "First day after the period");

  static final Column IS_COMPLETE =
      required("is_complete", BOOLEAN, "Whether the period is over on the as-of day");

  /**
   * Beside {@link #IS_COMPLETE}, where counts are too small if the log begins within the period.
   */
  static final Column BEGINS_IN_LOG =
      required(
          "begins_in_log",
          BOOLEAN,
          "Whether all of the period lies on or after the log's first day: if not, days of it are"
              + " missing, and it is no month or week like the others");

  /** Of counts that are too small where the log begins. */
  static final Column IS_COMPLETE_IN_LOG =
      required(
          "is_complete",
          BOOLEAN,
          "Whether the period is over on the as-of day and begins inside the log");

  static final Column MATURES_ON =
      required("matures_on", DATE, "The day from which the row is final");

  private Columns() {}

  /**
   * @param lengths the grains there are
   */
  static Column grain(String lengths) {
    return required("grain", STRING, "Length of the period: " + lengths);
  }

  /**
   * @param row what of the row lies on or after input.history-starts
   * @param otherwise what it means if it does not
   */
  static Column birthObserved(String row, String otherwise) {
    return required(
        "birth_observed",
        BOOLEAN,
        "Whether births are certain: "
            + row
            + " on or after input.history-starts ({input.history-starts})"
            + otherwise);
  }

  /** The lower bound of a rate's interval. */
  static Column low(String rate) {
    return low("ci_low", rate);
  }

  static Column low(String name, String rate) {
    return optional(name, DOUBLE, "Lower bound of the 95 % interval of " + rate + " (Wilson)")
        .in(SHARE);
  }

  /** The upper bound of a rate's interval. */
  static Column high(String rate) {
    return high("ci_high", rate);
  }

  static Column high(String name, String rate) {
    return optional(name, DOUBLE, "Upper bound of the 95 % interval of " + rate + " (Wilson)")
        .in(SHARE);
  }
}
