package io.tenure.jobs.command;

import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.store.TableReader;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.parquet.io.api.Binary;

/**
 * Contracts of a subscription log whose terms nobody has told: nobody who has one counts as
 * somebody who could leave, and nothing else in the tables gives that away.
 */
final class UnknownContracts {
  /** Values that are told; one more and it is not about spelling. */
  private static final int TOLD = 10;

  private UnknownContracts() {}

  /** The contracts that the table {@code churn_periods} has rows of. */
  static SortedSet<String> contracts(TableReader churn) {
    SortedSet<String> contracts = new TreeSet<>();
    try (TableReader.Rows rows =
        churn.rows(
            List.of("segment", "segment_value"),
            Optional.of(eq(binaryColumn("segment"), Binary.fromString(ChurnConfig.CONTRACT))))) {
      while (rows.hasNext()) {
        Object[] row = rows.next();
        if (row[0].equals(ChurnConfig.CONTRACT)) {
          contracts.add((String) row[1]);
        }
      }
    }
    return contracts;
  }

  /**
   * What to tell; empty if there is nothing.
   *
   * @param contracts those of the log, as {@link #contracts} has them
   */
  static Optional<String> warning(TenureConfig config, SortedSet<String> contracts) {
    if (config.churn().mode() != ChurnConfig.Mode.CANCELLATION) {
      return Optional.empty();
    }
    if (!config.dimensions().contains(ChurnConfig.CONTRACT)) {
      return config.churn().hasOwnContracts()
          ? Optional.of(
              "churn.contract has no effect: none of the dimensions (segments) is named '%s'."
                  .formatted(ChurnConfig.CONTRACT))
          : Optional.empty();
    }
    List<String> unknown =
        contracts.stream()
            .filter(value -> !config.churn().contract().containsKey(value))
            .filter(value -> !value.equals(History.UNKNOWN))
            .map(value -> "'" + value + "'")
            .toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "churn.contract does not say how long terms are of %s%s: nobody with such a contract counts in could_leave_users. Is it written as in the log?"
                .formatted(
                    String.join(", ", unknown.subList(0, Math.min(TOLD, unknown.size()))),
                    unknown.size() > TOLD
                        ? " and %d others".formatted(unknown.size() - TOLD)
                        : ""));
  }
}
