package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.ErasureList;
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
    Map<String, StateManifest.KnownFile> known =
        full
            ? Map.of()
            : Ingest.currentManifest(work.output()).map(StateManifest::known).orElse(Map.of());
    work.output().requireAllErased();
    ErasureList erasures = work.output().erasures();
    Misgivings misgivings = new Misgivings(work.output(), work.config(), current);
    EventLog log = EventLog.open(work.spark(), work.config(), erasures, known);
    if (!full) {
      misgivings.requireSameLog(log.files());
    }
    log.warnings().forEach(warning -> work.progress().say("  warning: " + warning));
    AsOf asOf = log.asOf(wanted, LocalDate.ofInstant(start, work.config().timezone()));
    work.progress().say("as of " + asOf.day() + " (" + asOf.why() + ")");
    asOf.warning().ifPresent(warning -> work.progress().say("  warning: " + warning));
    work.output()
        .current()
        .filter(pointer -> LocalDate.parse(pointer.asOf()).isAfter(asOf.day()))
        .ifPresent(
            later -> {
              if (wanted == null) {
                throw misgivings.endsEarlier(asOf, later);
              }
              work.progress()
                  .say(
                      "            takes the place of run %s, which is as of a later day, %s"
                          .formatted(later.runId(), later.asOf()));
            });
    return new IngestStage(work, start, log, asOf, current);
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
    Optional<Loss> loss = loss(ingested.manifest());
    long rejected = requireQuality(ingested, loss, runId);
    List<String> warnings = ReadWarnings.of(work.config(), ingested, asOf, loss);
    warnings.forEach(warning -> work.progress().say("            warning: " + warning));
    return record(runId, ingested, warnings, Map.of(RejectedEvents.CONTRACT.name(), rejected));
  }

  private long requireQuality(Ingested ingested, Optional<Loss> loss, String runId) {
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
    loss.ifPresent(gone -> gone.requireAtMost(config.quality().maxLostRatio()));
    if (facts.isEmpty() || facts.firstDay() > asOf.toEpochDay()) {
      throw UserError.input(
          String.format(
              Locale.ROOT,
              "No row of %s is an event up to %s: %,d rows read%s%s. Correct %s.",
              config.input().path(),
              asOf,
              facts.rows(),
              reasons(facts, Fate.REJECTED),
              reasons(facts, Fate.LEFT_OUT),
              facts.rows(Fate.REJECTED) > facts.rows(Fate.LEFT_OUT)
                  ? "what the config says of their users, times and amounts (input.user, input.time, input.time-unit, input.earliest, input.amount)"
                  : "--as-of or input.where"));
    }
    Misgivings.requireArrived(config, ingested.manifest(), asOf);
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

  /** What has gone from the input since the current run; empty if nothing has. */
  private Optional<Loss> loss(StateManifest manifest) {
    return current.flatMap(
        run ->
            work.output()
                .usableManifest(run)
                .flatMap(
                    before ->
                        Loss.since(run, before, manifest, asOf, work.config().input().earliest())));
  }

  private RunRecord record(
      String runId, Ingested ingested, List<String> found, Map<String, Long> tables) {
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
        Stream.of(log.warnings(), unfinished.stream().toList(), found)
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
