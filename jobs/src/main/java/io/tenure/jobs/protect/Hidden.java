package io.tenure.jobs.protect;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is hidden of the whole or of a segment value. Grows while reasons are found. */
final class Hidden {
  /** What speaks of activity up to the day before this one, in any table; null: nothing. */
  LocalDate activityBefore;

  /** Grains whose comings and goings are hidden. */
  final Set<String> flows = new TreeSet<>();

  /** Months whose users are hidden, by their first day. */
  final Set<LocalDate> months = new TreeSet<>();

  /** Weeks whose users are hidden, by their first day. */
  final Set<LocalDate> weeks = new TreeSet<>();

  /** Months whose money is hidden, by their first day. */
  final Set<LocalDate> money = new TreeSet<>();

  boolean habit28;
  boolean habit84;

  /** Cohorts whose return is hidden, by their first day. */
  final Map<Question, Set<LocalDate>> cohorts = new HashMap<>();

  /** Questions whose returns on or after a period are hidden. */
  final Set<String> orLater = new TreeSet<>();

  /** Rows of pooled retention, by bracket and period. */
  final Map<Question, Set<String>> pooled = new HashMap<>();

  boolean churn;
  boolean couldLeave;

  /** Days whose row of active users is hidden, by itself. */
  final TreeSet<LocalDate> days = new TreeSet<>();

  /** Rows of periods that are hidden by themselves: table, grain and first day. */
  final Set<List<Object>> periods = new HashSet<>();

  /** The first days after weeks and months whose users are hidden. */
  final Set<LocalDate> periodEnds = new HashSet<>();

  /** Grains of which rows of growth are hidden by themselves. */
  final Set<String> someFlows = new TreeSet<>();

  /** Months whose stages are hidden, by their first day. */
  final Set<LocalDate> stages = new TreeSet<>();

  /** The tenure from which on the life table is hidden, by its unit. */
  final Map<String, Integer> tails = new HashMap<>();

  /** Units of tenure in which the stages of life are hidden. */
  final Set<String> lifeStages = new TreeSet<>();

  /** Tables that are hidden. */
  final Set<String> tables = new TreeSet<>();

  /** Hides what is hidden of another slice. */
  void add(Hidden other) {
    hideActivityBefore(other.activityBefore);
    flows.addAll(other.flows);
    months.addAll(other.months);
    weeks.addAll(other.weeks);
    money.addAll(other.money);
    habit28 |= other.habit28;
    habit84 |= other.habit84;
    other.cohorts.forEach((question, starts) -> hidden(cohorts, question).addAll(starts));
    orLater.addAll(other.orLater);
    other.pooled.forEach((question, rows) -> hidden(pooled, question).addAll(rows));
    churn |= other.churn;
    couldLeave |= other.couldLeave;
    days.addAll(other.days);
    periods.addAll(other.periods);
    periodEnds.addAll(other.periodEnds);
    someFlows.addAll(other.someFlows);
    stages.addAll(other.stages);
    other.tails.forEach(this::hideFrom);
    lifeStages.addAll(other.lifeStages);
    tables.addAll(other.tables);
  }

  /**
   * Hides habits.
   *
   * @param all those of 28 days, too, not of 84 alone
   * @return whether they were shown
   */
  boolean hideHabit(boolean all) {
    boolean before = habit84 && (habit28 || !all);
    habit84 = true;
    habit28 |= all;
    return !before;
  }

  /**
   * Hides churn.
   *
   * @param ofThoseWhoCould only of users who could leave
   * @return whether it was shown
   */
  boolean hideChurn(boolean ofThoseWhoCould) {
    boolean before = ofThoseWhoCould ? couldLeave : churn;
    couldLeave |= ofThoseWhoCould;
    churn |= !ofThoseWhoCould;
    return !before;
  }

  /**
   * Hides a life table from a tenure on.
   *
   * @return whether it was shown
   */
  boolean hideFrom(String unit, int tenure) {
    Integer before = tails.get(unit);
    tails.merge(unit, tenure, Math::min);
    return before == null || tenure < before;
  }

  void hideActivityBefore(LocalDate day) {
    if (day != null && (activityBefore == null || activityBefore.isBefore(day))) {
      activityBefore = day;
    }
  }

  Set<LocalDate> cohorts(Question question) {
    return hidden(cohorts, question);
  }

  Set<String> pooled(Question question) {
    return hidden(pooled, question);
  }

  private static <K, V> Set<V> hidden(Map<K, Set<V>> all, K key) {
    return all.computeIfAbsent(key, unseen -> new HashSet<>());
  }

  /** Whether any comings and goings of a grain are hidden. */
  boolean hidesFlows(String grain) {
    return flows.contains(grain) || someFlows.contains(grain);
  }

  /** Whether a period lies before the first day of activity that is shown. */
  boolean isEarly(LocalDate periodEnd) {
    return activityBefore != null && !periodEnd.isAfter(activityBefore);
  }
}
