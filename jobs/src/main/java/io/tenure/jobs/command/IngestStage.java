package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.command.Ingest.Ingested;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Rows;
import io.tenure.jobs.publish.Publication.Written;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import io.tenure.jobs.read.RejectedEvents;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first stage: events into one history per user and the table of rejected events, in the run's
 * own directory. Too many rejected rows, or no event at all, and the run ends here.
 */
final class IngestStage {
  /** A greater share of duplicates than a log has that is delivered twice here and there. */
  private static final double MANY_DUPLICATES = 0.1;

  /** Days without any event that no business takes off. */
  private static final int LONG_GAP = 366;

  static final DateTimeFormatter RUN_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Work work;
  private final Instant start;
  private final EventLog log;
  private final LocalDate asOf;

  /** What is to be known of the as-of day. */
  private final Optional<String> unfinished;

  /** The run that was current when the input was listed. */
  private final Optional<String> current;

  private IngestStage(Work work, Instant start, EventLog log, AsOf asOf, Optional<String> current) {
    this.work = work;
    this.start = start;
    this.log = log;
    this.asOf = asOf.day();
    this.unfinished = asOf.warning();
    this.current = current;
  }

  /**
   * Opens the input and settles the as-of day; writes nothing.
   *
   * @param wanted the as-of day; null: the last day that the input covers completely
   * @param full whether nothing that is known of the files is to be relied on
   */
  static IngestStage open(Work work, LocalDate wanted, boolean full) {
    Instant start = work.clock().instant();
    Optional<String> current = work.output().current().map(Pointer::runId);
    if (!full) {
      requireSameLog(work, current);
    }
    Map<String, StateManifest.KnownFile> known =
        full
            ? Map.of()
            : Ingest.currentManifest(work.output()).map(StateManifest::known).orElse(Map.of());
    EventLog log = EventLog.open(work.spark(), work.config(), work.output().erasures(), known);
    log.warnings().forEach(warning -> work.progress().say("  warning: " + warning));
    AsOf asOf = log.asOf(wanted, LocalDate.ofInstant(start, work.config().timezone()));
    work.progress().say("as of " + asOf.day() + " (" + asOf.why() + ")");
    asOf.warning().ifPresent(warning -> work.progress().say("  warning: " + warning));
    work.output()
        .current()
        .filter(pointer -> LocalDate.parse(pointer.asOf()).isAfter(asOf.day()))
        .ifPresent(
            later ->
                work.progress()
                    .say(
                        "            takes the place of run %s, which is as of a later day, %s"
                            .formatted(later.runId(), later.asOf())));
    return new IngestStage(work, start, log, asOf, current);
  }

  /**
   * Stops a config that was copied for another log and still names the output of the first.
   *
   * @throws UserError of usage
   */
  private static void requireSameLog(Work work, Optional<String> current) {
    TenureConfig config = work.config();
    current
        .flatMap(work.output()::usableRecord)
        .filter(run -> !run.name().equals(config.name()))
        .filter(run -> !run.input().path().equals(config.input().path()))
        .ifPresent(
            run -> {
              throw UserError.usage(
                  "Output %s holds runs of '%s', which reads %s, and this is '%s', which reads %s. Name another output; or say --full, if this log takes the place of that one."
                      .formatted(
                          work.output().path(),
                          run.name(),
                          run.input().path(),
                          config.name(),
                          config.input().path()));
            });
  }

  /**
   * Ingests.
   *
   * @param full whether to rebuild, even where the current run could be added to
   * @return the record of the run so far
   * @throws UserError of storage, if people were erased or a run was published since the input was
   *     opened, or files were added to it
   */
  RunRecord run(boolean full) {
    if (!work.output().erasures().equals(log.erasures())) {
      throw UserError.storage(
          "Users were erased from %s while this run began, and it does not know whom. Run again."
              .formatted(work.output().path()),
          null);
    }
    Optional<String> now = work.output().current().map(Pointer::runId);
    if (!now.equals(current)) {
      throw UserError.storage(
          "Run %s became current in %s while this run began, and it does not know what that one read. Run again."
              .formatted(now.orElse("none"), work.output().path()),
          null);
    }
    String runId = work.output().freeRunId(RUN_ID.format(start));
    Ingested ingested =
        work.progress()
            .stage(
                "fold",
                "Fold events up to " + asOf + " into one history per user",
                () ->
                    new Ingest(work.spark(), work.config(), work.output(), log, asOf)
                        .run(runId, full),
                result -> result.facts().rows());
    long rejected = requireQuality(ingested, runId);
    warnings(ingested).forEach(warning -> work.progress().say("            warning: " + warning));
    return record(runId, ingested, Map.of(RejectedEvents.CONTRACT.name(), rejected));
  }

