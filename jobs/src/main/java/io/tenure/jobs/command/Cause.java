package io.tenure.jobs.command;

import io.tenure.common.calendar.DayRanges;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why a run says otherwise than the one before it, in the words of the table of restatements. What
 * changed is known of a run, not of a cell: one late event moves cells of many days.
 */
final class Cause {
  private Cause() {}

  /**
   * @param known the last day that both runs cover; files of later days only are no cause
   */
  static String of(
      RunRecord before,
      Optional<StateManifest> oldFiles,
      String configHash,
      StateManifest newFiles,
      Map<String, String> versions,
      LocalDate known) {
    if (!before.configHash().equals(configHash)) {
      return "changed_definition";
    }
    Map<String, StateManifest.File> old = new HashMap<>();
    oldFiles.ifPresent(manifest -> manifest.files().forEach(file -> old.put(file.path(), file)));
    boolean late = false;
    boolean rewritten = false;
    for (StateManifest.File file : newFiles.files()) {
      StateManifest.File same = old.remove(file.path());
      if (same == null) {
        late |= reaches(file, known);
      } else if (same.size() != file.size() || same.modified() != file.modified()) {
        rewritten |= reaches(same, known) || reaches(file, known);
      }
    }
    for (StateManifest.File gone : old.values()) {
      rewritten |= reaches(gone, known);
    }
    if (late || rewritten) {
      return (late ? "late_data" : "")
          + (late && rewritten ? "_and_" : "")
          + (rewritten ? "rewritten_input" : "");
    }
    return before.versions().equals(versions) ? "unknown" : "changed_version";
  }

  private static boolean reaches(StateManifest.File file, LocalDate known) {
    return DayRanges.first(file.days()).filter(day -> !day.isAfter(known)).isPresent();
  }
}
