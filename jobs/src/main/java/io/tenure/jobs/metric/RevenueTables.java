package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.CURRENCY;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Unit;
import java.util.List;

/** The contracts of {@link RevenueRetention} and {@link RevenueCohorts}. */
final class RevenueTables {
  private static final String BEFORE_UNKNOWN =
      "; NULL where the month before begins before the log, and the log before"
          + " input.history-starts ({input.history-starts})";

  private static final String WHILE_OPEN = "; NULL while the month is open";
  private static final String WITH_OPENING = "; NULL while the month is open, and with opening";

  static final Contract RETENTION =
      result(
              "revenue_retention",
              "What becomes of the money of a month in the next one",
              List.of("period_start", "segment", "segment_value"),
              List.of(
                  Columns.PERIOD_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.PERIOD_BASIS,
                  required(
                          "revenue",
                          MONEY,
                          "All amounts ({input.amount}) of the month, so far if it is open: closing - net_refunds."
                              + " All numbers of a row are of users under the value as of the month's"
                              + " last day")
                      .in(CURRENCY)
                      .sumsOver("segment_value", "period_start"),
                  money(
                      "opening",
                      "Money of the month before: of each user its amounts, if they add up to more"
                          + " than 0"
                          + BEFORE_UNKNOWN),
                  money("new", "Money of users who had none in any month before" + WHILE_OPEN),
                  money(
                      "expansion",
                      "What users of the opening bring more than in the month before"
                          + WITH_OPENING),
                  money(
                      "contraction",
                      "What users of the opening bring less, but still bring some" + WITH_OPENING),
                  money("churned", "Opening money of users who bring none any more" + WITH_OPENING),
                  money(
                      "reactivation",
                      "Money of users who had none in the month before, but had some earlier"
                          + WHILE_OPEN),
                  money(
                      "closing",
                      "Money of the month: opening + new + expansion + reactivation - contraction -"
                          + " churned"
                          + WHILE_OPEN),
                  money(
                      "net_refunds",
                      "What users got back whose amounts of the month add up to less than 0; they"
                          + " count as users without money"
                          + WHILE_OPEN),
                  optional(
                          "net_moved",
                          MONEY,
                          "opening - closing of the month before: money of users who came from other"
                              + " values since, less that of those who went; 0 in the whole; NULL"
                              + " with opening")
                      .in(CURRENCY),
                  optional(
                          "gross_revenue_retention",
                          DOUBLE,
                          "(opening - contraction - churned) / opening, 0 to 1" + WITH_OPENING)
                      .in(SHARE),
                  bound("gross_ci_low", "Lower", "gross_revenue_retention", SHARE),
                  bound("gross_ci_high", "Upper", "gross_revenue_retention", SHARE),
                  optional(
                          "net_revenue_retention",
                          DOUBLE,
                          "(opening + expansion - contraction - churned) / opening, above 1 if the"
                              + " opening has grown"
                              + WITH_OPENING)
                      .in(RATIO),
                  bound("net_ci_low", "Lower", "net_revenue_retention", RATIO),
                  bound("net_ci_high", "Upper", "net_revenue_retention", RATIO),
                  users("opening_users", "Users with opening money" + BEFORE_UNKNOWN),
                  users(
                      "kept_users",
                      "Users of the opening who bring money, however much" + WITH_OPENING),
                  users("expanded_users", "Of kept_users those who bring more" + WITH_OPENING),
                  users("contracted_users", "Of kept_users those who bring less" + WITH_OPENING),
                  users("lost_users", "Users of the opening who bring none" + WITH_OPENING),
                  users("won_users", "new_users + reactivated_users" + WHILE_OPEN),
                  users("new_users", "Users of the new money" + WHILE_OPEN),
                  users("reactivated_users", "Users of the reactivation" + WHILE_OPEN),
                  users(
                      "closing_users",
                      "Users with closing money: kept_users + won_users" + WHILE_OPEN),
                  users("refunded_users", "Users of the net refunds" + WHILE_OPEN),
                  optional(
                          "user_retention_rate",
                          DOUBLE,
                          "kept_users / opening_users, 0 to 1" + WITH_OPENING)
                      .in(SHARE),
                  Columns.low("user_retention_rate"),
                  Columns.high("user_retention_rate"),
                  Columns.IS_COMPLETE,
                  Columns.BEGINS_IN_LOG,
                  Columns.birthObserved(
                      "the month starts",
                      "; new money is money first seen, which of users who were there before it may be"
                          + " a reactivation")))
          .finalFrom("period_end")
          .hiding(
              Protection.of(Protection.Rule.MONEY)
                  .counting("opening_users")
                  .sharing("user_retention_rate", "kept_users", "opening_users"));

