package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.calendar.DayRanges;
import io.tenure.common.store.StateManifest;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/**
 * Rows that an earlier run knew and that are gone from the input. Files that were joined or split
 * have lost nothing; nor has what a run as of an earlier day does not open.
 *
 * @param runId the earlier run
 * @param asOf the last day that it and this run both speak of
 * @param before rows that it knew up to that day
 * @param now of these, rows that are there, or others for the days of those that are not: a file
 *     says how many rows it holds and which days, so that what makes up for what is a share of it
 * @param days ranges {@code first/last} up to that day, of files that are gone, and of no file that
 *     came
 */
record Loss(String runId, LocalDate asOf, long before, long now, List<String> days) {
  /** As much goes when duplicates or robots are cleaned away. */
  private static final double SMALL = 0.01;

  /** Of fewer rows a share says nothing: somebody is trying things out. */
  private static final long FEW = 1_000;

  private static final int NO_DAY = Integer.MIN_VALUE;

  /** Ranges of days that a warning names. */
  private static final int TOLD = 5;

  /** What has gone since an earlier run; empty if nothing has. */
  static Optional<Loss> since(
      String runId, StateManifest before, StateManifest now, LocalDate asOf, LocalDate earliest) {
    if (LocalDate.parse(now.asOf()).isBefore(LocalDate.parse(before.asOf()))) {
      return Optional.empty();
    }
    LocalDate known = LocalDate.parse(before.asOf());
    LocalDate both = known.isBefore(asOf) ? known : asOf;
    long rows = LogTotals.of(before, both).rows();
    Loss loss =
        new Loss(
            runId, both, rows, rows - lost(before, now, both, earliest), days(before, now, both));
    return loss.before > loss.now || !loss.days.isEmpty() ? Optional.of(loss) : Optional.empty();
  }

  /**
   * Rows of files that are gone, and by which files have shrunk, less those that have come for the
   * same days: what arrives for other days makes up for nothing.
   */
  private static long lost(
      StateManifest before, StateManifest now, LocalDate asOf, LocalDate earliest) {
    Map<String, StateManifest.File> known = before.byPath();
    Map<String, StateManifest.File> there = now.byPath();
    long rows = 0;
    RoaringBitmap days = new RoaringBitmap();
    for (StateManifest.File file : before.files()) {
      StateManifest.File later = there.get(file.path());
      long fewer = file.rows() - (later == null ? 0 : later.rows());
      if (file.concerns(asOf) && fewer > 0) {
        rows += fewer;
        days.or(days(file, earliest));
      }
    }
    double come = 0;
    for (StateManifest.File file : now.files()) {
      StateManifest.File earlier = known.get(file.path());
      long more = file.rows() - (earlier == null ? 0 : earlier.rows());
      RoaringBitmap its = days(file, earliest);
      if (earlier != null) {
        // By days that are new in it, it has grown of these.
        RoaringBitmap fresh = RoaringBitmap.andNot(its, days(earlier, earliest));
        its = fresh.isEmpty() ? its : fresh;
      }
      if (more > 0) {
        come += (double) more * RoaringBitmap.andCardinality(days, its) / its.getCardinality();
      }
    }
    return Math.max(0, rows - Math.round(come));
  }

  /** The days of the rows of a file that tell a plausible one; of a file without, a day of none. */
  private static RoaringBitmap days(StateManifest.File file, LocalDate earliest) {
    RoaringBitmap days = DayRanges.parse(file.days());
    // Days before 1970 are below 0, which a bitmap takes for the greatest numbers.
    long first = earliest.toEpochDay();
    days.remove(1L << 31, first < 0 ? first + (1L << 32) : 1L << 32);
    days.remove(0L, Math.max(0, first));
    if (days.isEmpty()) {
      days.add(NO_DAY);
    }
    return days;
  }

  private static List<String> days(StateManifest before, StateManifest now, LocalDate asOf) {
    Map<String, StateManifest.File> known = before.byPath();
    Set<String> there = now.byPath().keySet();
    RoaringBitmap gone = new RoaringBitmap();
    before.files().stream()
        .filter(file -> !there.contains(file.path()))
        .forEach(file -> gone.or(DayRanges.parse(file.days())));
    now.files().stream()
        .filter(file -> !file.equals(known.get(file.path())))
        .forEach(file -> gone.andNot(DayRanges.parse(file.days())));
    return DayRanges.format(DayRanges.upTo(gone, asOf));
  }

  /** Whether the log was so small that any share may go. */
  boolean isSmall() {
    return before < FEW;
  }

  /** Rows that are gone over the rows known before, 0 to 1. */
  double ratio() {
    return before <= now ? 0 : (double) (before - now) / before;
  }

  private String words() {
    return String.format(
        Locale.ROOT,
        "%,d of the %,d rows that run %s knew up to %s are gone from the input (%.1f %%)",
        before - now,
        before,
        runId,
        asOf,
        100 * ratio());
  }

  /** What whoever reads the numbers should know; empty if it is little. */
  Optional<String> warning() {
    if (ratio() > SMALL) {
      return Optional.of(words() + ofDays() + ": the numbers are as if they had never been.");
    }
    return days.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "files that run %s knew are gone from the input%s, and none came for these days: the numbers are as if what they held had never been."
                .formatted(runId, ofDays()));
  }

  private static String shown(String range) {
    String[] ends = range.split("/");
    return ends[0].equals(ends[1]) ? ends[0] : ends[0] + " to " + ends[1];
  }

  private String ofDays() {
    return days.isEmpty()
        ? ""
        : ", with rows of "
            + days.stream().limit(TOLD).map(Loss::shown).collect(Collectors.joining(", "))
            + (days.size() > TOLD ? ", …" : "");
  }

  /**
   * Stops a run whose input has lost too much, unless the log was small.
   *
   * @param limit the largest share tolerated, 0 to 1
   */
  void requireAtMost(double limit) {
    if (!isSmall() && LogTotals.isMoreThan(limit, before - now, before)) {
      throw UserError.quality(
          words()
              + "; quality.max-lost-ratio is "
              + limit
              + "."
              + System.lineSeparator()
              + "Nothing was published. Restore the files, or correct input.path. If they are gone"
              + " for good, and what they said is to be forgotten, add --set"
              + " quality.max-lost-ratio=1 to one run.");
    }
  }
}
