package io.tenure.jobs.command;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Runs of a folder's config without the identities, which have tests of their own and take most of
 * the time of a small run.
 */
public final class UncheckedRuns {
  private final Cli folder;

  public UncheckedRuns(Cli folder) {
    this.folder = folder;
  }

  /** Runs as of a day, late on that day. */
  public Pointer run(String asOf, String... overrides) throws IOException {
    return run(asOf, false, overrides);
  }

  public Pointer rebuild(String asOf, String... overrides) throws IOException {
    return run(asOf, true, overrides);
  }

  /** Erases users, at the start of a day. */
  Forgotten forget(String day, String... ids) throws IOException {
    return pipeline(Instant.parse(day + "T00:00:00Z")).forget(Set.of(ids));
  }

  private Pointer run(String asOf, boolean full, String... overrides) throws IOException {
    return pipeline(Instant.parse(asOf + "T23:00:00Z"), overrides).run(LocalDate.parse(asOf), full);
  }

  private Pipeline pipeline(Instant now, String... overrides) throws IOException {
    TenureConfig config =
        ConfigLoader.load(Files.readString(folder.configFile()), "tenure.yaml", List.of(overrides));
    SparkSession spark = Session.open("test", config.timezone());
    InstantSource clock = InstantSource.fixed(now);
    Progress progress =
        new Progress(spark.sparkContext(), new PrintStream(OutputStream.nullOutputStream()), clock);
    Output output = Output.open(config.output(), spark.sparkContext().hadoopConfiguration());
    return new Pipeline(spark, config, output, scope -> List.of(), clock, progress);
  }
}
