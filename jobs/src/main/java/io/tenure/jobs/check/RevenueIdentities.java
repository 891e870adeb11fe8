package io.tenure.jobs.check;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.HistoryShape;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold of revenue, by itself and against cohorts. Money is in ten-thousandths. */
final class RevenueIdentities {
  private static final String RETENTION = "revenue_retention";
  private static final String COHORTS = "revenue_cohorts";

  private RevenueIdentities() {}

  static List<Identity> of(Scope scope) {
    TenureConfig config = scope.config();
    if (config.input().amount().isEmpty()) {
      return List.of();
    }
    List<Identity> identities =
        new ArrayList<>(
            List.of(MONEY_ADDS_UP, USERS_ADD_UP, MONTHS_FOLLOW, GROSS_IS_LEAST, COHORTS_ADD_UP));
    Map<String, LocalDate> lastStarts = wholeMonths(scope);
    if (!lastStarts.isEmpty()) {
      identities.add(
          ofAllCohorts(
              "cohorts_bring_all_revenue",
              "revenue of all cohorts adds up to the month's, where the horizon reaches every cohort",
              "revenue",
              "revenue",
              lastStarts));
      identities.add(
          ofAllCohorts(
              "cohorts_have_all_paying_users",
              "paying_users of all cohorts add up to closing_users of the month, where the horizon"
                  + " reaches every cohort",
              "paying_users",
              "closing_users",
              lastStarts));
    }
    return List.copyOf(identities);
  }

  private static final Identity MONEY_ADDS_UP =
      new Identity(
          "revenue_movements_add_up",
          "opening + new + expansion + reactivation - contraction - churned = closing = revenue +"
              + " net_refunds",
          Relation.EQUAL,
          Map.of(
              RETENTION,
              (line, ledger) -> {
                Long closing = line.number("closing");
                if (closing != null) {
                  ledger.equal(
                      line.number("revenue") + line.number("net_refunds"),
                      closing,
                      month(line, "closing of revenue"));
                }
                Long expansion = line.number("expansion");
                if (expansion != null) {
                  ledger.equal(
                      line.number("opening")
                          + line.number("new")
                          + expansion
                          + line.number("reactivation")
                          - line.number("contraction")
                          - line.number("churned"),
                      closing,
                      month(line, "closing"));
                }
              }));

  private static final Identity USERS_ADD_UP =
      new Identity(
          "revenue_users_add_up",
          "opening_users = kept_users + lost_users; won_users = new_users + reactivated_users;"
              + " closing_users = kept_users + won_users",
          Relation.EQUAL,
          Map.of(
              RETENTION,
              (line, ledger) -> {
                Long kept = line.number("kept_users");
                Long won = line.number("won_users");
                if (won != null) {
                  ledger.equal(
                      line.number("new_users") + line.number("reactivated_users"),
                      won,
                      month(line, "won_users"));
                }
                if (kept != null) {
                  ledger.equal(
                      kept + line.number("lost_users"),
                      line.number("opening_users"),
                      month(line, "opening_users"));
                  ledger.equal(
                      kept + won, line.number("closing_users"), month(line, "closing_users"));
                  ledger.atLeast(
                      line.number("expanded_users") + line.number("contracted_users"),
                      kept,
                      month(line, "kept_users"));
                }
              }));

