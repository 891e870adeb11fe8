package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.common.table.Contract;
import io.tenure.jobs.check.Identity;
import io.tenure.jobs.check.IdentityCheck;
import io.tenure.jobs.check.Judgement;
import io.tenure.jobs.command.Ingest.Ingested;
import io.tenure.jobs.compute.Compute;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Written;
import io.tenure.jobs.publish.Restatements;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.InputFiles.InputFile;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import io.tenure.jobs.read.RejectedEvents;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One run, from events to published tables.
 *
 * <ol>
 *   <li>read and fold: the events into one history per user, in the run's own directory
 *   <li>compute: the histories into cells
 *   <li>publish: the cells into tables
 *   <li>check: the identities against the tables as written
 *   <li>restate: the final numbers against those of the run before
 *   <li>commit: the pointer to the new run
 * </ol>
 */
final class Pipeline {
  private static final DateTimeFormatter RUN_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SparkSession spark;
  private final TenureConfig config;
  private final Output output;
  private final Function<Scope, List<Identity>> identities;
  private final InstantSource clock;
  private final Progress progress;

  /**
   * @param identities what must hold between the tables before they are published
   */
  Pipeline(
      SparkSession spark,
      TenureConfig config,
      Output output,
      Function<Scope, List<Identity>> identities,
      InstantSource clock,
      Progress progress) {
    this.spark = spark;
    this.config = config;
    this.output = output;
    this.identities = identities;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Runs and publishes.
   *
   * @param wanted the as-of day; null: the last day that the input covers completely
   * @param full whether to rebuild, even where the current run could be added to
   * @return the pointer to the new run
   */
  Pointer run(LocalDate wanted, boolean full) {
    Instant start = clock.instant();
    EventLog log = EventLog.open(spark, config);
    log.warnings().forEach(warning -> progress.say("  warning: " + warning));
    AsOf asOf = asOf(log, wanted);
    progress.say("as of " + asOf.day() + " (" + asOf.why() + ")");
    Output.Lock lock = output.lock(owner(start), clock);
    try {
      return runLocked(log, asOf.day(), full, start);
    } finally {
      lock.close();
    }
  }

  private AsOf asOf(EventLog log, LocalDate wanted) {
    return wanted != null
        ? new AsOf(wanted, "as told")
        : log.lastCoveredDay(LocalDate.ofInstant(clock.instant(), config.timezone()).minusDays(1));
  }

  /** Who takes the output, for whoever finds it taken. */
  static String owner(Instant start) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "a host without a name";
    }
    return "process %d on %s, since %s".formatted(ProcessHandle.current().pid(), host, start);
  }

  private Pointer runLocked(EventLog log, LocalDate asOf, boolean full, Instant start) {
    String runId = output.freeRunId(RUN_ID.format(start));
    Ingested ingested =
        progress.stage(
            "fold",
            "Fold events up to " + asOf + " into one history per user",
            () -> new Ingest(spark, config, output, log, asOf).run(runId, full),
            result -> result.facts().rows());
    long rejectedRows = requireQuality(log, asOf, ingested, runId);
    ReadFacts facts = ingested.facts();
    int end = Math.toIntExact(asOf.toEpochDay()) + 1;
    Scope scope = new Scope(config, facts.firstDay(), end - 1);
    List<Metric> metrics = Metrics.of(scope);
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
          () -> check(identities.apply(scope), written.tables()),
          List::size);
      Map<String, Long> rows = new TreeMap<>(written.rows());
      rows.put(RejectedEvents.CONTRACT.name(), rejectedRows);
      rows.putAll(
          progress
              .stage(
                  "restate",
                  "Compare the tables of run " + runId + " with the run before",
                  () ->
                      publication.write(
                          List.of(Restatements.CONTRACT),
                          contract -> restated(runId, asOf, contracts, ingested.manifest())),
                  Written::totalRows)
              .rows());
      return output.publish(record(runId, asOf, start, log, ingested, rows), config.keepRuns());
    }
  }

  private Dataset<Row> restated(
      String runId, LocalDate asOf, List<Contract> contracts, StateManifest manifest) {
    Restatements restatements = new Restatements(spark, output, runId);
    Optional<Pointer> previous = output.current();
    if (previous.isEmpty()) {
      return restatements.none();
    }
    RunRecord before = output.record(previous.get().runId());
    LocalDate known = LocalDate.parse(before.asOf());
    String cause =
        Cause.of(
            before,
            output.manifest(before.runId()),
            ConfigHash.of(config),
            manifest,
            Version.all(spark),
            known.isBefore(asOf) ? known : asOf);
    return restatements.since(previous.get(), asOf, contracts, cause);
  }

  /** The gate: too many rejected rows, or no event at all, and nothing is published. */
  private long requireQuality(EventLog log, LocalDate asOf, Ingested ingested, String runId) {
    ReadFacts facts = ingested.facts();
    RunRecord.Reading reading = ingested.reading();
    progress.say(String.format(Locale.ROOT, "            %s: %s", reading.mode(), reading.why()));
    progress.say(
        String.format(
            Locale.ROOT,
            "            %,d accepted, %,d rejected%s, %,d left out%s",
            facts.rows(Fate.ACCEPTED),
            facts.rows(Fate.REJECTED),
            reasons(facts, Fate.REJECTED),
            facts.rows(Fate.LEFT_OUT),
            reasons(facts, Fate.LEFT_OUT)));
    Written rejected =
        new Publication(spark, output, runId)
            .write(List.of(RejectedEvents.CONTRACT), contract -> ingested.rejected());
    Set<String> inScope =
        log.filesToRead(asOf).stream().map(InputFile::uri).collect(Collectors.toSet());
    LogTotals totals = LogTotals.of(ingested.manifest(), inScope);
    totals.requireAtMost(
        config.quality().maxRejectedRatio(), output.table(runId, RejectedEvents.CONTRACT.name()));
    if (facts.isEmpty() || facts.firstDay() > asOf.toEpochDay()) {
      throw UserError.input(
          String.format(
              Locale.ROOT,
              "No row of %s is an event up to %s: %,d rows read%s. Correct --as-of or input.where.",
              config.input().path(),
              asOf,
              facts.rows(),
              reasons(facts, Fate.LEFT_OUT)));
    }
    return rejected.totalRows();
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

  private List<Judgement.Outcome> check(List<Identity> expected, Map<Contract, String> tables) {
    List<Judgement.Outcome> outcomes = IdentityCheck.run(spark, expected, tables);
    Judgement.require(outcomes);
    return outcomes;
  }

  private RunRecord record(
      String runId,
      LocalDate asOf,
      Instant start,
      EventLog log,
      Ingested ingested,
      Map<String, Long> tables) {
    ReadFacts facts = ingested.facts();
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
        ingested.reading(),
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
