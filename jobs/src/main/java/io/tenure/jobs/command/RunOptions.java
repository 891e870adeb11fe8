package io.tenure.jobs.command;

import java.time.LocalDate;
import picocli.CommandLine.Option;

/** Which days a run is of, and what it reads: for all commands that begin one, or only look. */
final class RunOptions {
  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description =
          "Events before the end of this local day count, nothing later does. Default: the last day"
              + " that the input covers completely.")
  LocalDate asOf;

  @Option(
      names = "--full",
      description =
          "Reads everything anew. Default: adds to the current run, if it has the same definition.")
  boolean full;
}