  static final String COHORTS = "revenue_cohorts";

  /**
   * The contract of {@link RevenueCohorts}.
   *
   * @param recurring whether a user may be in several cohorts, and their money with them
   */
  static Contract cohorts(boolean recurring) {
    String[] money =
        recurring
            ? new String[] {"segment_value"}
            : new String[] {"segment_value", "cohort_start", "period"};
    String[] users =
        recurring ? new String[] {"segment_value"} : new String[] {"segment_value", "cohort_start"};
    return result(
            COHORTS,
            "What a cohort brings in the k-th period after its own, and has brought until then",
            List.of("retention", "grain", "segment", "segment_value", "cohort_start", "period"),
            List.of(
                RetentionTables.NAME,
                RetentionTables.GRAIN,
                Segments.SEGMENT,
                Segments.SEGMENT_VALUE,
                Segments.BIRTH_BASIS,
                RetentionTables.COHORT_START,
                RetentionTables.PERIOD,
                Columns.WEEK_OR_OTHER_START,
                Columns.PERIOD_END,
                required("cohort_users", BIGINT, "Users of the cohort, as in cohorts")
                    .in(USERS)
                    .sumsOver(users),
                optional(
                        "revenue",
                        MONEY,
                        "Amounts ({input.amount}) of the cohort's users in the period, on or after"
                            + " the birth day; NULL until mature")
                    .in(CURRENCY)
                    .sumsOver(money),
                optional(
                        "cumulative_revenue",
                        MONEY,
                        "revenue of this period and all before it; NULL until mature")
                    .in(CURRENCY)
                    .sumsOver(users),
                optional(
                        "revenue_per_user",
                        MONEY,
                        "revenue / cohort_users, to 4 decimals; NULL until mature")
                    .in(CURRENCY),
                optional(
                        "cumulative_revenue_per_user",
                        MONEY,
                        "cumulative_revenue / cohort_users, to 4 decimals: lifetime value to date,"
                            + " as far as the horizon of the grain; NULL until mature")
                    .in(CURRENCY),
                optional(
                        "paying_users",
                        BIGINT,
                        "Users whose amounts in the period add up to more than 0; NULL until mature")
                    .in(USERS)
                    .sumsOver(users),
                optional("paying_rate", DOUBLE, "paying_users / cohort_users, 0 to 1").in(SHARE),
                Columns.low("paying_rate"),
                Columns.high("paying_rate"),
                required("is_mature", BOOLEAN, "Whether the period is over for every member"),
                Columns.MATURES_ON))
        .finalFrom("matures_on")
        .hiding(Protection.of(Protection.Rule.INSIDE));
  }

  private RevenueTables() {}

  private static Column money(String name, String meaning) {
    return optional(name, MONEY, meaning).in(CURRENCY).sumsOver("segment_value");
  }

  private static Column users(String name, String meaning) {
    return optional(name, BIGINT, meaning).in(USERS).sumsOver("segment_value");
  }

  private static Column bound(String name, String which, String rate, Unit unit) {
    return optional(
            name,
            DOUBLE,
            which
                + " bound of the 95 % interval of "
                + rate
                + " (ratio estimate); NULL for fewer than 10 users, and where all have kept the"
                + " same share")
        .in(unit);
  }
}
