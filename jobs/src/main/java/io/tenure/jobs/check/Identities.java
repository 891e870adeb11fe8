package io.tenure.jobs.check;

import io.tenure.common.config.Scope;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.stream.Stream;

/** The identities that every run must satisfy before it is published. */
public final class Identities {
  private Identities() {}

  /**
   * All that fit a run: a metric adds its own list here.
   *
   * @param tables the contracts of the run: what they call additive is checked
   */
  public static List<Identity> all(Scope scope, List<Contract> tables) {
    return Stream.of(
            RetentionIdentities.of(scope.config()),
            ActivityIdentities.of(scope),
            GrowthIdentities.of(scope),
            ChurnIdentities.of(scope.config()),
            DriversIdentities.of(scope.config()),
            WarningIdentities.of(scope),
            FunnelIdentities.of(scope.config()),
            NpsIdentities.of(scope.config()),
            ViralityIdentities.of(scope.config()),
            RevenueIdentities.of(scope),
            SegmentSums.of(tables, scope.config().dimensions()))
        .flatMap(List::stream)
        .toList();
  }
}
