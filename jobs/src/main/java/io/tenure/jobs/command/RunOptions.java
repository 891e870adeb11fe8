package io.tenure.jobs.command;

import io.tenure.common.UserError;
import java.time.LocalDate;
import picocli.CommandLine.Option;

/** Which days a run is of, and what it reads: for all commands that begin one, or only look. */
final class RunOptions {
  // What a DATE of SQL holds; and days that have a row each, for whatever the log is of.
  private static final LocalDate FIRST = LocalDate.of(1, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2299, 12, 31);

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description =
          "Events before the end of this local day count, nothing later does. Default: the last day"
              + " that the input covers completely.")
  private LocalDate asOf;

  @Option(
      names = "--full",
      description =
          "Reads everything anew. Default: adds to the current run, if it has the same definition.")
  boolean full;

  /**
   * The day; null if none was said.
   *
   * @throws UserError of usage, if it is none that tables can reach
   */
  LocalDate asOf() {
    if (asOf != null && (asOf.isBefore(FIRST) || asOf.isAfter(LAST))) {
      throw UserError.usage(
          "Invalid --as-of %s: days are those from %s to %s. Name one of them."
              .formatted(asOf, FIRST, LAST));
    }
    return asOf;
  }
}
