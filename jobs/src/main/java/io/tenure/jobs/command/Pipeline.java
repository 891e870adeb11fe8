package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.table.Contract;
import io.tenure.jobs.check.Identities;
import io.tenure.jobs.check.IdentityCheck;
import io.tenure.jobs.compute.Compute;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.Scope;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Written;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import io.tenure.jobs.read.RejectedEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * One run, from events to published tables.
 *
 * <ol>
 *   <li>read and fold: the events into one history per user, in the run's own directory
 *   <li>compute: the histories into cells
 *   <li>publish: the cells into tables
 *   <li>check: the identities against the tables as written
 *   <li>commit: the pointer to the new run
 * </ol>
 */
final class Pipeline {
  private static final DateTimeFormatter RUN_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SparkSession spark;
  private final TenureConfig config;
  private final Output output;
  private final InstantSource clock;
  private final Progress progress;

  Pipeline(
      SparkSession spark,
      TenureConfig config,
      Output output,
      InstantSource clock,
      Progress progress) {
    this.spark = spark;
    this.config = config;
    this.output = output;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Runs and publishes.
   *
   * @param wanted the as-of day; null: the last day that the input covers completely
   * @return the pointer to the new run
   */
  Pointer run(LocalDate wanted) {
    Instant start = clock.instant();
    EventLog log = EventLog.open(spark, config);
    log.warnings().forEach(warning -> progress.say("  warning: " + warning));
    AsOf asOf = asOf(log, wanted);
    progress.say("as of " + asOf.day() + " (" + asOf.why() + ")");
    Output.Lock lock = output.lock(owner(start));
    try {
      return runLocked(log, asOf.day(), start);
    } finally {
      lock.close();
    }
  }

  private AsOf asOf(EventLog log, LocalDate wanted) {
    return wanted != null
        ? new AsOf(wanted, "as told")
        : log.lastCoveredDay(LocalDate.ofInstant(clock.instant(), config.timezone()).minusDays(1));
  }

  private static String owner(Instant start) {
    return "process " + ProcessHandle.current().pid() + ", since " + start;
  }

  private Pointer runLocked(EventLog log, LocalDate asOf, Instant start) {
    String runId = output.freeRunId(RUN_ID.format(start));
    ReadFacts facts =
        progress.stage(
            "fold",
            "Fold events up to " + asOf + " into one history per user",
            () -> fold(log, asOf, runId),
            ReadFacts::rows);
    requireQuality(log, asOf, facts, runId);
    int end = Math.toIntExact(asOf.toEpochDay()) + 1;
    List<Metric> metrics = Metrics.of(new Scope(config, facts.firstDay(), end - 1));
    List<Contract> contracts = Metrics.tables(metrics);
    Dataset<Row> state = spark.read().schema(Fold.STATE).parquet(output.state(runId));
    try (Compute compute =
        progress.stage(
            "compute",
            "Add up the histories of all users",
            () -> Compute.of(state, metrics, end, runId),
            Compute::cells)) {
      Publication publication = new Publication(spark, output, runId);
      Written written =
          progress.stage(
              "publish",
              "Write the tables of run " + runId,
              () -> publication.write(contracts, compute::table),
              Written::totalRows);
      progress.stage(
          "check",
          "Check the identities of run " + runId,
          () -> check(written.tables()),
          List::size);
      Map<String, Long> rows = new TreeMap<>(written.rows());
      rows.put(RejectedEvents.CONTRACT.name(), facts.rows(Fate.REJECTED));
      return output.publish(record(runId, asOf, start, log, facts, rows), config.keepRuns());
    }
  }

  private ReadFacts fold(EventLog log, LocalDate asOf, String runId) {
    Sizing sizing = Sizing.of(spark, log.filesToRead(asOf));
    sizing.applyTo(spark);
    Fold fold =
        new Fold(
            HistoryShape.of(config),
            config.timezone(),
            sizing.shufflePartitions(),
            Session.taskMemory(spark));
    fold.state(log.judged(asOf), log.timeType(), log.hasIds())
        .write()
        .option("compression", "zstd")
        .mode(SaveMode.ErrorIfExists)
        .parquet(output.state(runId));
    return Fold.facts(spark.read().schema(Fold.STATE).parquet(output.state(runId)));
  }

  /** The gate: too many rejected rows, or none accepted, and nothing is published. */
  private void requireQuality(EventLog log, LocalDate asOf, ReadFacts facts, String runId) {
    new Publication(spark, output, runId)
        .write(List.of(RejectedEvents.CONTRACT), contract -> rejected(log, asOf, facts, runId));
    progress.say(
        String.format(
            Locale.ROOT,
            "            %,d accepted, %,d rejected%s, %,d left out%s",
            facts.rows(Fate.ACCEPTED),
            facts.rows(Fate.REJECTED),
            reasons(facts, Fate.REJECTED),
            facts.rows(Fate.LEFT_OUT),
            reasons(facts, Fate.LEFT_OUT)));
    long rejected = facts.rows(Fate.REJECTED);
    double limit = config.quality().maxRejectedRatio();
    if (rejected > limit * facts.rows()) {
      throw UserError.quality(
          String.format(
              Locale.ROOT,
              "Rejected %,d of %,d rows (%.2f %%)%s; quality.max-rejected-ratio is %s.%nNothing was"
                  + " published. The rows are in %s until the next run.",
              rejected,
              facts.rows(),
              100.0 * rejected / facts.rows(),
              reasons(facts, Fate.REJECTED),
              limit,
              output.table(runId, RejectedEvents.CONTRACT.name())));
    }
    if (facts.isEmpty()) {
      throw UserError.input(
          String.format(
              Locale.ROOT,
              "No row of %s is an event up to %s: %,d rows read%s. Correct --as-of or input.where.",
              config.input().path(),
              asOf,
              facts.rows(),
              reasons(facts, Fate.LEFT_OUT)));
    }
  }

  private Dataset<Row> rejected(EventLog log, LocalDate asOf, ReadFacts facts, String runId) {
    // Reading twice is only worth it if there is anything to find.
    Dataset<Row> rows = log.rejected(asOf);
    return RejectedEvents.table(facts.rows(Fate.REJECTED) == 0 ? rows.limit(0) : rows, runId);
  }

  private static String reasons(ReadFacts facts, Fate fate) {
    Map<Reason, Long> reasons = facts.reasons(fate);
    return reasons.isEmpty()
        ? ""
        : reasons.entrySet().stream()
            .map(
                reason ->
                    String.format(
                        Locale.ROOT, "%s %,d", reason.getKey().label(), reason.getValue()))
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private List<IdentityCheck.Outcome> check(Map<String, Dataset<Row>> tables) {
    List<IdentityCheck.Outcome> outcomes = IdentityCheck.run(spark, Identities.all(), tables);
    IdentityCheck.require(outcomes);
    return outcomes;
  }

  private RunRecord record(
      String runId,
      LocalDate asOf,
      Instant start,
      EventLog log,
      ReadFacts facts,
      Map<String, Long> tables) {
    return new RunRecord(
        runId,
        config.name(),
        RunRecord.COMPLETE,
        asOf.toString(),
        LocalDate.ofEpochDay(facts.firstDay()).toString(),
        config.input().historyStarts().map(LocalDate::toString).orElse(null),
        start.toString(),
        clock.instant().toString(),
        ConfigHash.of(config),
        new RunRecord.Input(
            config.input().path(),
            log.files().files().size(),
            log.files().bytes(),
            log.files().hash()),
        rows(facts),
        tables,
        progress.stages(),
        Version.all(spark),
        log.warnings());
  }

  private static RunRecord.Rows rows(ReadFacts facts) {
    return new RunRecord.Rows(
        facts.rows(),
        facts.rows(Fate.ACCEPTED),
        facts.rows(Fate.REJECTED),
        facts.rows(Fate.LEFT_OUT),
        byLabel(facts.reasons(Fate.REJECTED)),
        byLabel(facts.reasons(Fate.LEFT_OUT)));
  }

  private static Map<String, Long> byLabel(Map<Reason, Long> reasons) {
    Map<String, Long> labelled = new TreeMap<>();
    reasons.forEach((reason, rows) -> labelled.put(reason.label(), rows));
    return labelled;
  }
}
