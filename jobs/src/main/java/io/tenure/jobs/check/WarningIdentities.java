package io.tenure.jobs.check;

import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.Scope;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What must hold of the backtest of risks, by itself and against who is known to be there. */
final class WarningIdentities {
  private static final String BACKTEST = "risk_backtest";

  private WarningIdentities() {}

  static List<Identity> of(Scope scope) {
    List<Identity> identities = new ArrayList<>(List.of(PARTS));
    int inactiveDays = scope.config().churn().inactiveDays();
    if (scope.config().churn().mode() == ChurnConfig.Mode.CANCELLATION) {
      identities.add(SUBSCRIBERS);
    } else if (scope.config().activeUsers().windows().contains(inactiveDays)) {
      identities.add(activeUsers(inactiveDays, scope.logStart() + inactiveDays - 1));
    }
    return List.copyOf(identities);
  }

  private static final Identity PARTS =
      new Identity(
          "flagged_users_are_users",
          "flagged_users are of users, and flagged_churned_users of both flagged_users and"
              + " churned_users",
          Relation.EQUAL,
          Map.of(
              BACKTEST,
              (line, ledger) -> {
                LocalDate day = line.day("as_of");
                Long both = line.number("flagged_churned_users");
                ledger.atMost(line.number("users"), line.number("flagged_users"), day, "flagged");
                ledger.atMost(line.number("users"), line.number("churned_users"), day, "churned");
                ledger.atMost(line.number("flagged_users"), both, day, "flagged and churned");
                ledger.atMost(line.number("churned_users"), both, day, "churned and flagged");
              }));

  private static final Identity SUBSCRIBERS =
      new Identity(
          "risks_are_of_subscribers",
          "users at the end of a month are users_at_start of the next one in churn_periods",
          Relation.EACH_EQUAL,
          Map.of(
              "churn_periods",
              (line, ledger) -> {
                if (line.text("grain").equals("month") && line.isWhole()) {
                  ledger.expected(line.number("users_at_start"), line.day("period_start"));
                }
              },
              BACKTEST,
              (line, ledger) -> {
                LocalDate next = line.day("as_of").plusDays(1);
                // Of the run's own day, or of a month that has not begun, churn says nothing.
                if (next.getDayOfMonth() == 1 && line.flag("is_mature")) {
                  ledger.actual(line.number("users"), next);
                }
              }));

  /**
   * @param first the first day of which the window lies inside the log
   */
  private static Identity activeUsers(int inactiveDays, int first) {
    String column = ActiveUsersConfig.column(inactiveDays);
    LocalDate known = LocalDate.ofEpochDay(first);
    return new Identity(
        "risks_are_of_active_users",
        "users who have not churned by silence are " + column + " of the day in active_users",
        Relation.EACH_EQUAL,
        Map.of(
            "active_users",
            (line, ledger) -> {
              if (line.isWhole()) {
                ledger.expected(line.number(column), line.day("day"));
              }
            },
            BACKTEST,
            (line, ledger) -> {
              if (!line.day("as_of").isBefore(known)) {
                ledger.actual(line.number("users"), line.day("as_of"));
              }
            }));
  }
}
