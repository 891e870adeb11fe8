package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.report.page.ReportPage;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Writes the page of the current run anew; {@code run} has written it, too.
 *
 * <p>Input: the tables and the record of the current run of the config's output. Output: {@code
 * report.html} in its directory. Example: {@code tenure report -c conf/tenure.yaml}
 */
@Command(
    name = "report",
    description = "Writes the page of the current run: report.html, one file that needs no other.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class ReportCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    Output output = common.output();
    output.requirePointer();
    Pointer current =
        output
            .current()
            .orElseThrow(
                () ->
                    UserError.input(
                        "Cannot report: nothing was published in %s. Start with `run`."
                            .formatted(output.path())));
    if (!current.configHash().equals(ConfigHash.of(config))) {
      throw UserError.usage(
          "Run %s was computed by another definition than this config, or another version of Tenure, and its page would be"
                  .formatted(current.runId())
              + " explained wrongly. Give the run's config, or `run` with this one first.");
    }
    Outside.require(config, output, current.runId());
    write(SparkHadoopUtil.get().conf(), config, output, output.record(current.runId()));
    console.out().println(output.readersPath(current) + "/report.html");
  }

  /** Writes the page of a run whose tables are written. */
  static int write(Configuration hadoop, TenureConfig config, Output output, RunRecord run) {
    byte[] page =
        ReportPage.of(
            config,
            Outside.privacy(output, run.runId()),
            run,
            hadoop,
            table -> output.outsideTable(run.runId(), table));
    output.writePage(run.runId(), page);
    return page.length;
  }
}
