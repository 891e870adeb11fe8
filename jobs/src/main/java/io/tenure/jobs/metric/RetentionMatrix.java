package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** One question of retention at one grain, and where its sums stand in the vectors of cells. */
record RetentionMatrix(
    RetentionConfig retention, Births births, int returning, Periods periods, int horizon)
    implements Serializable {

  /** All that a config asks for, in its order. */
  static List<RetentionMatrix> all(TenureConfig config) {
    List<RetentionMatrix> matrices = new ArrayList<>();
    for (RetentionConfig retention : config.retention()) {
      int returning = config.activityIndex(retention.returning());
      for (Grain grain : Grain.values()) {
        if (retention.grains().containsKey(grain)) {
          Periods periods = config.periods(grain);
          Births births = Births.of(retention, config, periods);
          matrices.add(
              new RetentionMatrix(
                  retention, births, returning, periods, retention.grains().get(grain)));
        }
      }
    }
    return List.copyOf(matrices);
  }

  int brackets() {
    return Math.max(retention.brackets().size() - 1, 0);
  }

  /** The periods since birth that anything is shown of: those before this one. */
  int shown() {
    return Math.max(horizon + 1, brackets() == 0 ? 0 : bracketEnd(brackets() - 1));
  }

  int bracketStart(int bracket) {
    return retention.brackets().get(bracket);
  }

  int bracketEnd(int bracket) {
    return retention.brackets().get(bracket + 1);
  }

  // Where the sums of a cohort stand in its vector.

  static final int SIZE = 0;

  int retained(int period) {
    return 1 + period;
  }

  /** Users whose last return, as far as the horizon, is in this period. */
  int lastSeen(int period) {
    return 2 + horizon + period;
  }

  int retainedInBracket(int bracket) {
    return 3 + 2 * horizon + 2 * bracket;
  }

  int retainedSinceBracket(int bracket) {
    return 4 + 2 * horizon + 2 * bracket;
  }

  /** Users born on a day of the cohort, counted from its first. */
  int born(int day) {
    return 3 + 2 * horizon + 2 * brackets() + day;
  }

  int width(int cohort) {
    return born(periods.end(cohort) - periods.start(cohort));
  }
}
