package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.DAYS;
import static io.tenure.common.table.Unit.MONTHS;
import static io.tenure.common.table.Unit.PER_MONTH;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.SPELLS;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The contracts of {@link Churn}. */
final class ChurnTables {
  /** What becomes of the users: NULL until the period is over. */
  private static final List<Column> OUTCOME =
      List.of(
          optional(
                  "churned_users",
                  BIGINT,
                  "Users at the start who churn in the period; a user churns {churn}. All who were lost"
                      + " are these and joined_and_churned_users, most of them in a long period; NULL"
                      + " until mature")
              .in(USERS)
              .sumsOver("segment_value", "period_start"),
          optional("churn_rate", DOUBLE, "churned_users / users_at_start, 0 to 1").in(SHARE),
          Columns.low("churn_rate"),
          Columns.high("churn_rate"),
          optional(
                  "annualised_churn_rate",
                  DOUBLE,
                  "Share lost in a year at this rate: 1 - (1 - churn_rate) ^ periods of a year, 0 to"
                      + " 1")
              .in(SHARE),
          optional(
              "band",
              STRING,
              "healthy, watch or alert: the rate, as a monthly one, against churn.bands ({churn.bands})"),
          optional(
                  "spells_begun",
                  BIGINT,
                  "Spells that begin in the period: new users and resurrections; NULL until mature")
              .in(SPELLS)
              .sumsOver("segment_value", "period_start"),
          optional(
                  "joined_and_churned_users",
                  BIGINT,
                  "Spells that begin and end in the period, outside the rate: users, but one with two such"
                      + " spells, as short ones may be, counts twice; NULL until mature")
              .in(SPELLS)
              .sumsOver("segment_value", "period_start"),
          optional(
                  "moved_in_users",
                  BIGINT,
                  "Users who stay to the end and have this segment value then, but counted under"
                      + " another one; 0 in the whole; NULL until mature")
              .in(USERS),
          optional(
                  "moved_out_users",
                  BIGINT,
                  "Users who stay to the end, counted under this segment value, but have another one"
                      + " then; 0 in the whole; NULL until mature")
              .in(USERS),
          optional(
                  "users_at_end",
                  BIGINT,
                  "users_at_start + spells_begun - churned_users - joined_and_churned_users +"
                      + " moved_in_users - moved_out_users: without stages, users_at_start of the next"
                      + " period; NULL until mature")
              .in(USERS)
              .sumsOver("segment_value"),
          optional(
                  "first_spell_churns",
                  BIGINT,
                  "Churns in the period that end a user's first spell; NULL until mature")
              .in(USERS)
              .sumsOver("segment_value", "period_start"),
          optional(
                  "person_days",
                  BIGINT,
                  "Days of the period that users spent in a spell, from its first day, in, to the"
                      + " churn day, out, and not paused; NULL until mature")
              .in(DAYS)
              .sumsOver("segment_value", "period_start"),
          optional(
                  "person_months",
                  DOUBLE,
                  "person_days over the mean days of a month of the period; NULL until mature")
              .in(MONTHS)
              .sumsOver("segment_value"),
          optional(
                  "hazard",
                  DOUBLE,
                  "Churns per month: (churned_users + joined_and_churned_users) / person_months")
              .in(PER_MONTH),
          hazardBound("hazard_ci_low", "Lower"),
          hazardBound("hazard_ci_high", "Upper"),
          optional(
                  "could_leave_churned_users",
                  BIGINT,
                  "Of could_leave_users, those who churn in the period; NULL until mature")
              .in(USERS)
              .sumsOver("segment_value", "period_start"),
          optional(
                  "could_leave_churn_rate",
                  DOUBLE,
                  "could_leave_churned_users / could_leave_users, 0 to 1")
              .in(SHARE),
          Columns.low("could_leave_ci_low", "could_leave_churn_rate"),
          Columns.high("could_leave_ci_high", "could_leave_churn_rate"));

  static final int OUTCOMES = OUTCOME.size();

  /** The columns after the key. */
  static final List<Column> MEASURES =
      Stream.of(
              List.of(
                  required(
                          "users_at_start",
                          BIGINT,
                          "Users in a spell that began before the period and not churned before its"
                              + " first day")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required(
                          "paused_users_at_start",
                          BIGINT,
                          "Of users_at_start, those whose subscription is paused when the period"
                              + " starts")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  optional(
                          "could_leave_users",
                          BIGINT,
                          "Of users_at_start, those whose term ({churn.contract} months) ends in the period, by the segment"
                              + " contract; NULL without one")
                      .in(USERS)
                      .sumsOver("segment_value")),
              OUTCOME,
              List.of(
                  required("is_mature", BOOLEAN, "Whether the period is over"), Columns.MATURES_ON))
          .flatMap(List::stream)
          .toList();

  private static final Protection.Share COULD_LEAVE =
      new Protection.Share(
          "could_leave_churn_rate",
          "could_leave_ci_low",
          "could_leave_ci_high",
          "could_leave_churned_users",
          "could_leave_users");

  static final Contract BY_STAGE =
      result(
              "churn_by_stage",
              "Users there when a month starts and those lost in it, by stage of life",
              List.of("segment", "segment_value", "period_start", "stage"),
              columns(
                      Segments.SEGMENT,
                      Segments.SEGMENT_VALUE,
                      Segments.START_BASIS,
                      Columns.PERIOD_START,
                      Columns.PERIOD_END,
                      required(
                          "stage",
                          STRING,
                          "Stage by months since birth on the first day of the month ({churn.stages});"
                              + " users born in the month are in the first one; (all) is their sum"))
                  .stream()
                  .map(ChurnTables::overStages)
                  .toList())
          .finalFrom("matures_on")
          .hiding(
              Protection.of(Protection.Rule.STAGES)
                  .counting("users_at_start")
                  .alsoHiding("band")
                  .sharing("churn_rate", "churned_users", "users_at_start")
                  .sharing(COULD_LEAVE));

  static final Contract PERIODS =
      result(
              "churn_periods",
              "Users there when a month, quarter or year starts and those lost in it",
              List.of("grain", "segment", "segment_value", "period_start"),
              columns(
                  Columns.grain("month, quarter, year"),
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.START_BASIS,
                  Columns.PERIOD_START,
                  Columns.PERIOD_END))
          .finalFrom("matures_on")
          .hiding(
              Protection.of(Protection.Rule.CHURN)
                  .counting("users_at_start")
                  .alsoHiding("band")
                  .sharing("churn_rate", "churned_users", "users_at_start")
                  .sharing(COULD_LEAVE));

  private ChurnTables() {}

  private static Column hazardBound(String name, String which) {
    return optional(
            name,
            DOUBLE,
            which + " bound of the 95 % interval of hazard (churns as a Poisson count; score)")
        .in(PER_MONTH);
  }

  private static List<Column> columns(Column... keys) {
    return Stream.concat(Stream.of(keys), MEASURES.stream()).toList();
  }

  /** A column in a table by stages: what adds up over segment values adds up over them, too. */
  private static Column overStages(Column column) {
    if (column.sumsOver().isEmpty()) {
      return column;
    }
    List<String> more = new ArrayList<>(column.sumsOver());
    more.add("stage");
    return column.sumsOver(more.toArray(String[]::new));
  }
}
