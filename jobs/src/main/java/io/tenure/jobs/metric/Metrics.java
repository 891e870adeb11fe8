package io.tenure.jobs.metric;

import io.tenure.common.table.Contract;
import java.util.List;

/** The metrics: one line each. */
public final class Metrics {
  private Metrics() {}

  public static List<Metric> of(Scope scope) {
    return List.of(
        new Retention(scope),
        new ChurnByStage(scope),
        new ChurnPeriods(scope),
        new Survival(scope),
        new ChurnProjection(scope));
  }

  /** The contracts of all metrics, in the order of the list. */
  public static List<Contract> tables(List<Metric> metrics) {
    return metrics.stream().flatMap(metric -> metric.tables().stream()).toList();
  }
}
