package io.tenure.jobs.command;

import io.tenure.common.calendar.DayRanges;
import io.tenure.common.config.Parameters;
import io.tenure.common.config.Scope;
import io.tenure.common.history.HistoryLayout;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.TableReader;
import io.tenure.common.table.Contract;
import io.tenure.jobs.compute.Compute;
import io.tenure.jobs.compute.EarlierCells;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.Onward;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Rows;
import io.tenure.jobs.publish.Publication.Written;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The second stage: histories into the tables of the run, where no reader looks yet. */
final class ComputeStage {
  private final Work work;

  ComputeStage(Work work) {
    this.work = work;
  }

  /** What the metrics of a run may know. */
  static Scope scope(Work work, RunRecord run) {
    return new Scope(work.config(), day(run.logStart()), day(run.asOf()));
  }

  /** The tables of the metrics, described as this config has it. */
  static List<Contract> contracts(Work work, List<Metric> metrics) {
    Map<String, String> parameters = Parameters.of(work.config());
    return Metrics.tables(metrics).stream().map(contract -> contract.filledIn(parameters)).toList();
  }

  /**
   * The cells of the run that this one was added to, unless anything else differs between them than
   * days that were read since.
   */
  private Optional<EarlierCells> earlier(RunRecord run, String build) {
    String base = run.reading().base();
    Optional<byte[]> file = base == null ? Optional.empty() : work.output().cells(base);
    Optional<Onward.Earlier> known = file.flatMap(there -> known(work.output().record(base), run));
    Optional<EarlierCells> cells =
        known.flatMap(common -> EarlierCells.read(common, build, file.get()));
    if (known.isPresent() && cells.isEmpty()) {
      work.progress()
          .say(
              "            the sums of run %s are damaged, or of another build of Tenure: all days are added up"
                  .formatted(base));
    }
    return cells;
  }

  private static Optional<Onward.Earlier> known(RunRecord before, RunRecord run) {
    boolean alike =
        before.configHash().equals(run.configHash())
            && before.logStart().equals(run.logStart())
            && Objects.equals(before.birthObserved(), run.birthObserved())
            && Objects.equals(before.erased(), run.erased())
            && Objects.equals(before.identities(), run.identities())
            && day(before.asOf()) <= day(run.asOf());
    if (!alike) {
      return Optional.empty();
    }
    int end = day(before.asOf()) + 1;
    int same =
        DayRanges.first(run.reading().days())
            .map(day -> Math.toIntExact(day.toEpochDay()))
            .map(first -> Math.min(end, Math.max(first, day(run.logStart()))))
            .orElse(end);
    return Optional.of(new Onward.Earlier(same, end));
  }

  /**
   * That no event is of some activities: a typing error in the config looks like users who never
   * came back.
   *
   * @param seen the bits of the activities that some event is of
   */
  private List<String> silent(long seen, String asOf) {
    List<Map.Entry<String, String>> predicates =
        List.copyOf(HistoryLayout.predicates(work.config()).entrySet());
    String never =
        IntStream.range(0, predicates.size())
            .filter(bit -> (seen >>> bit & 1) == 0)
            .mapToObj(predicates::get)
            .map(activity -> activity.getKey() + " (" + activity.getValue() + ")")
            .collect(Collectors.joining(", "));
    return never.isEmpty()
        ? List.of()
        : List.of(
            "no event up to %s is of %s: nobody is counted by it. Is it written as in the log?"
                .formatted(asOf, never));
  }

  /** Asked only where the config says nothing of it. */
  private Optional<String> beginning(RunRecord run) {
    return run.birthObserved() != null
        ? Optional.empty()
        : LogBeginning.warning(
            LogBeginning.births(table(run, "growth")), LocalDate.parse(run.logStart()));
  }

  private SizeEstimate size(RunRecord run) {
    return SizeEstimate.ofRun(day(run.asOf()) + 1 - day(run.logStart()), table(run, "usage_habit"));
  }

  private TableReader table(RunRecord run, String name) {
    return TableReader.open(
        work.spark().sparkContext().hadoopConfiguration(), work.output().table(run.runId(), name));
  }

  private static int day(String isoDay) {
    return Math.toIntExact(LocalDate.parse(isoDay).toEpochDay());
  }

  /** The rows of a table, in the way that its size asks for. */
  static Rows rows(Compute compute, Contract contract) {
    return compute.isSmall(contract)
        ? new Rows.AtHand(compute.parts(contract))
        : new Rows.Distributed(compute.dataset(contract));
  }

  /**
   * Computes; what a run that was cut short left of the tables is replaced.
   *
   * @return the record of the run so far
   */
  RunRecord run(HeldOutput held, RunRecord ingested) {
    String runId = ingested.runId();
    List<Metric> metrics = Metrics.of(scope(work, ingested));
    List<Contract> contracts = contracts(work, metrics);
    contracts.forEach(contract -> held.dropTable(runId, contract.name()));
    Dataset<Row> state = work.spark().read().schema(Fold.STATE).parquet(work.output().state(runId));
    Optional<String> build = Version.build();
    Optional<EarlierCells> earlier = build.flatMap(made -> earlier(ingested, made));
    try (Compute compute =
        work.progress()
            .stage(
                "compute",
                "Add up the histories of all users",
                () -> Compute.of(state, metrics, day(ingested.asOf()) + 1, runId, earlier),
                Compute::cells)) {
      earlier.ifPresent(
          cells ->
              work.progress()
                  .say(
                      "            sums of run %s went on from %s"
                          .formatted(
                              ingested.reading().base(),
                              LocalDate.ofEpochDay(cells.known().sameUntil()))));
      List<String> warnings = new ArrayList<>(silent(compute.activities(), ingested.asOf()));
      Written written =
          work.progress()
              .stage(
                  "write",
                  "Write the tables of run " + runId,
                  () ->
                      new Publication(work.spark(), work.output(), runId)
                          .write(contracts, contract -> rows(compute, contract)),
                  Written::totalRows);
      beginning(ingested).ifPresent(warnings::add);
      UnknownContracts.warning(
              work.config(), UnknownContracts.contracts(table(ingested, "churn_periods")))
          .ifPresent(warnings::add);
      size(ingested).told().ifPresent(warnings::add);
      warnings.forEach(warning -> work.progress().say("            warning: " + warning));
      build.flatMap(compute::lasting).ifPresent(cells -> work.output().writeCells(runId, cells));
      return ingested.reached(
          RunRecord.COMPUTED,
          work.clock().instant(),
          written.rows(),
          work.progress().takeStages(),
          warnings);
    }
  }
}