  private long requireQuality(Ingested ingested, String runId) {
    ReadFacts facts = ingested.facts();
    TenureConfig config = work.config();
    tell(ingested);
    Written rejected =
        new Publication(work.spark(), work.output(), runId)
            .write(
                List.of(RejectedEvents.CONTRACT),
                contract ->
                    ingested
                        .rejected()
                        .<Rows>map(Rows.Distributed::new)
                        .orElseGet(() -> Rows.of(List.of())));
    LogTotals.of(ingested.manifest(), asOf)
        .requireAtMost(
            config.quality().maxRejectedRatio(),
            work.output().table(runId, RejectedEvents.CONTRACT.name()));
    loss(ingested.manifest())
        .ifPresent(loss -> loss.requireAtMost(config.quality().maxLostRatio()));
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

  private void tell(Ingested ingested) {
    ReadFacts facts = ingested.facts();
    RunRecord.Reading reading = ingested.reading();
    work.progress()
        .say(String.format(Locale.ROOT, "            %s: %s", reading.mode(), reading.why()));
    work.progress()
        .say(
            String.format(
                Locale.ROOT,
                "            %,d accepted, %,d rejected%s, %,d left out%s",
                facts.rows(Fate.ACCEPTED),
                facts.rows(Fate.REJECTED),
                reasons(facts, Fate.REJECTED),
                facts.rows(Fate.LEFT_OUT),
                reasons(facts, Fate.LEFT_OUT)));
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

  /** What a log with ids of something else than events looks like. */
  private static Optional<String> manyDuplicates(ReadFacts facts) {
    long duplicates = facts.reasons(Fate.LEFT_OUT).getOrDefault(Reason.DUPLICATE, 0L);
    return duplicates <= MANY_DUPLICATES * facts.rows()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%,d of %,d rows were left out as duplicates, for a row of the same user and day has"
                    + " their input.event-id. Is it the id of an event? Lines of an order share the"
                    + " order's number: leave input.event-id out, or make it tell the lines apart.",
                duplicates,
                facts.rows()));
  }

  /** That the log ends long before the as-of day. */
  private Optional<String> longSilence(StateManifest manifest) {
    return manifest
        .lastDayUpTo(asOf)
        .filter(last -> last.isBefore(asOf.minusDays(AsOf.LONG_SILENCE)))
        .map(
            last ->
                String.format(
                    Locale.ROOT,
                    "there is no event from %s to %s: on these %,d days everybody counts as absent. If"
                        + " the log ends on %s, say --as-of %s.",
                    last.plusDays(1),
                    asOf,
                    ChronoUnit.DAYS.between(last, asOf),
                    last,
                    last));
  }

  /** What has gone from the input since the current run; empty if nothing has. */
  private Optional<Loss> loss(StateManifest manifest) {
    return current.flatMap(
        run ->
            work.output()
                .usableManifest(run)
                .flatMap(before -> Loss.since(run, before, manifest, asOf)));
  }

  /** That a few events lie long before all others: each day since then has its rows. */
  private Optional<String> longGap(StateManifest manifest) {
    return manifest
        .longestGap(asOf)
        .filter(gap -> gap.days() > LONG_GAP)
        .map(
            gap ->
                String.format(
                    Locale.ROOT,
                    "there is no event from %s to %s, and events before it: tables have rows for"
                        + " these %,d days, and users of before are old. If the earlier events have"
                        + " a wrong date, say input.earliest: %s.",
                    gap.first(),
                    gap.last(),
                    gap.days(),
                    gap.last().plusDays(1)));
  }

  /** What was found by reading. */
  private List<String> warnings(Ingested ingested) {
    StateManifest manifest = ingested.manifest();
    return Stream.of(
            manyDuplicates(ingested.facts()),
            ingested.warning(),
            loss(manifest).flatMap(Loss::warning),
            longGap(manifest),
            longSilence(manifest))
        .flatMap(Optional::stream)
        .toList();
  }

  private RunRecord record(String runId, Ingested ingested, Map<String, Long> tables) {
    TenureConfig config = work.config();
    ReadFacts facts = ingested.facts();
    return new RunRecord(
        runId,
        config.name(),
        RunRecord.INGESTED,
        asOf.toString(),
        LocalDate.ofEpochDay(facts.firstDay()).toString(),
        config.input().historyStarts().map(LocalDate::toString).orElse(null),
        start.toString(),
        work.clock().instant().toString(),
        ConfigHash.of(config),
        new RunRecord.Input(
            config.input().path(),
            log.files().files().size(),
            log.files().bytes(),
            log.files().hash()),
        ingested.reading(),
        rows(facts),
        RunRecord.Erasures.of(log.erasures()),
        identities(),
        tables,
        work.progress().takeStages(),
        Version.all(work.spark()),
        Stream.of(log.warnings(), unfinished.stream().toList(), warnings(ingested))
            .flatMap(List::stream)
            .toList());
  }

  private RunRecord.Identities identities() {
    return work.config()
        .identities()
        .map(
            table ->
                new RunRecord.Identities(
                    table.path(), log.aliases().size(), log.aliases().fingerprint()))
        .orElse(null);
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
