package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.StateManifest;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * Rows that an earlier run knew and that are gone from the input. Files that were joined or split
 * have lost nothing; nor has what a run as of an earlier day does not open.
 *
 * @param runId the earlier run
 * @param before rows that it knew up to the as-of day
 * @param now rows that there are up to that day
 */
record Loss(String runId, LocalDate asOf, long before, long now) {
  /** As much goes when duplicates or robots are cleaned away. */
  private static final double SMALL = 0.01;

  /** Of fewer rows a share says nothing: somebody is trying things out. */
  private static final long FEW = 1_000;

  /** What has gone since an earlier run; empty if nothing has. */
  static Optional<Loss> since(
      String runId, StateManifest before, StateManifest now, LocalDate asOf) {
    if (LocalDate.parse(now.asOf()).isBefore(LocalDate.parse(before.asOf()))) {
      return Optional.empty();
    }
    Loss loss =
        new Loss(runId, asOf, LogTotals.of(before, asOf).rows(), LogTotals.of(now, asOf).rows());
    return loss.before > loss.now ? Optional.of(loss) : Optional.empty();
  }

  /** Whether the log was so small that any share may go. */
  boolean isSmall() {
    return before < FEW;
  }

  /** Rows that are gone over the rows known before, 0 to 1. */
  double ratio() {
    return (double) (before - now) / before;
  }

  private String words() {
    return String.format(
        Locale.ROOT,
        "%,d of the %,d rows that run %s knew up to %s are gone from the input (%.1f %%)",
        before - now,
        before,
        runId,
        asOf,
        100 * ratio());
  }

  /** What whoever reads the numbers should know; empty if it is little. */
  Optional<String> warning() {
    return ratio() > SMALL
        ? Optional.of(words() + ": the numbers are as if they had never been.")
        : Optional.empty();
  }

  /**
   * Stops a run whose input has lost too much, unless the log was small.
   *
   * @param limit the largest share tolerated, 0 to 1
   */
  void requireAtMost(double limit) {
    if (!isSmall() && LogTotals.isMoreThan(limit, before - now, before)) {
      throw UserError.quality(
          words()
              + "; quality.max-lost-ratio is "
              + limit
              + "."
              + System.lineSeparator()
              + "Nothing was published. Restore the files, or correct input.path. If they are gone"
              + " for good, and what they said is to be forgotten, add --set"
              + " quality.max-lost-ratio=1 to one run.");
    }
  }
}
