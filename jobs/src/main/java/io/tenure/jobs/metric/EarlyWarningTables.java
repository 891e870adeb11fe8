package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.CURRENCY;
import static io.tenure.common.table.Unit.DAYS;
import static io.tenure.common.table.Unit.MONTHS;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The contracts of {@link EarlyWarning}. */
final class EarlyWarningTables {
  /** Risks from which users are flagged, in hundredths. */
  static final List<Integer> THRESHOLDS = List.of(5, 10, 20, 30, 40, 50, 60, 70, 80, 90);

  private static final String HORIZON = "within {churn.horizon} days after as_of";

  static final Contract BACKTEST =
      result(
              "risk_backtest",
              "How good the risk of at_risk_users is: the same rule at past month ends, from what was"
                  + " known then, against what happened",
              List.of("as_of", "segment", "segment_value", "threshold"),
              List.of(
                  required(
                      "as_of",
                      DATE,
                      "The day at whose end the rule was applied: the last of each month, and the run's"
                          + " as-of day"),
                  required("segment", STRING, "Always (all): the rule learns from all users"),
                  required("segment_value", STRING, "Always (all)"),
                  required("threshold", DOUBLE, "A user is flagged whose risk is at least this")
                      .in(SHARE),
                  required(
                          "learned_months",
                          INT,
                          "Months that the risk was learned from: the last 12 with users whose outcome was"
                              + " known; 0: nothing was known yet")
                      .in(MONTHS),
                  required(
                          "users",
                          BIGINT,
                          "Users in a spell whose end is not known at the end of as_of; over several as_of"
                              + " a user counts for each")
                      .in(USERS)
                      .sumsOver("as_of"),
                  optional(
                          "flagged_users",
                          BIGINT,
                          "Of users, those flagged; NULL if nothing was known yet")
                      .in(USERS)
                      .sumsOver("as_of"),
                  optional(
                          "churned_users",
                          BIGINT,
                          "Of users, those who churned "
                              + HORIZON
                              + ", for each as_of that is so near; NULL until mature")
                      .in(USERS)
                      .sumsOver("as_of"),
                  optional(
                          "flagged_churned_users",
                          BIGINT,
                          "Of flagged_users, those who churned; NULL until mature")
                      .in(USERS)
                      .sumsOver("as_of"),
                  optional(
                          "precision",
                          DOUBLE,
                          "flagged_churned_users / flagged_users, 0 to 1: how many warnings were right")
                      .in(SHARE),
                  Columns.low("precision_ci_low", "precision"),
                  Columns.high("precision_ci_high", "precision"),
                  optional(
                          "recall",
                          DOUBLE,
                          "flagged_churned_users / churned_users, 0 to 1: how many of those who left were"
                              + " warned of")
                      .in(SHARE),
                  Columns.low("recall_ci_low", "recall"),
                  Columns.high("recall_ci_high", "recall"),
                  optional(
                          "lift",
                          DOUBLE,
                          "precision / (churned_users / users): how much likelier a flagged user was to"
                              + " leave than any")
                      .in(RATIO),
                  required("is_mature", BOOLEAN, "Whether the outcome is known"),
                  Columns.MATURES_ON))
          .finalFrom("matures_on")
          .hiding(Protection.of(Protection.Rule.INSIDE));

  private EarlyWarningTables() {}

