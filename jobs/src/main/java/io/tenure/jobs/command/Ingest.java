package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;

import io.tenure.common.UserError;
import io.tenure.common.calendar.DayRanges;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.InputFiles.InputFile;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import io.tenure.jobs.read.RejectedEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Events into the histories of a run: all of them, or what changed since the current run. */
final class Ingest {
  private final SparkSession spark;
  private final TenureConfig config;
  private final Output output;
  private final EventLog log;
  private final LocalDate asOf;

  /** The paths of all files of the input. */
  private final Set<String> listed;

  Ingest(SparkSession spark, TenureConfig config, Output output, EventLog log, LocalDate asOf) {
    this.spark = spark;
    this.config = config;
    this.output = output;
    this.log = log;
    this.asOf = asOf;
    this.listed = paths(log.files().files());
  }

  /**
   * What was ingested.
   *
   * @param facts what this run read
   * @param manifest what the histories are made of
   * @param rejected the rejected rows of the log up to the as-of day, whichever run read them;
   *     empty if there are none
   * @param warning what was found amiss
   */
  record Ingested(
      ReadFacts facts,
      StateManifest manifest,
      Optional<Dataset<Row>> rejected,
      RunRecord.Reading reading,
      Optional<String> warning) {}

  static Optional<StateManifest> currentManifest(Output output) {
    return output.current().flatMap(pointer -> output.manifest(pointer.runId()));
  }

  /**
   * Why this run cannot add to the current one; empty if it can.
   *
   * @throws UserError of usage, if it can neither add to it nor do without
   */
  Optional<String> whyFull(boolean full, Optional<StateManifest> manifest) {
    Optional<String> why =
        WhyFull.of(full, output, config, log.aliases(), log.types(), manifest)
            .or(() -> whyNotBack(manifest.orElseThrow()));
    why.ifPresent(this::requireNothingGone);
    return why;
  }

  /** Days whose files are gone cannot be read anew. */
  private void requireNothingGone(String why) {
    Optional<Pointer> current = output.current();
    Optional<StateManifest> known = current.flatMap(run -> output.usableManifest(run.runId()));
    if (config.input().deletedFiles() == InputConfig.DeletedFiles.KEPT
        && current.isPresent()
        && known.isEmpty()) {
      throw UserError.usage(
          "This run would read everything anew (%s), and which files run %s was made of cannot be read: days whose files are gone by now would be lost. `rollback` to a run that is whole; or, to lose them, add --set input.deleted-files=removed to one run."
              .formatted(why, current.get().runId()));
    }
    List<StateManifest.File> gone = known.map(this::gone).orElse(List.of());
    if (gone.isEmpty()) {
      return;
    }
    throw UserError.usage(
        "This run would read everything anew (%s), and %d files that the current run knows are gone, which held %s: these days would be lost. Undo the change; or, to lose them, add --set input.deleted-files=removed to one run."
            .formatted(
                why, gone.size(), String.join(", ", DayRanges.format(StateManifest.days(gone)))));
  }

  /** Files that are no longer there and whose days stay as they were read. */
  private List<StateManifest.File> gone(StateManifest manifest) {
    if (config.input().deletedFiles() != InputConfig.DeletedFiles.KEPT) {
      return List.of();
    }
    return manifest.files().stream().filter(file -> !listed.contains(file.path())).toList();
  }

  /**
   * Why a run as of an earlier day cannot go on from the current one; empty if it can. A full run
   * does not open the folders of later days: with folders by arrival, what came late is not known
   * then.
   */
  private Optional<String> whyNotBack(StateManifest manifest) {
    if (!log.isPartitioned() || !asOf.isBefore(LocalDate.parse(manifest.asOf()))) {
      return Optional.empty();
    }
    Set<String> opened = paths(log.filesToRead(asOf));
    Map<String, StateManifest.File> known = manifest.byPath();
    return log.filesToRead(LocalDate.parse(manifest.asOf())).stream()
        .filter(file -> !opened.contains(file.uri()))
        .filter(file -> !hasLaterDaysOnly(file, known.get(file.uri())))
        .findFirst()
        .map(
            file ->
                "folders of later days, such as that of %s, may hold events up to %s"
                    .formatted(file.path(), asOf));
  }

