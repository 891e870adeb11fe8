package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The second stage of a run as a task of its own.
 *
 * <p>Input: the histories that {@code ingest} left in the config's output. Output: the tables of
 * the pending run, beside them, where no reader looks yet. Example: {@code tenure compute -c
 * conf/tenure.yaml --as-of 2026-06-30}
 */
@Command(
    name = "compute",
    description = "Second stage of a run: computes the tables. Then comes publish.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class ComputeCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Mixin private PendingOptions options;

  ComputeCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    RunRecord pending = RunCommand.pipeline(console, config).compute(options.asOf);
    console
        .out()
        .printf(
            "computed run %s as of %s: `publish` comes next%n", pending.runId(), pending.asOf());
  }
}
