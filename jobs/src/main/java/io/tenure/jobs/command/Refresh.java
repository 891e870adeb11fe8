package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.calendar.DayRanges;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.roaringbitmap.RoaringBitmap;

/**
 * What an incremental run has to read: the days that new, changed and deleted files touch, and
 * every file that holds one of these days.
 *
 * <p>A day is always recomputed whole, from all files that hold events of it, and then replaces
 * what was stored of it. So the order in which files come, and how often, makes no difference.
 *
 * @param opened the files to read, in the order of the listing
 * @param kept what is known of the files that are unchanged, whether they are opened or not, and of
 *     those that are gone and stay counted
 * @param gone how many of these are gone
 * @param fresh the files that are new or changed
 * @param changed how many of them were known as they were before
 * @param deleted the number of known files that are no longer there
 * @param recomputed the local days, epoch days, to fold anew
 * @param late local days of fresh files that stay as they are because other files of them are gone
 * @param uncounted local days of files that are gone and stay counted, which the stored histories
 *     do not hold yet, and no fresh file does
 */
record Refresh(
    List<InputFile> opened,
    Map<String, StateManifest.File> kept,
    int gone,
    List<InputFile> fresh,
    long changed,
    long deleted,
    RoaringBitmap recomputed,
    RoaringBitmap late,
    RoaringBitmap uncounted) {

  /**
   * @param manifest what the stored histories were made of
   * @param gone files of it that are no longer there, and whose days stay as they were read
   * @param files the files that a full run would read
   * @param asOf the day up to which the histories shall hold every event
   * @param survey finds out which days some files hold
   */
  static Refresh of(
      StateManifest manifest,
      List<StateManifest.File> gone,
      List<InputFile> files,
      LocalDate asOf,
      Function<List<InputFile>, ReadFacts> survey) {
    Map<String, StateManifest.File> known = manifest.byPath();
    Map<String, StateManifest.File> kept = new LinkedHashMap<>();
    List<InputFile> fresh = new ArrayList<>();
    for (InputFile file : files) {
      StateManifest.File before = known.get(file.uri());
      if (before != null && before.isSameAs(file.size(), file.modified())) {
        kept.put(before.path(), before);
      } else {
        fresh.add(file);
      }
    }
    gone.forEach(file -> kept.put(file.path(), file));
    RoaringBitmap days = new RoaringBitmap();
    RoaringBitmap come = new RoaringBitmap();
    long changed = fresh.stream().filter(file -> known.containsKey(file.uri())).count();
    long deleted = manifest.files().size() - kept.size() - changed;
    for (StateManifest.File before : manifest.files()) {
      if (!kept.containsKey(before.path())) {
        days.or(DayRanges.parse(before.days()));
      }
    }
    if (!fresh.isEmpty()) {
      survey.apply(fresh).files().values().forEach(file -> come.or(file.days()));
      days.or(come);
    }
    // Days that the stored histories left out because they were not yet over.
    LocalDate storedUpTo = LocalDate.parse(manifest.asOf());
    for (LocalDate day = storedUpTo.plusDays(1); !day.isAfter(asOf); day = day.plusDays(1)) {
      days.add((int) day.toEpochDay());
    }
    RoaringBitmap settled = new RoaringBitmap();
    RoaringBitmap uncounted = new RoaringBitmap();
    for (int day : StateManifest.days(gone).toArray()) {
      if (day <= storedUpTo.toEpochDay()) {
        settled.add(day); // cannot be read whole any more
      } else if (day <= asOf.toEpochDay()) {
        uncounted.add(day);
      }
    }
    // A tool that moves or joins files has the events in others.
    uncounted.andNot(come);
    days.andNot(settled);
    come.and(settled);
    List<InputFile> opened =
        files.stream().filter(file -> holdsAny(kept.get(file.uri()), days)).toList();
    return new Refresh(opened, kept, gone.size(), fresh, changed, deleted, days, come, uncounted);
  }

  /**
   * Refuses to make days of which events are gone that nobody has counted.
   *
   * @param run whose histories are gone on from
   * @throws UserError of usage
   */
  void requireCounted(String run, String asOf) {
    if (!uncounted.isEmpty()) {
      throw UserError.usage(
          "Files are gone that held %s, and run %s, which this one would go on from, counted no day after %s: these days would be without their events. Restore the files; or `rollback` to a run that counted them; or, to go on without them, put files without rows in their places."
              .formatted(String.join(", ", DayRanges.format(uncounted)), run, asOf));
    }
  }

  /** That events were left out because their days are settled. */
  Optional<String> warning() {
    return late.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "new or changed files hold events of days whose files are gone (%s): these days stay as they were read, and what has come is left out (input.deleted-files: kept)."
                .formatted(String.join(", ", DayRanges.format(late))));
  }

  private static boolean holdsAny(StateManifest.File known, RoaringBitmap days) {
    return known == null || RoaringBitmap.intersects(DayRanges.parse(known.days()), days);
  }

  /** In words, for the person who watches. */
  String describe(int allFiles) {
    return "%d files new, %d changed, %d deleted%s; %d days to make anew, from %d of %d files"
        .formatted(
            fresh.size() - changed,
            changed,
            deleted,
            gone == 0 ? "" : ", " + gone + " gone and kept",
            recomputed.getCardinality(),
            opened.size(),
            allFiles);
  }

  /** The day up to which histories must reach: never less than what is stored. */
  static LocalDate horizon(Optional<StateManifest> manifest, LocalDate asOf) {
    return manifest
        .map(stored -> LocalDate.parse(stored.asOf()))
        .filter(stored -> stored.isAfter(asOf))
        .orElse(asOf);
  }
}
