package io.tenure.jobs.command;

import io.tenure.common.store.Pointer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What erasing people changed.
 *
 * @param asked how many ids were asked for
 * @param unknown the ids of which the current run knew nothing
 * @param days active days of users that were taken out, summed over the users
 * @param rejectedRows rejected rows that were taken out
 * @param removedRuns runs that held one of them, and are gone
 * @param restated rows with a final number that changed, by table
 * @param pointer to the new run; empty if nothing was ever published
 */
record Forgotten(
    int asked,
    SortedSet<String> unknown,
    long days,
    long rejectedRows,
    List<String> removedRuns,
    Map<String, Long> restated,
    Optional<Pointer> pointer) {
  int found() {
    return asked - unknown.size();
  }
}
