package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tenure.common.UserError;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * The directory that runs are published in, and its layout.
 *
 * <pre>
 *   runs/&lt;run-id&gt;/&lt;table&gt;/part-*.parquet   immutable once committed
 *   runs/&lt;run-id&gt;/_state/                   the histories, what they were made of, sums to go on from
 *   runs/&lt;run-id&gt;/protected/&lt;table&gt;/     copies for outside, where small numbers are hidden
 *   runs/&lt;run-id&gt;/run.json
 *   runs/&lt;run-id&gt;/report.html              the page people look at
 *   _current.json                           which run readers see: replacing it commits a run
 *   _pending.json                           the run that separate tasks are making, if any
 *   _erased.json                            whom all runs leave out, if anybody
 *   current -&gt; runs/&lt;run-id&gt;                on local file systems, for readers without JSON
 * </pre>
 *
 * <p>A run is written beside the committed ones and seen by nobody until the pointer names it, so a
 * crash at any moment leaves what was there before. What changes what others see is done by the one
 * who holds the output: {@link HeldOutput}.
 */
public final class Output {
  /** The moments of publishing, each observable before it happens. */
  public enum Step {
    WRITE_RECORD,
    COMMIT,
    LINK,
    PRUNE
  }

  private final Path root;
  private final OutputPlaces places;
  private final Storage storage;
  private final OldRuns oldRuns;
  private final Consumer<Step> before;

  /** Whether the local file system has been found to know no links. */
  private boolean lacksLinks;

  private Output(Path root, Storage storage, Consumer<Step> before) {
    this.root = root;
    this.places = new OutputPlaces(root);
    this.storage = storage;
    this.oldRuns = new OldRuns(storage, places);
    this.before = before;
  }

  public static Output open(String path, Configuration hadoop) {
    return open(path, hadoop, step -> {});
  }

  /**
   * @param before told of each step of publishing just before it; what it throws stops publishing
   */
  public static Output open(String path, Configuration hadoop, Consumer<Step> before) {
    try {
      Storage storage = Storage.of(new Path(path), hadoop);
      Path root = storage.qualified(new Path(path));
      requireNoGlob(root.toString());
      if (storage.isFile(root)) {
        throw UserError.usage(
            "Cannot use output '%s': it is a file. Name a folder, or one that is not there yet."
                .formatted(path));
      }
      return new Output(root, storage, before);
    } catch (UnsupportedFileSystemException | IllegalArgumentException e) {
      throw UserError.usage(
          "Cannot use output '%s': %s. Correct the path; file systems other than local disks, HDFS and S3A need their jars on the class path."
              .formatted(path, e.getMessage()));
    } catch (IOException e) {
      throw StorageFailure.of("open", path, e);
    }
  }

  private static void requireNoGlob(String path) {
    if (Globs.isGlob(path)) {
      throw UserError.usage(
          "Cannot use output '%s': Spark reads a path with any of { } [ ] * ? \\ as a pattern. Choose one without."
              .formatted(path));
    }
  }

  public String path() {
    return root.toString();
  }

  public String run(String runId) {
    return places.run(runId).toString();
  }

  public String table(String runId, String table) {
    return places.table(runId, table).toString();
  }

  /** Whether a table of a run is there. */
  public boolean hasTable(String runId, String table) {
    return storage.exists(places.table(runId, table));
  }

  /** Where the protected copy of a table is. */
  public String protectedTable(String runId, String table) {
    return places.protectedTable(runId, table).toString();
  }

  /** Where a table is that people outside may see: the protected copy, if the run has one. */
  public String outsideTable(String runId, String table) {
    return protection(runId).isPresent() ? protectedTable(runId, table) : table(runId, table);
  }

  /** Says that the protected copies of a run are whole. */
  public void writeProtection(String runId, ProtectionRecord protection) {
    storage.write(places.protection(runId), protection);
  }

  /** How the copies of a run are protected; empty: it has none, and its own tables go outside. */
  public Optional<ProtectionRecord> protection(String runId) {
    return storage.exists(places.protection(runId))
        ? Optional.of(storage.read(places.protection(runId), ProtectionRecord.class))
        : Optional.empty();
  }

  /** Where the histories of a run are. */
  public String state(String runId) {
    return places.state(runId).toString();
  }

  /** A file of the histories of a run that is gone; empty if they are whole. */
  public Optional<String> lostState(String runId) {
    return CommittedFiles.lost(storage, places.state(runId));
  }

