package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What must hold of churn and survival. */
final class ChurnIdentities {
  /** Counts of churn that add up over stages. */
  private static final List<String> CHURN_COUNTS =
      List.of(
          "users_at_start",
          "paused_users_at_start",
          "could_leave_users",
          "could_leave_churned_users",
          "churned_users",
          "spells_begun",
          "joined_and_churned_users",
          "users_at_end",
          "first_spell_churns",
          "person_days");

  private static final String FOLLOWS =
      "users_at_start of the next %s = users_at_end = users_at_start + spells_begun - churned_users"
          + " - joined_and_churned_users, and for a segment value + moved_in_users -"
          + " moved_out_users";

  private ChurnIdentities() {}

  static List<Identity> of(TenureConfig config) {
    List<Identity> identities = new ArrayList<>();
    if (!config.dimensions().isEmpty()) {
      identities.add(testComparesAll(config.dimensions()));
    }
    identities.addAll(
        List.of(STAGES_SUM_TO_ALL, MONTHS_FOLLOW, PERIODS_FOLLOW, SURVIVAL_LOSES_WHOM_CHURN_LOSES));
    return List.copyOf(identities);
  }

  private static final Identity STAGES_SUM_TO_ALL =
      new Identity(
          "churn_stages_sum_to_all",
          "the stages sum to (all) in churn_by_stage",
          Relation.EQUAL_OR_UNKNOWN,
          Map.of(
              "churn_by_stage",
              (line, ledger) -> {
                boolean all = line.text("stage").equals(Contract.WHOLE);
                for (String count : CHURN_COUNTS) {
                  Object[] key = {
                    line.text("segment"),
                    line.text("segment_value"),
                    line.day("period_start"),
                    count
                  };
                  if (all) {
                    ledger.expected(line.number(count), key);
                  } else {
                    ledger.actual(line.number(count), key);
                  }
                }
              }));

  private static final Identity MONTHS_FOLLOW =
      new Identity(
          "churn_months_follow_from_each_other",
          FOLLOWS.formatted("month"),
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              "churn_by_stage",
              (line, ledger) -> {
                if (line.text("stage").equals(Contract.WHOLE)) {
                  follow("month", line, ledger);
                }
              }));

  private static final Identity PERIODS_FOLLOW =
      new Identity(
          "churn_periods_follow_from_each_other",
          FOLLOWS.formatted("period"),
          Relation.EQUAL_WHERE_FOUND,
          Map.of("churn_periods", (line, ledger) -> follow(line.text("grain"), line, ledger)));

  private static void follow(String grain, Line line, Ledger ledger) {
    String segment = line.text("segment");
    String value = line.text("segment_value");
    ledger.actual(line.number("users_at_start"), grain, segment, value, line.day("period_start"));
    if (line.flag("is_mature")) {
      long end =
          line.number("users_at_start")
              + line.number("spells_begun")
              - line.number("churned_users")
              - line.number("joined_and_churned_users")
              + line.number("moved_in_users")
              - line.number("moved_out_users");
      ledger.expected(end, grain, segment, value, line.day("period_end"));
      ledger.equal(
          end,
          line.number("users_at_end"),
          grain,
          segment,
          value,
          line.day("period_start"),
          "users_at_end");
    }
  }

  private static final Identity SURVIVAL_LOSES_WHOM_CHURN_LOSES =
      new Identity(
          "survival_loses_whom_churn_loses",
          "churns of survival in complete months = first spells that end in churn_by_stage",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              "churn_by_stage",
              (line, ledger) -> {
                if (line.isWhole()
                    && line.text("stage").equals(Contract.WHOLE)
                    && line.flag("is_mature")) {
                  Stream.of("day", "month")
                      .forEach(
                          unit ->
                              ledger.expected(
                                  line.number("first_spell_churns"), "in " + unit + "s"));
                }
              },
              "survival",
              (line, ledger) -> {
                if (line.isWhole()) {
                  ledger.actual(
                      line.number("churned_in_complete_months"),
                      "in " + line.text("tenure_unit") + "s");
                }
              }));

  private static Identity testComparesAll(List<String> dimensions) {
    return new Identity(
        "survival_test_compares_all",
        "users and churned of survival_test = those of the whole in survival",
        Relation.EQUAL_WHERE_FOUND,
        Map.of(
            "survival",
            (line, ledger) -> {
              if (line.isWhole()) {
                for (String dimension : dimensions) {
                  String unit = line.text("tenure_unit");
                  // Everybody at risk at first is lost or censored at last.
                  ledger.expected(
                      line.number("churned") + line.number("censored"), dimension, unit, "users");
                  ledger.expected(line.number("churned"), dimension, unit, "churned");
                }
              }
            },
            "survival_test",
            (line, ledger) -> {
              String dimension = line.text("segment");
              String unit = line.text("tenure_unit");
              ledger.actual(line.number("users"), dimension, unit, "users");
              ledger.actual(line.number("churned"), dimension, unit, "churned");
            }));
  }
}
