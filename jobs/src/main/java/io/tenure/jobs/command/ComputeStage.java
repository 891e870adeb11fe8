package io.tenure.jobs.command;

import io.tenure.common.config.Parameters;
import io.tenure.common.config.Scope;
import io.tenure.common.store.RunRecord;
import io.tenure.common.table.Contract;
import io.tenure.jobs.compute.Compute;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Rows;
import io.tenure.jobs.publish.Publication.Written;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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
  RunRecord run(RunRecord ingested) {
    String runId = ingested.runId();
    List<Metric> metrics = Metrics.of(scope(work, ingested));
    List<Contract> contracts = contracts(work, metrics);
    contracts.forEach(contract -> work.output().dropTable(runId, contract.name()));
    Dataset<Row> state = work.spark().read().schema(Fold.STATE).parquet(work.output().state(runId));
    try (Compute compute =
        work.progress()
            .stage(
                "compute",
                "Add up the histories of all users",
                () -> Compute.of(state, metrics, day(ingested.asOf()) + 1, runId),
                Compute::cells)) {
      Written written =
          work.progress()
              .stage(
                  "write",
                  "Write the tables of run " + runId,
                  () ->
                      new Publication(work.spark(), work.output(), runId)
                          .write(contracts, contract -> rows(compute, contract)),
                  Written::totalRows);
      return ingested.reached(
          RunRecord.COMPUTED, work.clock().instant(), written.rows(), work.progress().takeStages());
    }
  }
}
