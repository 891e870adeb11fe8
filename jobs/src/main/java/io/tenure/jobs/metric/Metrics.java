package io.tenure.jobs.metric;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;

/** The metrics: one line each. */
public final class Metrics {
  private Metrics() {}

  public static List<Metric> of(Scope scope) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(new Retention(scope));
    metrics.add(new ActiveUsers(scope));
    metrics.add(new Growth(scope));
    metrics.add(new UsageFrequency(scope));
    metrics.add(new UsageHabit(scope));
    metrics.add(new Churn(scope));
    metrics.add(new Survival(scope));
    metrics.add(new ChurnProjection(scope));
    metrics.add(new Drivers(scope));
    metrics.add(new EarlyWarning(scope));
    if (!scope.config().funnels().isEmpty()) {
      metrics.add(new Funnel(scope));
    }
    if (!scope.config().nps().touchpoints().isEmpty()) {
      metrics.add(new Nps(scope));
    }
    scope.config().virality().ifPresent(config -> metrics.add(new Virality(scope, config)));
    if (scope.config().churn().mode() == ChurnConfig.Mode.CANCELLATION) {
      metrics.add(new SubscriptionAnomalies(scope));
    }
    if (scope.config().input().amount().isPresent()) {
      metrics.add(new RevenueRetention(scope));
      metrics.add(new RevenueCohorts(scope));
    }
    return List.copyOf(metrics);
  }

  /** The contracts of all metrics, in the order of the list. */
  public static List<Contract> tables(List<Metric> metrics) {
    return metrics.stream().flatMap(metric -> metric.tables().stream()).toList();
  }
}
