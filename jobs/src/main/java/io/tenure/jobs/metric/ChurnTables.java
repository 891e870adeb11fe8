package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.stream.Stream;

/** The contracts of {@link ChurnByStage} and {@link ChurnPeriods}. */
final class ChurnTables {
  /** What becomes of the users: NULL until the period is over. */
  private static final List<Column> OUTCOME =
      List.of(
          optional(
              "churned_users",
              BIGINT,
              "Users at the start who churn in the period; NULL until mature"),
          optional("churn_rate", DOUBLE, "churned_users / users_at_start, 0 to 1"),
          optional("ci_low", DOUBLE, "Lower bound of the rate's 95 % interval (Wilson)"),
          optional("ci_high", DOUBLE, "Upper bound of the rate's 95 % interval (Wilson)"),
          optional(
              "annualised_churn_rate",
              DOUBLE,
              "Share lost in a year at this rate: 1 - (1 - churn_rate) ^ periods of a year, 0 to"
                  + " 1"),
          optional(
              "band",
              STRING,
              "healthy, watch or alert: the rate, as a monthly one, against churn.bands"),
          optional(
              "spells_begun",
              BIGINT,
              "Spells that begin in the period: new users and resurrections; NULL until mature"),
          optional(
              "joined_and_churned_users",
              BIGINT,
              "Spells that begin and end in the period, outside the rate; NULL until mature"),
          optional(
              "moved_in_users",
              BIGINT,
              "Users who stay to the end and have this segment value then, but counted under"
                  + " another one; 0 in the whole; NULL until mature"),
          optional(
              "moved_out_users",
              BIGINT,
              "Users who stay to the end, counted under this segment value, but have another one"
                  + " then; 0 in the whole; NULL until mature"),
          optional(
              "users_at_end",
              BIGINT,
              "users_at_start + spells_begun - churned_users - joined_and_churned_users +"
                  + " moved_in_users - moved_out_users: without stages, users_at_start of the next"
                  + " period; NULL until mature"),
          optional(
              "first_spell_churns",
              BIGINT,
              "Churns in the period that end a user's first spell; NULL until mature"),
          optional(
              "person_days",
              BIGINT,
              "Days of the period that users spent in a spell, from its first day, in, to the"
                  + " churn day, out, and not paused; NULL until mature"),
          optional(
              "person_months",
              DOUBLE,
              "person_days over the mean days of a month of the period; NULL until mature"),
          optional(
              "hazard",
              DOUBLE,
              "Churns per month: (churned_users + joined_and_churned_users) / person_months"),
          optional(
              "could_leave_churned_users",
              BIGINT,
              "Of could_leave_users, those who churn in the period; NULL until mature"),
          optional(
              "could_leave_churn_rate",
              DOUBLE,
              "could_leave_churned_users / could_leave_users, 0 to 1"),
          optional(
              "could_leave_ci_low",
              DOUBLE,
              "Lower bound of could_leave_churn_rate's 95 % interval (Wilson)"),
          optional(
              "could_leave_ci_high",
              DOUBLE,
              "Upper bound of could_leave_churn_rate's 95 % interval (Wilson)"));

  static final int OUTCOMES = OUTCOME.size();

  /** The columns after the key. */
  static final List<Column> MEASURES =
      Stream.of(
              List.of(
                  required(
                      "users_at_start",
                      BIGINT,
                      "Users in a spell that began before the period and not churned before its"
                          + " first day"),
                  required(
                      "paused_users_at_start",
                      BIGINT,
                      "Of users_at_start, those whose subscription is paused when the period"
                          + " starts"),
                  optional(
                      "could_leave_users",
                      BIGINT,
                      "Of users_at_start, those whose term ends in the period, by the segment"
                          + " contract; NULL without one")),
              OUTCOME,
              List.of(
                  required("is_mature", BOOLEAN, "Whether the period is over"),
                  required("matures_on", DATE, "The day from which the row is final")))
          .flatMap(List::stream)
          .toList();

  private static final Column START = required("period_start", DATE, "First day of the period");
  private static final Column END = required("period_end", DATE, "First day after the period");

  static final Contract BY_STAGE =
      result(
              "churn_by_stage",
              "Users there when a month starts and those lost in it, by stage of life",
              List.of("segment", "segment_value", "period_start", "stage"),
              columns(
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.SEGMENT_BASIS,
                  START,
                  END,
                  required(
                      "stage",
                      STRING,
                      "Stage by months since birth on the first day of the month, as configured in"
                          + " churn.stages; users born in the month are in the first one; (all) is"
                          + " their sum")))
          .finalFrom("matures_on");

  static final Contract PERIODS =
      result(
              "churn_periods",
              "Users there when a month, quarter or year starts and those lost in it",
              List.of("grain", "segment", "segment_value", "period_start"),
              columns(
                  required("grain", STRING, "Length of the period: month, quarter, year"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.SEGMENT_BASIS,
                  START,
                  END))
          .finalFrom("matures_on");

  private ChurnTables() {}

  private static List<Column> columns(Column... keys) {
    return Stream.concat(Stream.of(keys), MEASURES.stream()).toList();
  }
}