  /** The table of users, with a column for each dimension of a config. */
  static Contract atRiskUsers(TenureConfig config) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                required("user", STRING, "The user"),
                required(
                    "as_of",
                    DATE,
                    "The as-of day; the user is in a spell at its end, which is not known to end on the next day"),
                optional(
                        "risk",
                        DOUBLE,
                        "The probability of churn "
                            + HORIZON
                            + ": similar_churned_users / similar_users, 0 to 1; NULL if no outcome is"
                            + " known yet. Churn is "
                            + "{churn}")
                    .in(SHARE),
                Columns.low("risk"),
                Columns.high("risk"),
                optional(
                        "similar_users",
                        BIGINT,
                        "Users who shared what similar_by names with this one when one of the last 12"
                            + " months with a known outcome began, one for each such month")
                    .in(USERS),
                optional(
                        "similar_churned_users",
                        BIGINT,
                        "Of similar_users, those who churned within the days that risk looks ahead")
                    .in(USERS),
                optional(
                    "similar_by",
                    STRING,
                    "What similar users share: stage_silence_and_signs; with fewer than "
                        + SimilarUsers.ENOUGH
                        + " of them silence_and_signs, then silence, then nothing (all users). Silence is"
                        + " days_since_last_active in quarters of churn.inactive-days"
                        + " ({churn.inactive-days}), longer, never active, or paused; signs are reasons"),
                required(
                    "reasons",
                    STRING,
                    "Signs of leaving, with commas between them, empty if there is none (a long silence"
                        + " alone is none):"
                        + " silent_beyond_own_habit (days_since_last_active above gap_days_p90),"
                        + " declining_use (active_days_28d below half of active_days_prior_28d),"
                        + " never_activated (at most one active day ever, 7 days or more after birth),"
                        + " below_monthly_use (birth 83 days before as_of or more and active_days_84d below"
                        + " 3), payment_failed (payment_failures above 0), term_ends_soon (term_ends_on"
                        + " within the days that risk looks ahead, and the term in its second half); the"
                        + " first four not while is_paused"),
                required(
                    "stage",
                    STRING,
                    "Stage by months since birth on the day after as_of ({churn.stages})"),
                required("birth", DATE, "First day of the first spell"),
                required("spell_start", DATE, "First day of the present spell"),
                optional(
                    "last_active_on",
                    DATE,
                    "Last day with the activity active ({active}); NULL if there is none"),
                optional("days_since_last_active", INT, "as_of less last_active_on").in(DAYS),
                optional(
                        "gap_days_median",
                        DOUBLE,
                        "Median of the user's gaps, from one active day to the next; NULL with fewer"
                            + " than two active days")
                    .in(DAYS),
                optional(
                        "gap_days_p90",
                        DOUBLE,
                        "90th percentile of the gaps, interpolated as by PERCENTILE_CONT; NULL with fewer"
                            + " than two active days")
                    .in(DAYS),
                required("active_days_28d", INT, "Active days in the 28 that end with as_of")
                    .in(DAYS),
                required("active_days_prior_28d", INT, "Active days in the 28 before those")
                    .in(DAYS),
                required("active_days_84d", INT, "Active days in the 84 that end with as_of")
                    .in(DAYS),
                optional(
                        "value_at_risk",
                        MONEY,
                        "The user's amounts ({input.amount}) of the 364 days that end with as_of, little of"
                            + " it from a user who is new; NULL without input.amount")
                    .in(CURRENCY)
                    .sumsOver("user"),
                optional(
                        "payment_failures",
                        INT,
                        "Of the last 28 days, those in the spell with a failed payment after the last"
                            + " renewal; of a day with both it is after, if it is the day's last event of the"
                            + " subscription; NULL if the log has no such event")
                    .in(DAYS),
                optional(
                    "term_ends_on",
                    DATE,
                    "The first day after as_of on which a term ({churn.contract} months) ends that is not"
                        + " renewed yet; NULL if that is not known"),
                required(
                    "is_paused",
                    BOOLEAN,
                    "Whether the subscription is paused at the end of as_of; false without"
                        + " subscriptions")));
    for (String dimension : config.dimensions()) {
      columns.add(
          required(
              "segment_" + dimension.toLowerCase(Locale.ROOT),
              STRING,
              "Value of the dimension "
                  + dimension
                  + " as of as_of; (unknown) where none is known"));
    }
    return result(
            "at_risk_users",
            "Every user there on the as-of day, however small the risk: how likely to leave, and why",
            List.of("user"),
            columns)
        .hiding(Protection.of(Protection.Rule.PERSONS));
  }
}
