package io.tenure.common.store;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The directories of runs that nobody keeps any more, and what hinders their removal. */
final class OldRuns {
  private final Storage storage;
  private final OutputPlaces places;

  /** By directory, why a run that is not kept is still there. */
  private final Map<String, UserError> left = new TreeMap<>();

  OldRuns(Storage storage, OutputPlaces places) {
    this.storage = storage;
    this.places = places;
  }

  /**
   * The runs that stay beside a new one. The first to go are those that a later run only repeats,
   * so that a scheduler that tries again and again does not push out what one may want to go back
   * to; then the oldest.
   *
   * @param runs in the order they were published
   * @param records the record of a run, if it has one
   * @param most how many may stay, the new one included
   */
  static List<String> kept(
      List<String> runs, Function<String, Optional<RunRecord>> records, RunRecord next, int most) {
    int excess = runs.size() + 1 - most;
    if (excess <= 0) {
      return List.copyOf(runs);
    }
    List<RunRecord> known =
        Stream.concat(runs.stream().flatMap(run -> records.apply(run).stream()), Stream.of(next))
            .toList();
    Set<String> leaving =
        known.stream()
            .filter(run -> known.stream().anyMatch(later -> later.repeats(run)))
            .map(RunRecord::runId)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    leaving.addAll(runs);
    List<String> kept = new ArrayList<>(runs);
    kept.removeAll(leaving.stream().limit(excess).toList());
    return List.copyOf(kept);
  }

  /**
   * Removes the directories of runs that are neither published nor pending. What else somebody
   * keeps there, stays.
   */
  void sweep(Optional<Pointer> pointer, Optional<RunRecord> pending) {
    left.clear();
    Set<String> kept = new HashSet<>(pointer.map(Pointer::runs).orElse(List.of()));
    pending.ifPresent(run -> kept.add(run.runId()));
    for (FileStatus run : storage.list(places.runs())) {
      String runId = run.getPath().getName();
      if (OutputPlaces.isRun(runId) && !kept.contains(runId)) {
        if (pointer.isEmpty()) {
          requireUnpublished(runId);
        }
        remove(run.getPath());
      }
    }
  }

  /** Readers are not kept from a run by an old one that stays: the next lock tries again. */
  private void remove(Path run) {
    try {
      storage.delete(run);
    } catch (UserError e) {
      left.put(run.getName(), e);
    }
  }

  /** The runs that have a record, in the order of their ids; those that were published are here. */
  List<String> recorded() {
    return Arrays.stream(storage.list(places.runs()))
        .map(run -> run.getPath().getName())
        .filter(run -> OutputPlaces.isRun(run) && storage.exists(places.record(run)))
        .sorted()
        .toList();
  }

  /** Without a pointer, a run that has a record is one that was published. */
  private void requireUnpublished(String runId) {
    if (storage.exists(places.record(runId))) {
      throw UserError.storage(
          "Cannot use output %s: %s is not there, and run %s was published. Restore %s, or `rollback --to` a run, which makes it anew; or begin anew: remove %s."
              .formatted(
                  places.runs().getParent(),
                  places.pointer(),
                  runId,
                  places.pointer().getName(),
                  places.runs()),
          null);
    }
  }

  /** See {@link Output#requireSwept}. */
  void requireSwept() {
    for (UserError why : left.values()) {
      throw why;
    }
  }

  /** See {@link Output#isLeft}. */
  boolean isLeft(String runId) {
    return left.containsKey(runId);
  }

  /** Why runs are still there. */
  List<String> warnings() {
    return left.values().stream().map(UserError::getMessage).toList();
  }
}