  private boolean hasLaterDaysOnly(InputFile file, StateManifest.File known) {
    return known != null
        && known.isSameAs(file.size(), file.modified())
        && (known.rows() == 0 || !known.concerns(asOf));
  }

  /**
   * What an incremental run would read.
   *
   * @throws UserError of usage, if days would be without events that the manifest knows
   */
  Refresh refresh(StateManifest manifest) {
    LocalDate horizon = Refresh.horizon(Optional.of(manifest), asOf);
    Refresh refresh =
        Refresh.of(
            manifest,
            gone(manifest),
            log.filesToRead(horizon),
            horizon,
            fresh -> fold(fresh).survey(log.judged(horizon, fresh)));
    refresh.requireCounted(output.current().map(Pointer::runId).orElseThrow(), manifest.asOf());
    return refresh;
  }

  /** Folds and writes the histories of a run. */
  Ingested run(String runId, boolean full) {
    Optional<StateManifest> manifest = full ? Optional.empty() : currentManifest(output);
    Optional<String> why = whyFull(full, manifest);
    return why.isPresent()
        ? rebuild(runId, why.get())
        : refresh(runId, output.current().orElseThrow());
  }

  private Ingested rebuild(String runId, String why) {
    List<InputFile> files = log.filesToRead(asOf);
    ReadFacts facts = read(files, asOf, Optional.empty(), runId);
    StateManifest manifest = manifest(files, Map.of(), facts, asOf);
    output.writeManifest(runId, manifest);
    RunRecord.Reading reading = new RunRecord.Reading("full", why, files.size(), List.of(), null);
    return new Ingested(
        facts,
        manifest,
        rejected(told(asOf, manifest)).map(rows -> RejectedEvents.table(rows, runId)),
        reading,
        Optional.empty());
  }

  private Ingested refresh(String runId, Pointer current) {
    StoredRun stored = StoredRun.of(spark, output, current.runId()).without(log.erasures());
    LocalDate horizon = Refresh.horizon(Optional.of(stored.manifest()), asOf);
    Refresh refresh = refresh(stored.manifest());
    ReadFacts facts =
        read(
            refresh.opened(),
            horizon,
            Optional.of(new Fold.Stored(stored.state(), stored.files(), refresh.recomputed())),
            runId);
    StateManifest manifest = manifest(log.filesToRead(horizon), refresh.kept(), facts, horizon);
    output.writeManifest(runId, manifest);
    RunRecord.Reading reading =
        new RunRecord.Reading(
            RunRecord.INCREMENTAL,
            refresh.describe(log.files().files().size()),
            refresh.opened().size(),
            DayRanges.format(refresh.recomputed()),
            current.runId());
    // What is rejected of a file never changes, but which files a run speaks of does: those of days
    // that the run before was not to know are read for it again.
    Set<String> carried = told(asOf, manifest);
    carried.retainAll(refresh.kept().keySet());
    carried.retainAll(told(LocalDate.parse(current.asOf()), stored.manifest()));
    Set<String> untold = told(asOf, manifest);
    untold.removeAll(carried);
    Optional<Dataset<Row>> known =
        carried.isEmpty()
            ? Optional.empty()
            : Optional.of(stored.rejected().where(col("file").isin(carried.toArray())));
    return new Ingested(
        facts,
        manifest,
        Stream.of(known, rejected(untold))
            .flatMap(Optional::stream)
            .reduce(Dataset::union)
            .map(rows -> RejectedEvents.table(rows, runId)),
        reading,
        refresh.warning());
  }

  private static Set<String> paths(List<InputFile> files) {
    return files.stream().map(InputFile::uri).collect(Collectors.toCollection(HashSet::new));
  }

  /** The files whose rejected rows a run as of a day tells. */
  private Set<String> told(LocalDate day, StateManifest manifest) {
    Map<String, StateManifest.File> known = manifest.byPath();
    Set<String> told = paths(log.filesToRead(day));
    gone(manifest).forEach(file -> told.add(file.path()));
    told.removeIf(
        path -> {
          StateManifest.File file = known.get(path);
          return file == null || file.rejected().isEmpty() || !file.concerns(day);
        });
    return told;
  }

