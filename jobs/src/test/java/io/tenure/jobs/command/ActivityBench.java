package io.tenure.jobs.command;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.RunRecord;
import io.tenure.common.table.Contract;
import io.tenure.jobs.check.IdentityCheck;
import io.tenure.jobs.check.Judgement;
import io.tenure.jobs.compute.Compute;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Written;
import io.tenure.jobs.sample.SampleLog;
import io.tenure.jobs.sample.SampleOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the tables of activity add to a run that makes those of retention alone, from the events in
 * their files to tables that are written and checked: medians of alternating rounds in one process,
 * so that only the ratio is read from it.
 *
 * <p>Run by {@code scripts/bench activity [USERS [FOLDER]]}.
 */
public final class ActivityBench {
  private static final int ROUNDS = 3;

  private final Work work;

  private ActivityBench(Work work) {
    this.work = work;
  }

  public static void main(String[] arguments) throws Exception {
    long users = arguments.length > 0 ? Long.parseLong(arguments[0]) : 85_000;
    Path folder =
        arguments.length > 1
            ? Path.of(arguments[1])
            : Files.createTempDirectory("tenure-activity-bench");
    TenureConfig config =
        ConfigLoader.load(
            """
            input: {path: %1$s/events, user: user_id, time: event_time, partition: dt}
            output: %1$s/out
            segments: [country, platform, plan]
            """
                .formatted(folder),
            "bench",
            List.of());
    SparkSession spark = Session.open("bench", config.timezone());
    if (!Files.exists(folder.resolve("events"))) {
      SampleOptions defaults = SampleOptions.DEFAULTS;
      SampleLog.write(
          spark,
          new SampleOptions(users, defaults.days(), defaults.seed(), defaults.start()),
          config.input().path());
    }
    InstantSource clock = InstantSource.system();
    new ActivityBench(
            new Work(
                spark,
                config,
                Output.open(config.output(), spark.sparkContext().hadoopConfiguration()),
                clock,
                new Progress(spark.sparkContext(), System.err, clock)))
        .compare();
  }

  private void compare() {
    Map<String, double[]> seconds = new TreeMap<>();
    for (int round = -1; round < ROUNDS; round++) {
      for (String metrics : List.of("retention", "retention and activity")) {
        double taken = run(metrics.equals("retention") ? 1 : 5);
        if (round >= 0) { // the first round only warms up
          seconds.computeIfAbsent(metrics, name -> new double[ROUNDS])[round] = taken;
        }
      }
    }
    seconds.forEach(
        (metrics, taken) -> System.out.printf("%-25s %7.2f s%n", metrics, median(taken)));
    System.out.printf(
        "retention and activity / retention alone %.2f%n",
        median(seconds.get("retention and activity")) / median(seconds.get("retention")));
  }

  private static double median(double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Seconds that a run with the first so many metrics takes, up to where it would be committed. */
  private double run(int metrics) {
    long start = System.nanoTime();
    RunRecord run = IngestStage.open(work, null, true).run(true);
    Scope scope = ComputeStage.scope(work, run);
    List<Metric> some = List.copyOf(Metrics.of(scope).subList(0, metrics));
    List<Contract> contracts = ComputeStage.contracts(work, some);
    Dataset<Row> state =
        work.spark().read().schema(Fold.STATE).parquet(work.output().state(run.runId()));
    int end = Math.toIntExact(LocalDate.parse(run.asOf()).toEpochDay()) + 1;
    Map<Contract, String> tables = new LinkedHashMap<>();
    try (Compute compute = Compute.of(state, some, end, run.runId(), Optional.empty())) {
      Written written =
          new Publication(work.spark(), work.output(), run.runId())
              .write(contracts, contract -> ComputeStage.rows(compute, contract));
      contracts.forEach(table -> tables.put(table, work.output().table(run.runId(), table.name())));
      Judgement.require(
          IdentityCheck.run(work.spark(), RunCommand.identities(scope), tables, written.rows()));
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
