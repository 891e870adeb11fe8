package io.tenure.jobs.command;

import io.tenure.common.calendar.DayRanges;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.publish.Restatements;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Why a run says otherwise than the one before it, in the words of the table of restatements. What
 * changed is known of a run, not of a cell: one late event moves cells of many days.
 */
final class Cause {
  private Cause() {}

  /**
   * @param oldFiles what the run before was made of
   */
  static String of(
      RunRecord before, StateManifest oldFiles, RunRecord run, StateManifest newFiles) {
    if (oldFiles.format() == newFiles.format() && !before.configHash().equals(run.configHash())) {
      return "changed_definition";
    }
    LocalDate known = earlier(LocalDate.parse(before.asOf()), LocalDate.parse(run.asOf()));
    Map<String, StateManifest.File> old = oldFiles.byPath();
    boolean late = false;
    boolean rewritten = false;
    for (StateManifest.File file : newFiles.files()) {
      StateManifest.File same = old.remove(file.path());
      if (same == null) {
        late |= reaches(file, known);
      } else if (!same.isSameAs(file.size(), file.modified())) {
        rewritten |= reaches(same, known) || reaches(file, known);
      }
    }
    for (StateManifest.File gone : old.values()) {
      rewritten |= reaches(gone, known);
    }
    // With folders by day a run opens those up to its as-of day: others need not have come or gone.
    boolean changed = !Objects.equals(before.input(), run.input());
    List<String> causes = new ArrayList<>();
    if (!Objects.equals(fingerprint(before), fingerprint(run))) {
      causes.add("changed_identities");
    }
    if (!Objects.equals(before.erased(), run.erased())) {
      causes.add(Restatements.ERASED_USERS);
    }
    if (changed && late) {
      causes.add("late_data");
    }
    if (changed && rewritten) {
      causes.add("rewritten_input");
    }
    if (!causes.isEmpty()) {
      return String.join("_and_", causes);
    }
    if (!before.versions().equals(run.versions())) {
      return "changed_version";
    }
    return before.asOf().equals(run.asOf()) ? "unknown" : "other_as_of";
  }

  private static String fingerprint(RunRecord run) {
    return run.identities() == null ? null : run.identities().fingerprint();
  }

  private static LocalDate earlier(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }

  /** Whether a file holds days that both runs cover; one of later days only is no cause. */
  private static boolean reaches(StateManifest.File file, LocalDate known) {
    return DayRanges.first(file.days()).filter(day -> !day.isAfter(known)).isPresent();
  }
}
