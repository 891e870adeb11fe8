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

/** What must hold of growth, by itself and against the other tables of activity. */
final class GrowthIdentities {
  private static final String ACTIVE = "active";

  private GrowthIdentities() {}

  static List<Identity> of(Scope scope) {
    TenureConfig config = scope.config();
    List<Identity> identities = new ArrayList<>(List.of(ARITHMETIC, PERIODS_AGREE, DAYS_AGREE));
    List<RetentionConfig> questions =
        config.retention().stream()
            .filter(retention -> countsActiveUsers(retention, config))
            .toList();
    if (!questions.isEmpty()) {
      identities.add(cohortsAddUp(questions, scope));
    }
    return List.copyOf(identities);
  }

  /** Whether every active user of a period is retained in it by exactly one cohort. */
  private static boolean countsActiveUsers(RetentionConfig retention, TenureConfig config) {
    return retention.start().equals(ACTIVE)
        && retention.returning().equals(ACTIVE)
        && switch (retention.cohort()) {
          // Users whose first event is not an active one would be in no cohort.
          case FIRST -> !HistoryShape.needsOpenings(retention, config);
          case FIRST_MATCHING -> true;
          case RECURRING -> false;
        };
  }

  private static final Identity ARITHMETIC =
      new Identity(
          "growth_arithmetic",
          "active = new + retained + resurrected; churned = previous active - retained; previous"
              + " active = active of the period before + net moved",
          Relation.EQUAL_WHERE_FOUND,
          Map.of("growth", GrowthIdentities::arithmetic));

  private static void arithmetic(Line line, Ledger ledger) {
    Long active = line.number("active_users");
    Long retained = line.number("retained_users");
    Long before = line.number("previous_active_users");
    Long moved = line.number("net_moved_users");
    ledger.equal(
        line.number("new_users") + retained + line.number("resurrected_users"),
        active,
        period(line, "active_users"));
    if (before != null && moved != null) {
      ledger.equal(before - retained, line.number("churned_users"), period(line, "churned_users"));
      ledger.actual(before, period(line, "previous_active_users"));
      ledger.expected(moved, period(line, "previous_active_users"));
    }
    if (line.isWhole()) {
      ledger.equal(0L, moved, period(line, "net_moved_users"));
    }
    ledger.expected(
        active,
        line.text("grain"),
        line.text("segment"),
        line.text("segment_value"),
        line.day("period_end"),
        "previous_active_users");
  }

  private static Object[] period(Line line, String count) {
    return new Object[] {
      line.text("grain"),
      line.text("segment"),
      line.text("segment_value"),
      line.day("period_start"),
      count
    };
  }

  private static final Identity PERIODS_AGREE =
      new Identity(
          "calendar_actives_agree",
          "active_users of active_periods is active_users of growth",
          Relation.EQUAL,
          Map.of(
              "active_periods",
              (line, ledger) ->
                  ledger.expected(line.number("active_users"), period(line, "active_users")),
              "growth",
              (line, ledger) -> {
                if (!line.text("grain").equals(Grain.DAY.label())) {
                  ledger.actual(line.number("active_users"), period(line, "active_users"));
                }
              }));

  private static final Identity DAYS_AGREE =
      new Identity(
          "daily_actives_agree",
          "dau and new_users of active_users are active_users and new_users of growth by day",
          Relation.EQUAL,
          Map.of(
              "active_users",
              (line, ledger) -> {
                ledger.expected(line.number("dau"), day(line, "day", "dau"));
                ledger.expected(line.number("new_users"), day(line, "day", "new_users"));
              },
              "growth",
              (line, ledger) -> {
                if (line.text("grain").equals(Grain.DAY.label())) {
                  ledger.actual(line.number("active_users"), day(line, "period_start", "dau"));
                  ledger.actual(line.number("new_users"), day(line, "period_start", "new_users"));
                }
              }));

  private static Object[] day(Line line, String column, String count) {
    return new Object[] {line.text("segment"), line.text("segment_value"), line.day(column), count};
  }

  /** A question at a grain, and the start of the last period that its horizon surely covers. */
  private record Reach(String question, String grain) implements java.io.Serializable {}

  private static Identity cohortsAddUp(List<RetentionConfig> questions, Scope scope) {
    // The horizon reaches every cohort of a period when it reaches the oldest that may be.
    Map<Reach, LocalDate> lastStarts = new HashMap<>();
    for (RetentionConfig question : questions) {
      question
          .grains()
          .forEach(
              (grain, horizon) -> {
                Periods periods = scope.config().periods(grain);
                int last = periods.start(periods.of(scope.logStart()) + horizon);
                lastStarts.put(
                    new Reach(question.name(), grain.label()), LocalDate.ofEpochDay(last));
              });
    }
    return new Identity(
        "cohorts_add_up_to_actives",
        "retained_users of all cohorts add up to active_users of growth, where the horizon reaches"
            + " every cohort",
        Relation.EQUAL_WHERE_FOUND,
        Map.of(
            "retention",
            (line, ledger) -> {
              if (!line.isWhole() || line.text("bracket") != null || !line.flag("is_mature")) {
                return;
              }
              LocalDate last =
                  lastStarts.get(new Reach(line.text("retention"), line.text("grain")));
              LocalDate start = line.day("period_start");
              if (last != null && !start.isAfter(last)) {
                ledger.actual(
                    line.number("retained_users"),
                    line.text("retention"),
                    line.text("grain"),
                    start);
              }
            },
            "growth",
            (line, ledger) -> {
              if (line.isWhole()) {
                for (Reach reach : lastStarts.keySet()) {
                  if (reach.grain().equals(line.text("grain"))) {
                    ledger.expected(
                        line.number("active_users"),
                        reach.question(),
                        reach.grain(),
                        line.day("period_start"));
                  }
                }
              }
            }));
  }
}
