package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.check.Identities;
import java.time.LocalDate;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Everything: reads the events, computes the tables, checks them, publishes them.
 *
 * <p>Input: the events of the config. Output: a new run in the config's output, and the pointer to
 * it. Example: {@code tenure run -c conf/tenure.yaml --as-of 2026-06-30}
 */
@Command(
    name = "run",
    description = "Reads the events, computes, checks and publishes all tables.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class RunCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

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
  private boolean full;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    SparkSession spark = Session.open(config.name(), config.timezone());
    Output output = Output.open(config.output(), spark.sparkContext().hadoopConfiguration());
    publish(console, spark, config, output, asOf, full);
  }

  /** Runs and says where the tables are. */
  static Pointer publish(
      Console console,
      SparkSession spark,
      TenureConfig config,
      Output output,
      LocalDate asOf,
      boolean full) {
    Progress progress = new Progress(spark.sparkContext(), console.err(), console.clock());
    Pointer pointer =
        new Pipeline(spark, config, output, Identities::all, console.clock(), progress)
            .run(asOf, full);
    console
        .out()
        .printf(
            "published run %s as of %s: %d tables in %s%n",
            pointer.runId(), pointer.asOf(), pointer.tables().size(), output.readersPath(pointer));
    return pointer;
  }
}
