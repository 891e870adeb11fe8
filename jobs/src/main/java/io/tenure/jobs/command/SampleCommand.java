package io.tenure.jobs.command;

import io.tenure.jobs.sample.SampleLog;
import io.tenure.jobs.sample.SampleOptions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes a realistic event log.
 *
 * <p>Output: Parquet, a folder a day. Example: {@code tenure sample --out events --users 10000}
 */
@Command(
    name = "sample",
    description = "Writes a realistic event log as Parquet, partitioned by day.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class SampleCommand implements Runnable {
  private final Console console;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "An empty folder.")
  private String out;

  @Option(names = "--users", paramLabel = "N", description = "Default: 2000.")
  private long users = SampleOptions.DEFAULTS.users();

  @Option(names = "--days", paramLabel = "N", description = "Default: 365.")
  private int days = SampleOptions.DEFAULTS.days();

  @Option(names = "--seed", paramLabel = "N", description = "Same seed, same log. Default: 1.")
  private long seed = SampleOptions.DEFAULTS.seed();

  @Option(names = "--start", paramLabel = "DATE", description = "First day. Default: 2025-01-01.")
  private LocalDate start = SampleOptions.DEFAULTS.start();

  SampleCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    SparkSession spark = Session.open("sample", ZoneOffset.UTC);
    write(console, spark, new SampleOptions(users, days, seed, start), out);
  }

  static void write(Console console, SparkSession spark, SampleOptions options, String directory) {
    spark.sparkContext().setJobDescription("Write a sample log of " + options.users() + " users");
    SampleLog.Written written = SampleLog.write(spark, options, directory);
    console
        .out()
        .printf(
            Locale.ROOT,
            "wrote %,d events of %,d users, %s to %s, in %s%n",
            written.rows(),
            options.users(),
            options.start(),
            options.end().minusDays(1),
            directory);
  }
}
