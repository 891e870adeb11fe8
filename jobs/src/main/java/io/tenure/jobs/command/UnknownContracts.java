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
  private static final String CONTRACT = "contract";

  /** Values that are told; one more and it is not about spelling. */
  private static final int TOLD = 10;

  private UnknownContracts() {}

  /**
   * What to tell; empty if there is nothing.
   *
   * @param churn the table {@code churn_periods}
   */
  static Optional<String> warning(TenureConfig config, TableReader churn) {
    if (config.churn().mode() != ChurnConfig.Mode.CANCELLATION) {
      return Optional.empty();
    }
    if (!config.dimensions().contains(CONTRACT)) {
      return config.churn().hasOwnContracts()
          ? Optional.of(
              "churn.contract has no effect: none of the dimensions (segments) is named '%s'."
                  .formatted(CONTRACT))
          : Optional.empty();
    }
    SortedSet<String> unknown = values(churn);
    unknown.removeAll(config.churn().contract().keySet());
    unknown.remove(History.UNKNOWN);
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "churn.contract does not say how long terms are of %s: nobody with such a contract counts in could_leave_users. Is it written as in the log?"
                .formatted(
                    String.join(
                            ", ",
                            unknown.stream().limit(TOLD).map(value -> "'" + value + "'").toList())
                        + (unknown.size() > TOLD ? " and others" : "")));
  }

  private static SortedSet<String> values(TableReader churn) {
    SortedSet<String> values = new TreeSet<>();
    try (TableReader.Rows rows =
        churn.rows(
            List.of("segment", "segment_value"),
            Optional.of(eq(binaryColumn("segment"), Binary.fromString(CONTRACT))))) {
      while (rows.hasNext()) {
        Object[] row = rows.next();
        if (row[0].equals(CONTRACT)) {
          values.add((String) row[1]);
        }
      }
    }
    return values;
  }
}
