package io.tenure.jobs.metric;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.table.Contract;
import java.io.Serializable;
import java.util.List;

/**
 * The stages of a life, by months of tenure: each from its first month, in, to that of the next,
 * out; the last has no end.
 *
 * @param names as configured
 * @param starts first month of tenure of each, ascending, the first one 0
 */
record Stages(List<String> names, List<Integer> starts) implements Serializable {
  /** All stages together. */
  static final String ALL = Contract.WHOLE;

  static Stages of(ChurnConfig churn) {
    return new Stages(List.copyOf(churn.stages().keySet()), List.copyOf(churn.stages().values()));
  }

  /** A life that is not cut. */
  static Stages uncut() {
    return new Stages(List.of(ALL), List.of(0));
  }

  int count() {
    return names.size();
  }

  /** The stage of a tenure in months; the first one before birth. */
  int at(int months) {
    int stage = 0;
    while (stage + 1 < starts.size() && starts.get(stage + 1) <= months) {
      stage++;
    }
    return stage;
  }
}