  /** Writes what a later run may go on from instead of adding up all histories. */
  public void writeCells(String runId, byte[] cells) {
    storage.write(places.cells(runId), cells);
  }

  /** What was written of it; empty if the run kept none, or is not there. */
  public Optional<byte[]> cells(String runId) {
    return storage.find(places.cells(runId));
  }

  /** Writes what the histories of a run were made of. */
  public void writeManifest(String runId, StateManifest manifest) {
    storage.write(places.manifest(runId), manifest);
  }

  /** What the histories of a run were made of; empty if the run kept none. */
  public Optional<StateManifest> manifest(String runId) {
    return storage.exists(places.manifest(runId))
        ? Optional.of(storage.read(places.manifest(runId), StateManifest.class))
        : Optional.empty();
  }

  /** Writes the page of a run, or replaces it: a reader sees the old one or the new one, whole. */
  public void writePage(String runId, byte[] html) {
    storage.replace(places.page(runId), ".new", html);
  }

  /** Where people and BI tools find the tables of the current run. */
  public String readersPath(Pointer pointer) {
    return hasLink() && CurrentLink.isThere(localRoot())
        ? new Path(root, "current").toUri().getPath()
        : run(pointer.runId());
  }

  /** The pointer; empty if nothing was ever published here. */
  public Optional<Pointer> current() {
    return find(
        places.pointer(),
        Pointer.class,
        "pointer",
        "Restore it, or begin anew: remove it and the folder runs.");
  }

  private <T> Optional<T> find(Path file, Class<T> type, String what, String remedy) {
    try {
      return storage.find(file, type);
    } catch (JsonProcessingException e) {
      throw UserError.storage(
          "Cannot read %s: it is no %s of Tenure (%s). %s"
              .formatted(file, what, e.getOriginalMessage(), remedy),
          e);
    }
  }

  /** Whom all runs leave out. */
  public ErasureList erasures() {
    Optional<ErasureList> list =
        find(places.erasures(), ErasureList.class, "list", "Restore it: all runs go by it.");
    list.ifPresent(found -> found.requireKnownFormat(places.erasures().toString()));
    return list.orElse(ErasureList.NONE);
  }

  /**
   * Whether published runs may still hold users who are on that list: an erasure was cut short
   * after it wrote the list, and no run was published since. Publishing a run drops those that hold
   * any.
   */
  public boolean owesErasure() {
    RunRecord.Erasures now = RunRecord.Erasures.of(erasures());
    List<String> runs = current().map(Pointer::runs).orElse(List.of());
    return now != null
        && !runs.isEmpty()
        && runs.stream()
            .noneMatch(run -> usableRecord(run).filter(r -> now.equals(r.erased())).isPresent());
  }

  /**
   * Stops where the list of whom to leave out is lost, or a part of it: any run that is kept says
   * how long it was, and these people would be counted again.
   *
   * @throws UserError of storage
   */
  public void requireAllErased() {
    int known = erasures().users().size();
    List<String> runs = current().map(Pointer::runs).orElseGet(this::orphans);
    for (String run : runs) {
      int left = usableRecord(run).map(RunRecord::erased).map(RunRecord.Erasures::users).orElse(0);
      if (left > known) {
        throw UserError.storage(
            "Run %s left out %d erased users, and the list in %s has %d: they would be counted again. Restore _erased.json there from a backup."
                .formatted(run, left, path(), known),
            null);
      }
    }
  }

  /** The record of a committed run; empty if it is gone, or damaged. */
  public Optional<RunRecord> usableRecord(String runId) {
    return storage.findUsable(places.record(runId), RunRecord.class);
  }

  /** What the histories of a run were made of; empty if that is not known, or damaged. */
  public Optional<StateManifest> usableManifest(String runId) {
    return storage.findUsable(places.manifest(runId), StateManifest.class);
  }

  /** The published runs that have no record any more, as if their folders were removed by hand. */
  public List<String> lostRuns() {
    return current().map(Pointer::runs).orElse(List.of()).stream()
        .filter(run -> usableRecord(run).isEmpty())
        .toList();
  }

  /** The record of a committed run. */
  public RunRecord record(String runId) {
    return storage.read(places.record(runId), RunRecord.class);
  }

