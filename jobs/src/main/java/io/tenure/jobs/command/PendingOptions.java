package io.tenure.jobs.command;

import java.time.LocalDate;
import picocli.CommandLine.Option;

/** Which pending run is meant: for the commands that go on with one. */
final class PendingOptions {
  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description = "Fails unless this day was ingested. Default: takes what was ingested last.")
  LocalDate asOf;
}
