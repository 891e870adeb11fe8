package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The last stage of a run as a task of its own.
 *
 * <p>Input: the tables that {@code compute} left in the config's output. Output: the pointer to
 * them, once they are checked. Example: {@code tenure publish -c conf/tenure.yaml --as-of
 * 2026-06-30}
 */
@Command(
    name = "publish",
    description = "Last stage of a run: checks the tables and shows them to readers.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class PublishCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description = "Fails unless this day was ingested. Default: takes what was ingested last.")
  private LocalDate asOf;

  PublishCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    RunCommand.tell(console, config, RunCommand.pipeline(console, config).publish(asOf));
  }
}