  /** Reading twice is only worth it where there is anything to find. */
  private Optional<Dataset<Row>> rejected(Set<String> rejecting) {
    return rejecting.isEmpty()
        ? Optional.empty()
        : Optional.of(
            log.rejected(
                asOf,
                log.files().files().stream()
                    .filter(file -> rejecting.contains(file.uri()))
                    .toList()));
  }

  private Fold fold(List<InputFile> files) {
    Sizing sizing = Sizing.of(spark, files);
    sizing.applyTo(spark);
    return new Fold(
        HistoryShape.of(config),
        config.timezone(),
        sizing.shufflePartitions(),
        Session.taskMemory(spark));
  }

  /** Folds files, all that is in them, into the histories of a run, and writes these. */
  private ReadFacts read(
      List<InputFile> files, LocalDate upTo, Optional<Fold.Stored> stored, String runId) {
    log.requireReadWhole(files);
    ReadFacts facts =
        write(spark, output, fold(files).state(log.judged(upTo, files), stored), runId);
    Map<String, Long> rows = new HashMap<>();
    facts.files().forEach((file, found) -> rows.put(file, found.rows()));
    log.requireRead(files, rows);
    return facts;
  }

  /** Writes the histories of a run. */
  static ReadFacts write(SparkSession spark, Output output, Dataset<Row> state, String runId) {
    state
        .write()
        .option("compression", "zstd")
        .mode(SaveMode.ErrorIfExists)
        .parquet(output.state(runId));
    return Fold.facts(spark.read().schema(Fold.STATE).parquet(output.state(runId)));
  }

  private StateManifest manifest(
      List<InputFile> files,
      Map<String, StateManifest.File> kept,
      ReadFacts facts,
      LocalDate upTo) {
    requireListed(facts);
    Map<String, Integer> schemas = new LinkedHashMap<>();
    List<StateManifest.File> described = new ArrayList<>();
    for (InputFile file : files) {
      StateManifest.File known = kept.get(file.uri());
      Integer schema =
          log.schemaOf(file)
              .map(text -> schemas.computeIfAbsent(text, unseen -> schemas.size()))
              .orElse(null);
      described.add(
          (known != null ? known : describe(file, facts.files().get(file.uri())))
              .withSchema(schema));
    }
    kept.values().stream()
        .filter(file -> !listed.contains(file.path()))
        .forEach(file -> described.add(file.withSchema(null)));
    return new StateManifest(
        StateManifest.FORMAT,
        ConfigHash.of(config),
        log.aliases().fingerprint(),
        StateManifest.clock(config.timezone().getRules(), described, upTo),
        upTo.toString(),
        described,
        List.copyOf(schemas.keySet()),
        log.types());
  }

  /** Spark lists the input for itself: a file that came since would be read, and not be known. */
  private void requireListed(ReadFacts facts) {
    facts.files().keySet().stream()
        .filter(file -> !listed.contains(file))
        .findFirst()
        .ifPresent(
            file -> {
              throw UserError.storage(
                  "%s was added to the input while this run began. Run again.".formatted(file),
                  null);
            });
  }

  private static StateManifest.File describe(InputFile file, ReadFacts.FileFacts found) {
    // A file without rows says nothing of itself.
    return found == null
        ? new StateManifest.File(
            file.uri(), file.size(), file.modified(), 0, Map.of(), List.of(), null)
        : new StateManifest.File(
            file.uri(),
            file.size(),
            file.modified(),
            found.rows(),
            rejected(found),
            DayRanges.format(found.days()),
            null);
  }

  private static Map<String, Long> rejected(ReadFacts.FileFacts found) {
    Map<String, Long> rejected = new TreeMap<>();
    for (Reason reason : Reason.values()) {
      if (reason.fate() == Fate.REJECTED && found.rows(reason) > 0) {
        rejected.put(reason.label(), found.rows(reason));
      }
    }
    return rejected;
  }
}
