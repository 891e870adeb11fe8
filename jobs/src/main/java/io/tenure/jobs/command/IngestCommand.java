package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The first stage of a run as a task of its own.
 *
 * <p>Input: the events of the config. Output: the histories of a run that is pending then, in the
 * config's output. Example: {@code tenure ingest -c conf/tenure.yaml --as-of 2026-06-30}
 */
@Command(
    name = "ingest",
    description = "First stage of a run: reads the events. Then come compute and publish.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class IngestCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Mixin private RunOptions options;

  IngestCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    RunRecord pending = RunCommand.pipeline(console, config).ingest(options.asOf(), options.full);
    console
        .out()
        .printf(
            "ingested run %s as of %s: `compute` comes next%n", pending.runId(), pending.asOf());
  }
}
