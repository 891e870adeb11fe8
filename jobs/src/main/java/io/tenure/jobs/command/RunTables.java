package io.tenure.jobs.command;

import io.tenure.common.calendar.DayRanges;
import io.tenure.common.config.Parameters;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Dictionary;
import io.tenure.common.table.Unit;
import io.tenure.jobs.check.Judgement;
import io.tenure.jobs.describe.Dates;
import io.tenure.jobs.describe.Quality;
import io.tenure.jobs.describe.Quality.Severity;
import io.tenure.jobs.describe.Runs;
import io.tenure.jobs.publish.Restatements;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.RejectedEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tables of a run that are not computed from users: what its columns mean, its days, the runs
 * beside it, and what was checked. All contracts here have the run's parameters filled in.
 */
final class RunTables {
  private final TenureConfig config;
  private final RunRecord run;
  private final Optional<Pointer> before;
  private final Optional<StateManifest> manifestBefore;
  private final List<RunRecord> runs = new ArrayList<>();
  private final StateManifest manifest;
  private final List<Contract> results;
  private final List<Judgement.Outcome> outcomes;

  /**
   * @param run the record of the run so far
   * @param kept the runs that stay beside it when it is published
   * @param results the tables that are computed from users
   * @param outcomes of what was checked between them
   */
  RunTables(
      Work work,
      RunRecord run,
      List<String> kept,
      List<Contract> results,
      List<Judgement.Outcome> outcomes) {
    this.config = work.config();
    this.run = run;
    this.results = results;
    this.outcomes = outcomes;
    this.before = work.output().current();
    this.manifestBefore = before.flatMap(pointer -> work.output().usableManifest(pointer.runId()));
    this.manifest = work.output().manifest(run.runId()).orElseThrow();
    kept.forEach(earlier -> runs.add(work.output().record(earlier)));
    runs.add(run);
  }

  /** The contracts of these tables. */
  List<Contract> contracts() {
    Map<String, String> parameters = Parameters.of(config);
    return Stream.of(Dictionary.CONTRACT, Dates.CONTRACT, Runs.CONTRACT, Quality.CONTRACT)
        .map(contract -> contract.filledIn(parameters))
        .toList();
  }

  /** The rows of a table of {@link #contracts}. */
  List<Object[]> rows(Contract contract) {
    return switch (contract.name()) {
      case "definitions" -> Dictionary.rows(all(), run.runId());
      case "dates" -> Dates.rows(config, day(run.logStart()), day(run.asOf()), run.runId());
      case "runs" -> Runs.rows(runs);
      case "quality" -> quality();
      default -> throw new IllegalArgumentException("No table " + contract.name());
    };
  }

  private List<Contract> all() {
    return Stream.of(results, contracts(), List.of(RejectedEvents.CONTRACT, Restatements.CONTRACT))
        .flatMap(List::stream)
        .toList();
  }

  private static int day(String iso) {
    return Math.toIntExact(LocalDate.parse(iso).toEpochDay());
  }

  private List<Object[]> quality() {
    Quality quality = new Quality(run.runId());
    LogTotals totals = LogTotals.of(manifest, LocalDate.parse(run.asOf()));
    gates(quality, totals);
    identities(quality);
    reasons(quality, totals);
    quality.check(
        "late_days",
        Severity.WARNING,
        lateDays(),
        Unit.DAYS,
        0.0,
        "Local days that the run before had counted and this one computed anew: late, corrected or"
            + " deleted events");
    for (int at = 0; at < run.warnings().size(); at++) {
      quality.notice("input_warning_" + (at + 1), run.warnings().get(at));
    }
    return quality.rows();
  }

  /** What a run is stopped by, and what is like it. */
  private void gates(Quality quality, LogTotals totals) {
    RunRecord.Rows read = run.rows();
    quality.check(
        "rejected_ratio",
        Severity.ERROR,
        totals.rejectedRatio(),
        Unit.SHARE,
        config.quality().maxRejectedRatio(),
        "Rejected rows of the log over all its rows, against quality.max-rejected-ratio");
    quality.check(
        "rejected_ratio_of_this_run",
        Severity.WARNING,
        read.read() == 0 ? 0 : (double) read.rejected() / read.read(),
        Unit.SHARE,
        config.quality().maxRejectedRatio(),
        "Rejected rows over all rows that this run read, against quality.max-rejected-ratio: a bad"
            + " day hardly shows in a long log");
    Optional<Loss> loss = loss();
    quality.check(
        "lost_ratio",
        Severity.ERROR,
        loss.map(Loss::ratio).orElse(0.0),
        Unit.SHARE,
        loss.filter(Loss::isSmall).isPresent() ? null : (Double) config.quality().maxLostRatio(),
        "Rows up to the as-of day that the run before knew and that are gone from the files, over all"
            + " that it knew, against quality.max-lost-ratio, if it knew 1,000 or more");
    quality.check(
        "rows_accounted_for",
        Severity.ERROR,
        Math.abs(read.read() - read.accepted() - read.rejected() - read.leftOut()),
        Unit.ROWS,
        0.0,
        "Rows read by this run that are neither accepted nor rejected nor left out");
  }

  private void identities(Quality quality) {
    for (Judgement.Outcome outcome : outcomes) {
      quality.check(
          outcome.identity().name(),
          Severity.ERROR,
          outcome.breaches(),
          Unit.ROWS,
          0.0,
          outcome.identity().sentence());
    }
  }

  /** Why rows do not count: of the whole log those rejected, of this run those left out. */
  private void reasons(Quality quality, LogTotals totals) {
    totals
        .rejected()
        .forEach(
            (reason, rows) ->
                quality.check(
                    "rejected_" + reason,
                    Severity.WARNING,
                    rows,
                    Unit.ROWS,
                    0.0,
                    "Rows of the log that were rejected: " + meaning(reason)));
    run.rows()
        .leftOutBy()
        .forEach(
            (reason, rows) ->
                quality.check(
                    "left_out_" + reason,
                    Severity.INFO,
                    rows,
                    Unit.ROWS,
                    null,
                    "Rows read by this run and left out: " + meaning(reason)));
  }

  private static String meaning(String reason) {
    return Reason.valueOf(reason.toUpperCase(Locale.ROOT)).meaning();
  }

  private Optional<Loss> loss() {
    return before
        .map(Pointer::runId)
        .flatMap(
            id ->
                manifestBefore.flatMap(
                    known ->
                        Loss.since(
                            id,
                            known,
                            manifest,
                            LocalDate.parse(run.asOf()),
                            config.input().earliest())));
  }

  /** Days recomputed that were not new. */
  private int lateDays() {
    int known = before.map(pointer -> day(pointer.asOf())).orElse(Integer.MIN_VALUE);
    int late = 0;
    for (int day : DayRanges.parse(run.reading().days()).toArray()) {
      late += day <= known ? 1 : 0;
    }
    return late;
  }
}
