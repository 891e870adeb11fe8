package io.tenure.common.store;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An output that is one process's until it is closed, and what may be done to it by nobody else: to
 * make a run, to publish it or go back to another, to say who is left out. Each step that others
 * see asks first whether it is still held.
 */
public final class HeldOutput implements AutoCloseable {
  private final Output output;
  private final Lock lock;
  private final Storage storage;
  private final OutputPlaces places;
  private final OldRuns oldRuns;
  private final Consumer<Output.Step> before;

  HeldOutput(
      Output output,
      Lock lock,
      Storage storage,
      OutputPlaces places,
      OldRuns oldRuns,
      Consumer<Output.Step> before) {
    this.output = output;
    this.lock = lock;
    this.storage = storage;
    this.places = places;
    this.oldRuns = oldRuns;
    this.before = before;
  }

  /** To read. */
  public Output output() {
    return output;
  }

  /**
   * Stops a run that has lost its lock without knowing.
   *
   * @throws UserError of storage, if it is not held any more
   */
  public void requireHeld() {
    lock.requireHeld();
  }

  @Override
  public void close() {
    lock.close();
  }

  /** Clears away what crashed runs left. */
  void clear() {
    output.current().ifPresent(output::link);
    sweep();
    output.current().ifPresent(run -> CommittedFiles.sweep(storage, places.run(run.runId())));
    output.pending().ifPresent(run -> CommittedFiles.sweep(storage, places.run(run.runId())));
  }

  /**
   * Stops whoever is making a run, if another process has gone on with it.
   *
   * @throws UserError of storage, if the lock is lost, or the run is published already
   */
  public void requireInMaking(String runId) {
    requireHeld();
    if (output.isPublished(runId)) {
      throw UserError.storage(
          "Run %s is published already, by another process. Nothing of it was changed; run again."
              .formatted(runId),
          null);
    }
  }

  /** Removes what is written of protected copies in a run that is not published. */
  public void dropProtected(String runId) {
    requireInMaking(runId);
    storage.delete(places.protectedTable(runId, ""));
  }

  /** Removes what is written of a table in a run that is not published. */
  public void dropTable(String runId, String table) {
    requireInMaking(runId);
    storage.delete(places.table(runId, table));
  }

  /** Replaces the list of whom all runs leave out. */
  public void writeErasures(ErasureList list) {
    requireHeld();
    storage.replace(places.erasures(), list);
  }

  /** Remembers how far a run is, and keeps its directory until another one is pending. */
  public RunRecord pend(RunRecord record) {
    requireHeld();
    storage.replace(places.pending(), record);
    return record;
  }

  /** Gives up the run that is pending. */
  public void discardPending() {
    requireHeld();
    Optional<RunRecord> pending = output.pending();
    if (pending.isPresent()) {
      if (output.isFirstCutShort(pending.get())) {
        storage.delete(places.run(pending.get().runId()));
      }
      storage.delete(places.pending());
      sweep();
    }
  }

  /**
   * Commits a run whose tables and state are written, then drops other runs.
   *
   * @param kept the runs to keep beside it: see {@link Output#keptBeside}
   */
  public Pointer publish(RunRecord record, List<String> kept) {
    requireHeld();
    boolean isFirst = output.current().isEmpty();
    Optional<RunRecord> pending = output.pending();
    if (isFirst) {
      pend(record); // cut short from here, it is no published run whose pointer is lost
    }
    before.accept(Output.Step.WRITE_RECORD);
    CommittedFiles.sweep(storage, places.run(record.runId()));
    storage.write(places.record(record.runId()), record);
    storage.force(places.run(record.runId()));
    storage.forceNames(places.runs());
    List<String> runs = new ArrayList<>(kept);
    runs.add(record.runId());
    Pointer pointer = commit(Pointer.to(record, runs));
    if (isFirst) {
      pending.ifPresentOrElse(this::pend, () -> storage.delete(places.pending()));
    }
    return pointer;
  }

  /**
   * Makes the pointer anew, where it is lost: to one of the {@link Output#orphans}, and all are
   * kept.
   *
   * @throws UserError of usage, if people were erased whom the run does not leave out; of storage,
   *     if it is lost who they are
   */
  public Pointer restore(String runId) {
    output.requireAllErased();
    RunRecord record = output.record(runId);
    if (!Objects.equals(record.erased(), RunRecord.Erasures.of(output.erasures()))) {
      throw UserError.usage(
          "Cannot make run %s current: it does not leave out the users of %s. Choose another run, or restore %s."
              .formatted(runId, places.erasures(), places.pointer()));
    }
    return commit(Pointer.to(record, output.orphans()));
  }

  /**
   * Points back at a run that is kept. The others are kept, too, until later runs push them out:
   * the next run adds to the one pointed at.
   */
  public Pointer rollBack(String runId) {
    return commit(Pointer.to(output.record(runId), output.current().orElseThrow().runs()));
  }

  private Pointer commit(Pointer pointer) {
    before.accept(Output.Step.COMMIT);
    requireHeld();
    storage.replace(places.pointer(), pointer);
    before.accept(Output.Step.LINK);
    output.link(pointer);
    before.accept(Output.Step.PRUNE);
    sweep();
    return pointer;
  }

  private void sweep() {
    requireHeld();
    oldRuns.sweep(output.current(), output.pending());
  }
}
