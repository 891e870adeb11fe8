package io.tenure.jobs.command;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.check.Identities;
import io.tenure.jobs.check.Identity;
import io.tenure.jobs.metric.Metrics;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private RunOptions options;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    Targets.require(Session.open(config.name(), config.timezone()), config);
    tell(console, config, pipeline(console, config).run(options.asOf(), options.full));
  }

  /** A run of a config, not begun. */
  static Pipeline pipeline(Console console, TenureConfig config) {
    SparkSession spark = Session.open(config.name(), config.timezone());
    return new Pipeline(
        spark,
        config,
        output(spark, config),
        RunCommand::identities,
        console.clock(),
        new Progress(spark.sparkContext(), console.err(), console.clock()));
  }

  /** What must hold between the tables of a run. */
  static List<Identity> identities(Scope scope) {
    return Identities.all(scope, Metrics.tables(Metrics.of(scope)));
  }

  /** Says where the tables are, and publishes them to the databases of the config, too. */
  static void tell(Console console, TenureConfig config, Pointer pointer) {
    SparkSession spark = Session.open(config.name(), config.timezone());
    Output output = output(spark, config);
    console
        .out()
        .printf(
            "published run %s as of %s: %d tables in %s%n",
            pointer.runId(), pointer.asOf(), pointer.tables().size(), output.readersPath(pointer));
    Outside.describe(output, pointer.runId()).ifPresent(console.out()::println);
    Targets.publish(console, spark, config, output, pointer);
  }

  static Output output(SparkSession spark, TenureConfig config) {
    return Output.open(config.output(), spark.sparkContext().hadoopConfiguration());
  }
}