  private static final Identity MONTHS_FOLLOW =
      new Identity(
          "revenue_opening_is_closing",
          "opening = closing of the month before + net_moved, which is 0 in the whole",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              RETENTION,
              (line, ledger) -> {
                Long opening = line.number("opening");
                Long moved = line.number("net_moved");
                if (line.isWhole()) {
                  ledger.equal(0L, moved, month(line, "net_moved"));
                }
                ledger.actual(opening, month(line, "opening"));
                ledger.expected(moved, month(line, "opening"));
                ledger.expected(
                    line.number("closing"),
                    line.text("segment"),
                    line.text("segment_value"),
                    line.day("period_end"),
                    "opening");
              }));

  private static final Identity GROSS_IS_LEAST =
      new Identity(
          "gross_is_at_most_opening_and_net",
          "what is left of the opening, 0 at least, is at most the opening, so"
              + " gross_revenue_retention is at most 1 and at most net_revenue_retention",
          Relation.AT_MOST,
          Map.of(
              RETENTION,
              (line, ledger) -> {
                Long churned = line.number("churned");
                if (churned != null) {
                  long lost = churned + line.number("contraction");
                  ledger.atMost(line.number("opening"), lost, month(line, "lost money"));
                  ledger.atLeast(0L, lost, month(line, "lost money"));
                  ledger.atLeast(0L, line.number("expansion"), month(line, "expansion"));
                }
              }));

  private static final Identity COHORTS_ADD_UP =
      new Identity(
          "cumulative_revenue_adds_up",
          "cumulative_revenue = that of the period before + revenue; paying_users are of the cohort",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              COHORTS,
              (line, ledger) -> {
                Long sum = line.number("cumulative_revenue");
                if (sum != null) {
                  long period = line.number("period");
                  ledger.actual(sum, cohort(line, period));
                  ledger.expected(line.number("revenue"), cohort(line, period));
                  ledger.expected(sum, cohort(line, period + 1));
                  ledger.atMost(
                      line.number("cohort_users"),
                      line.number("paying_users"),
                      cohort(line, period));
                }
              }));

  private static Object[] month(Line line, String what) {
    return new Object[] {
      line.text("segment"), line.text("segment_value"), line.day("period_start"), what
    };
  }

  private static Object[] cohort(Line line, long period) {
    return new Object[] {
      line.text("retention"),
      line.text("grain"),
      line.text("segment"),
      line.text("segment_value"),
      line.day("cohort_start"),
      period
    };
  }

  /**
   * Questions by month whose cohorts have every event of every user, each with the start of the
   * last month that its horizon surely covers.
   */
  private static Map<String, LocalDate> wholeMonths(Scope scope) {
    TenureConfig config = scope.config();
    Periods months = config.periods(Grain.MONTH);
    Map<String, LocalDate> lastStarts = new HashMap<>();
    for (RetentionConfig question : config.retention()) {
      Integer horizon = question.grains().get(Grain.MONTH);
      if (horizon != null && takesEverybody(question, config)) {
        int last = months.start(months.of(scope.logStart()) + horizon);
        lastStarts.put(question.name(), LocalDate.ofEpochDay(last));
      }
    }
    return lastStarts;
  }

  /** Whether every user is born with the first event: any event is a start, then. */
  private static boolean takesEverybody(RetentionConfig question, TenureConfig config) {
    return question.cohort() != RetentionConfig.Cohort.RECURRING
        && HistoryShape.matchesEveryEvent(config.activities().get(question.start()));
  }

  /**
   * A month by cohorts against the month by movements.
   *
   * @param ofCohort the column of the cohorts
   * @param ofMonth that of the month
   */
  private static Identity ofAllCohorts(
      String name,
      String sentence,
      String ofCohort,
      String ofMonth,
      Map<String, LocalDate> lastStarts) {
    return new Identity(
        name,
        sentence,
        Relation.EQUAL_WHERE_FOUND,
        Map.of(
            COHORTS,
            (line, ledger) -> {
              LocalDate last = lastStarts.get(line.text("retention"));
              LocalDate start = line.day("period_start");
              if (last != null
                  && line.isWhole()
                  && line.text("grain").equals(Grain.MONTH.label())
                  && !start.isAfter(last)) {
                ledger.actual(line.number(ofCohort), line.text("retention"), start);
              }
            },
            RETENTION,
            (line, ledger) -> {
              if (line.isWhole() && line.flag("is_complete")) {
                for (String question : lastStarts.keySet()) {
                  ledger.expected(line.number(ofMonth), question, line.day("period_start"));
                }
              }
            }));
  }
}
