package io.tenure.jobs.command;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.StateManifest;
import io.tenure.common.table.Contract;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.io.PrintStream;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Says what a run would do.
 *
 * <p>Input: as for {@code run}. Rows are read as far as that says what a run would do: for the
 * as-of day, where no folder tells it; the days of new files, where a run would add to another; and
 * how many values the dimensions have. Output: a few lines; nothing is written. Example: {@code
 * tenure plan -c conf/tenure.yaml}
 */
@Command(
    name = "plan",
    description = "Says what would be read, computed and written; writes nothing.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class PlanCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Mixin private RunOptions options;

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    SparkSession spark = Session.open(config.name(), config.timezone());
    Output output = RunCommand.output(spark, config);
    output.requirePointer();
    output.requireAllErased();
    Optional<StateManifest> manifest =
        options.full ? Optional.empty() : Ingest.currentManifest(output);
    EventLog log =
        EventLog.open(
            spark, config, output.erasures(), manifest.map(StateManifest::known).orElse(Map.of()));
    AsOf chosen =
        log.asOf(options.asOf(), LocalDate.ofInstant(console.clock().instant(), config.timezone()));
    List<InputFile> reading = log.filesToRead(chosen.day());
    Ingest ingest = new Ingest(spark, config, output, log, chosen.day());
    Optional<String> whyFull = ingest.whyFull(options.full, manifest);
    String why = "full: " + whyFull.orElse("");
    if (whyFull.isEmpty()) {
      Refresh refresh = ingest.refresh(manifest.orElseThrow());
      reading = refresh.opened();
      why = "incremental: " + refresh.describe(log.files().files().size());
    }
    console.out().printf("as of    %s (%s)%n", chosen.day(), chosen.why());
    tellReading(config, log, chosen.day(), reading, why);
    tellWriting(config, output);
    Stream.concat(log.warnings().stream(), chosen.warning().stream())
        .forEach(warning -> console.err().println("warning: " + warning));
    if (!config.dimensions().isEmpty()) {
      SizeEstimate.of(log, chosen.day(), config.dimensions())
          .warning()
          .ifPresent(warning -> console.err().println("warning: " + warning));
    }
  }

  private void tellReading(
      TenureConfig config, EventLog log, LocalDate asOf, List<InputFile> reading, String why) {
    int all = log.files().files().size();
    PrintStream out = console.out();
    out.printf(
        Locale.ROOT,
        "read     %,d of %,d files, %,d bytes%s%n",
        reading.size(),
        all,
        reading.stream().mapToLong(InputFile::size).sum(),
        log.isPartitioned()
            ? "; pruned %d by %s"
                .formatted(
                    all - log.filesToRead(asOf).size(), config.input().partition().orElseThrow())
            : "; input.partition would allow to read less");
    out.printf("         %s%n", why);
    config
        .identities()
        .ifPresent(
            table ->
                out.printf(
                    Locale.ROOT,
                    "         %,d aliases of %s stand for their users%n",
                    log.aliases().size(),
                    table.path()));
  }

  private void tellWriting(TenureConfig config, Output output) {
    List<Contract> tables = Metrics.tables(Metrics.of(new Scope(config, 0, 0)));
    PrintStream out = console.out();
    out.printf(
        "compute  %d tables, whole and by %s%n",
        tables.size(),
        config.dimensions().isEmpty() ? "no dimension" : String.join(", ", config.dimensions()));
    out.printf(
        "write    %s: %s%n",
        output.path(), tables.stream().map(Contract::name).collect(Collectors.joining(", ")));
    out.printf(
        "replaces %s%n",
        output
            .current()
            .map(now -> "run " + now.runId() + " as of " + now.asOf())
            .orElse("nothing"));
  }
}
