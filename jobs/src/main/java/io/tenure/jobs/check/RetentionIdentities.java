package io.tenure.jobs.check;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What must hold of retention. */
final class RetentionIdentities {
  private static final String[] COHORT = {
    "retention", "grain", "segment", "segment_value", "cohort_start"
  };

  private RetentionIdentities() {}

  static List<Identity> of(TenureConfig config) {
    List<Identity> identities = new ArrayList<>(List.of(RISES_NEVER, COHORTS_ARE_THEIR_ROWS));
    Set<String> alike = names(config, question -> question.start().equals(question.returning()));
    if (!alike.isEmpty()) {
      identities.add(allAreThereAtFirst(alike));
    }
    Map<String, List<String>> grains = grainsOfOneCohort(config);
    if (!grains.isEmpty()) {
      identities.add(everyGrainHasEverybody(grains));
    }
    return List.copyOf(identities);
  }

  private static Set<String> names(TenureConfig config, Predicate<RetentionConfig> which) {
    return config.retention().stream()
        .filter(which)
        .map(RetentionConfig::name)
        .collect(Collectors.toSet());
  }

  private static Identity allAreThereAtFirst(Set<String> questions) {
    return new Identity(
        "period_0_has_the_whole_cohort",
        "where the start is a return, retained_users of period 0 are cohort_users",
        Relation.EQUAL,
        Map.of(
            "retention",
            (line, ledger) -> {
              if (line.number("period") == 0
                  && line.text("bracket") == null
                  && questions.contains(line.text("retention"))) {
                ledger.equal(
                    line.number("cohort_users"), line.number("retained_users"), cohort(line));
              }
            }));
  }

  /** The grains, the finest first, of questions with several in which a user has one birth. */
  private static Map<String, List<String>> grainsOfOneCohort(TenureConfig config) {
    Map<String, List<String>> grains = new HashMap<>();
    for (RetentionConfig question : config.retention()) {
      if (question.cohort() != RetentionConfig.Cohort.RECURRING && question.grains().size() > 1) {
        grains.put(
            question.name(),
            question.grains().keySet().stream().sorted().map(Grain::label).toList());
      }
    }
    return grains;
  }

  private static Identity everyGrainHasEverybody(Map<String, List<String>> grains) {
    return new Identity(
        "cohorts_of_every_grain_have_everybody",
        "cohort_users of all cohorts add up to the same number by day, by week and by month",
        Relation.EQUAL,
        Map.of(
            "cohorts",
            (line, ledger) -> {
              List<String> own = grains.get(line.text("retention"));
              if (own == null) {
                return;
              }
              int at = own.indexOf(line.text("grain"));
              Long users = line.number("cohort_users");
              // Each grain against the next finer one.
              if (at > 0) {
                ledger.actual(users, everybody(line, own.get(at)));
              }
              if (at < own.size() - 1) {
                ledger.expected(users, everybody(line, own.get(at + 1)));
              }
            }));
  }

  private static Object[] everybody(Line line, String grain) {
    return new Object[] {
      line.text("retention"), line.text("segment"), line.text("segment_value"), grain
    };
  }

  private static final Identity RISES_NEVER =
      new Identity(
          "retention_rises_never",
          "retained_or_later_users never rises with period and is at least retained_users",
          Relation.AT_MOST,
          Map.of(
              "retention",
              (line, ledger) -> {
                if (line.text("bracket") != null || !line.flag("is_mature")) {
                  return;
                }
                long period = line.number("period");
                Long orLater = line.number("retained_or_later_users");
                Object[] key = cohort(line, "period", period);
                ledger.atLeast(line.number("retained_users"), orLater, key);
                ledger.actual(orLater, key);
                if (period == 0) {
                  ledger.expected(line.number("cohort_users"), key);
                }
                Object[] next = key.clone();
                next[next.length - 1] = period + 1;
                ledger.expected(orLater, next);
              }));

  private static final Identity COHORTS_ARE_THEIR_ROWS =
      new Identity(
          "cohorts_are_their_rows",
          "cohort_users of every row of retention is the size of its cohort in cohorts",
          Relation.EACH_EQUAL,
          Map.of(
              "cohorts",
              (line, ledger) -> ledger.expected(line.number("cohort_users"), cohort(line, "size")),
              "retention",
              (line, ledger) -> ledger.actual(line.number("cohort_users"), cohort(line, "size"))));

  private static Object[] cohort(Line line, Object... what) {
    Object[] key = new Object[COHORT.length + what.length];
    for (int at = 0; at < COHORT.length; at++) {
      key[at] = line.value(COHORT[at]);
    }
    System.arraycopy(what, 0, key, COHORT.length, what.length);
    return key;
  }
}
