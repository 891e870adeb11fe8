package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;

/** What must hold of drivers against the tables that have the same users. */
final class DriversIdentities {
  private static final String CHURN = "churn";
  private static final String RETENTION = "retention";

  private DriversIdentities() {}

  static List<Identity> of(TenureConfig config) {
    return config.dimensions().isEmpty()
        ? List.of()
        : List.of(CHURN_AGREES, RETENTION_AGREES, RESTS_AGREE);
  }

  private static final Identity CHURN_AGREES =
      new Identity(
          "drivers_are_churn_of_the_month",
          "users and outcome_users of churn are users_at_start and churned_users of churn_periods",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              "churn_periods",
              (line, ledger) -> {
                if (line.text("grain").equals("month") && !line.isWhole()) {
                  ledger.expected(line.number("users_at_start"), month(line, "users"));
                  ledger.expected(line.number("churned_users"), month(line, "outcome_users"));
                }
              },
              "drivers",
              (line, ledger) -> {
                if (line.text("outcome").equals(CHURN)) {
                  ledger.actual(line.number("users"), month(line, "users"));
                  ledger.actual(line.number("outcome_users"), month(line, "outcome_users"));
                }
              }));

  private static final Identity RETENTION_AGREES =
      new Identity(
          "drivers_are_pooled_retention",
          "users and outcome_users of retention are eligible_users and retained_users of"
              + " retention_curve",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              "retention_curve",
              (line, ledger) -> {
                if (line.text("bracket") == null && !line.isWhole()) {
                  ledger.expected(line.number("eligible_users"), period(line, "users"));
                  ledger.expected(line.number("retained_users"), period(line, "outcome_users"));
                }
              },
              "drivers",
              (line, ledger) -> {
                if (line.text("outcome").equals(RETENTION)) {
                  ledger.actual(line.number("users"), period(line, "users"));
                  ledger.actual(line.number("outcome_users"), period(line, "outcome_users"));
                }
              }));

  private static final Identity RESTS_AGREE =
      new Identity(
          "drivers_compare_all_values",
          "users and rest_users of every value add up to the users of all values of the dimension,"
              + " and so do outcome_users",
          Relation.EACH_EQUAL,
          Map.of(
              "drivers",
              (line, ledger) -> {
                Object[] users = {line.text("outcome"), line.text("segment"), "users"};
                ledger.expected(line.number("users"), users);
                ledger.actual(line.number("users") + line.number("rest_users"), users);
                Object[] outcome = {line.text("outcome"), line.text("segment"), "outcome_users"};
                ledger.expected(line.number("outcome_users"), outcome);
                ledger.actual(
                    line.number("outcome_users") + line.number("rest_outcome_users"), outcome);
              }));

  private static Object[] month(Line line, String count) {
    return new Object[] {
      line.text("segment"), line.text("segment_value"), line.day("period_start"), count
    };
  }

  private static Object[] period(Line line, String count) {
    return new Object[] {
      line.text("retention"),
      line.text("grain"),
      line.text("segment"),
      line.text("segment_value"),
      line.number("period"),
      count
    };
  }
}
