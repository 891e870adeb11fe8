package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.StateManifest;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows of the whole log, whichever run read them.
 *
 * @param rejected rows rejected, by reason
 */
record LogTotals(long rows, Map<String, Long> rejected) {
  /**
   * Of the files that a run speaks of.
   *
   * @param asOf the last day that counts
   */
  static LogTotals of(StateManifest manifest, LocalDate asOf) {
    long rows = 0;
    Map<String, Long> rejected = new TreeMap<>();
    for (StateManifest.File file : manifest.files()) {
      if (file.concerns(asOf)) {
        rows += file.rows();
        file.rejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
      }
    }
    return new LogTotals(rows, rejected);
  }

  private long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Rejected rows over all rows, 0 to 1; 0 for a log without rows. */
  double rejectedRatio() {
    return rows == 0 ? 0 : (double) rejectedRows() / rows;
  }

  /** Exactly, as the config has the limit: 29 of 100 rows are not more than 0.29 of them. */
  static boolean isMoreThan(double limit, long part, long whole) {
    BigDecimal tolerated = BigDecimal.valueOf(limit).multiply(BigDecimal.valueOf(whole));
    return BigDecimal.valueOf(part).compareTo(tolerated) > 0;
  }

  /**
   * Stops a run whose log has too many rejected rows.
   *
   * @param limit the largest share tolerated, 0 to 1
   * @param table where the rejected rows are
   */
  void requireAtMost(double limit, String table) {
    long count = rejectedRows();
    if (isMoreThan(limit, count, rows)) {
      throw UserError.quality(
          String.format(
              Locale.ROOT,
              "Rejected %,d of %,d rows (%.2f %%): %s; quality.max-rejected-ratio is %s.%nNothing"
                  + " was published. The rows are in %s until the next run."
                  + " Correct the input, or the expression that the reason speaks of; or raise the"
                  + " limit.",
              count,
              rows,
              100.0 * count / rows,
              rejected.entrySet().stream()
                  .map(
                      reason ->
                          String.format(Locale.ROOT, "%s %,d", reason.getKey(), reason.getValue()))
                  .collect(Collectors.joining(", ")),
              limit,
              table));
    }
  }
}