  /**
   * Takes the output for one run and clears away what crashed runs left.
   *
   * @param owner who takes it and since when, for whoever finds it taken
   * @param clock by which a lock is left behind, where the file system has none of its own
   * @throws UserError of storage, if another run holds it
   */
  public HeldOutput lock(String owner, InstantSource clock) {
    HeldOutput held = lockToRestore(owner, clock);
    try {
      held.clear();
      return held;
    } catch (RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /** Takes the output as it is: whatever is there, stays. */
  public HeldOutput lockToRestore(String owner, InstantSource clock) {
    return new HeldOutput(
        this,
        isLocal()
            ? RunLock.take(localRoot(), owner)
            : LeaseLock.take(storage, places.lock(), owner, clock, LeaseLock.SETTLES_IN),
        storage,
        places,
        oldRuns,
        before);
  }

  /**
   * Requires that there is a pointer, if there are runs.
   *
   * @throws UserError of storage, if it is lost
   */
  public void requirePointer() {
    List<String> orphans = orphans();
    if (!orphans.isEmpty()) {
      throw UserError.storage(
          "Cannot list the runs in %s: _current.json, the pointer to them, is not there. Restore it, or `rollback --to` one of %s, which makes it anew."
              .formatted(path(), String.join(", ", orphans)),
          null);
    }
  }

  /**
   * The runs that are there though the pointer to them is lost; none where there is a pointer. A
   * first run that was cut short before there was one is none of them.
   */
  public List<String> orphans() {
    if (current().isPresent()) {
      return List.of();
    }
    List<String> runs = new ArrayList<>(oldRuns.recorded());
    pending().filter(this::isFirstCutShort).ifPresent(run -> runs.remove(run.runId()));
    return runs;
  }

  /** A run id that is not taken: the one proposed, or with a number behind it. */
  public String freeRunId(String proposed) {
    String id = proposed;
    for (int next = 2; storage.exists(places.run(id)); next++) {
      id = proposed + "-" + next;
    }
    return id;
  }

  /** The run that separate tasks are making; it may be published already. */
  public Optional<RunRecord> pending() {
    return find(places.pending(), RunRecord.class, "record", "Remove it, and ingest again.");
  }

  /** Whether publishing the first run ended between its record and the pointer. */
  boolean isFirstCutShort(RunRecord pending) {
    return current().isEmpty() && pending.status().equals(RunRecord.COMPLETE);
  }

  /** Whether the pointer lists a run. */
  public boolean isPublished(String runId) {
    return current().filter(pointer -> pointer.runs().contains(runId)).isPresent();
  }

  /**
   * The published runs that stay when one more is published, in the order they were: see {@link
   * OldRuns#kept}.
   *
   * @param next the new run
   * @param keepRuns how many may stay, the new one included
   * @param dropped runs that must not
   */
  public List<String> keptBeside(RunRecord next, int keepRuns, Set<String> dropped) {
    List<String> runs = new ArrayList<>(current().map(Pointer::runs).orElse(List.of()));
    runs.removeAll(dropped);
    return OldRuns.kept(runs, this::usableRecord, next, keepRuns);
  }

  /**
   * Requires that nothing is left of runs that are not kept.
   *
   * @throws UserError of storage
   */
  public void requireSwept() {
    oldRuns.requireSwept();
  }

  /** Whether a run that is not kept could not be removed. */
  public boolean isLeft(String runId) {
    return oldRuns.isLeft(runId);
  }

  /** What went wrong beside the commit of a run, and may stay so for a while. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>(oldRuns.warnings());
    if (isLocal() && CurrentLink.isTaken(localRoot())) {
      warnings.add(
          "%s/current is no link, so it cannot be made to show the current run. Rename or remove it; what readers see is %s."
              .formatted(localRoot(), places.pointer()));
    }
    if (lacksLinks) {
      warnings.add(
          "%s/current cannot be made: there are no links on this file system. Which run is current, %s says."
              .formatted(localRoot(), places.pointer()));
    }
    return warnings;
  }

  /** Has readers without JSON see what the pointer says. */
  void link(Pointer pointer) {
    if (hasLink()) {
      lacksLinks = !CurrentLink.point(localRoot(), pointer.runId());
    }
  }

  /** A directory of that name, as copies without links have it, is not ours to remove. */
  private boolean hasLink() {
    return isLocal() && !lacksLinks && !CurrentLink.isTaken(localRoot());
  }

  private boolean isLocal() {
    return Storage.isLocal(root);
  }

  private java.nio.file.Path localRoot() {
    return Storage.local(root);
  }
}
