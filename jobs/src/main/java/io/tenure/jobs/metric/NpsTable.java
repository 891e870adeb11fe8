package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.ANSWERS;
import static io.tenure.common.table.Unit.POINTS;
import static io.tenure.common.table.Unit.SHARE;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.ArrayList;
import java.util.List;

/** The contract of {@link Nps}. */
final class NpsTable {
  static final List<String> GROUPS = List.of("promoters", "passives", "detractors");

  private static final String INTERVAL =
      " bound of the 95 % interval of score (adjusted Wald; Rocks 2016, and never short of the score"
          + " itself), which takes answers as independent; NULL if there are none";

  static final Contract NPS =
      result(
              "nps",
              "Who would recommend, by when and where they were asked, and who of them has left since",
              List.of("grain", "period_start", "segment", "segment_value", "touchpoint"),
              columns())
          .finalFrom("matures_on")
          .hiding(Protection.of(Protection.Rule.INSIDE));

  private NpsTable() {}

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(Columns.grain("month or quarter"));
    columns.add(Columns.PERIOD_START);
    columns.add(Columns.PERIOD_END);
    columns.add(Segments.SEGMENT);
    columns.add(Segments.SEGMENT_VALUE);
    columns.add(Segments.basis("on the day of the answer"));
    columns.add(
        required(
            "touchpoint",
            STRING,
            "Where the user was asked ({nps.touchpoints}); (all) for all of them, to which they sum"));
    columns.add(
        answers(
            "answers",
            "Answers in the period, so far if it is open: of a user, day and touchpoint one, the last"));
    columns.add(answers("promoters", "Of answers, those of 9 or 10"));
    columns.add(answers("passives", "Of answers, those of 7 or 8"));
    columns.add(answers("detractors", "Of answers, those of 0 to 6"));
    columns.add(
        optional(
                "score",
                DOUBLE,
                "Net Promoter Score: 100 * (promoters - detractors) / answers; NULL if there are none")
            .in(POINTS));
    columns.add(optional("score_ci_low", DOUBLE, "Lower" + INTERVAL).in(POINTS));
    columns.add(optional("score_ci_high", DOUBLE, "Upper" + INTERVAL).in(POINTS));
    for (String group : GROUPS) {
      columns.add(
          known(
              group + "_followed",
              "Of "
                  + group
                  + ", answers of users who were there on the day, by the rule of churn; NULL until"
                  + " mature"));
      columns.add(
          known(
              group + "_churned",
              "Of "
                  + group
                  + "_followed, those whose user churned within {nps.churn-days} days after the day;"
                  + " NULL until mature"));
      String rate = group + "_churn_rate";
      columns.add(
          optional(rate, DOUBLE, "%1$s_churned / %1$s_followed, 0 to 1".formatted(group))
              .in(SHARE));
      columns.add(Columns.low(group + "_churn_ci_low", rate));
      columns.add(Columns.high(group + "_churn_ci_high", rate));
    }
    columns.add(Columns.IS_COMPLETE);
    columns.add(Columns.BEGINS_IN_LOG);
    columns.add(
        required(
            "is_mature", BOOLEAN, "Whether it is known of every answer whether its user churned"));
    columns.add(Columns.MATURES_ON);
    return columns;
  }

  private static Column answers(String name, String meaning) {
    return required(name, BIGINT, meaning)
        .in(ANSWERS)
        .sumsOver("period_start", "segment_value", "touchpoint");
  }

  private static Column known(String name, String meaning) {
    return optional(name, BIGINT, meaning)
        .in(ANSWERS)
        .sumsOver("period_start", "segment_value", "touchpoint");
  }
}
