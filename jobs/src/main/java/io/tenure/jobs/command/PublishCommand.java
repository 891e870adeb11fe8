package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The last stage of a run as a task of its own; without one that is pending, brings the databases
 * of the config to the current run, after a run that could not reach them or after a rollback.
 *
 * <p>Input: the tables that {@code compute} left in the config's output. Output: the pointer to
 * them, once they are checked. Example: {@code tenure publish -c conf/tenure.yaml --as-of
 * 2026-06-30}
 */
@Command(
    name = "publish",
    description = {
      "Last stage of a run: checks the tables and shows them to readers.",
      "Without a run that is pending: repeats publishing the current one to databases."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class PublishCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Mixin private PendingOptions options;

  PublishCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    SparkSession spark = Session.open(config.name(), config.timezone());
    Targets.require(spark, config);
    Output output = RunCommand.output(spark, config);
    Optional<Pointer> published =
        output
            .current()
            .filter(run -> config.publish().isAnywhere())
            .filter(
                run ->
                    output.pending().map(RunRecord::runId).stream().allMatch(run.runs()::contains))
            .filter(run -> options.asOf == null || options.asOf.toString().equals(run.asOf()));
    if (published.isPresent()) {
      Targets.publish(console, spark, config, output, published.get());
      return;
    }
    RunCommand.tell(console, config, RunCommand.pipeline(console, config).publish(options.asOf));
  }
}
