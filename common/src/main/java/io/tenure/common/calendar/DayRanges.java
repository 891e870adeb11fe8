package io.tenure.common.calendar;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/** Sets of epoch days, and how a person reads them: {@code 2024-03-01/2024-03-31}. */
public final class DayRanges {
  private DayRanges() {}

  /** The runs of consecutive days, each as {@code first/last}, both included, ascending. */
  public static List<String> format(RoaringBitmap days) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    int last = 0;
    boolean open = false;
    for (int day : ascending(days)) {
      if (open && day == last + 1) {
        last = day;
        continue;
      }
      if (open) {
        ranges.add(range(first, last));
      }
      first = day;
      last = day;
      open = true;
    }
    if (open) {
      ranges.add(range(first, last));
    }
    return ranges;
  }

  /** Reads what {@link #format} wrote. */
  public static RoaringBitmap parse(List<String> ranges) {
    RoaringBitmap days = new RoaringBitmap();
    for (String range : ranges) {
      String[] ends = range.split("/");
      LocalDate last = LocalDate.parse(ends[1]);
      for (LocalDate day = LocalDate.parse(ends[0]); !day.isAfter(last); day = day.plusDays(1)) {
        days.add((int) day.toEpochDay());
      }
    }
    return days;
  }

  /** The first day of what {@link #format} wrote; empty for no days. */
  public static Optional<LocalDate> first(List<String> ranges) {
    return ranges.stream().findFirst().map(range -> LocalDate.parse(range.split("/")[0]));
  }

  /** The last day, up to some day, of what {@link #format} wrote; empty if there is none. */
  public static Optional<LocalDate> last(List<String> ranges, LocalDate upTo) {
    return ranges.stream()
        .map(range -> range.split("/"))
        .filter(ends -> !LocalDate.parse(ends[0]).isAfter(upTo))
        .map(ends -> LocalDate.parse(ends[1]))
        .map(last -> last.isAfter(upTo) ? upTo : last)
        .max(Comparator.naturalOrder());
  }

  /**
   * Days that are not in a set, between days that are.
   *
   * @param first the first of them
   * @param last the last of them
   */
  public record Gap(LocalDate first, LocalDate last) {
    public long days() {
      return ChronoUnit.DAYS.between(first, last) + 1;
    }
  }

  /** The longest gap between days of a set up to some day, the earliest of equals. */
  public static Optional<Gap> longestGap(RoaringBitmap days, LocalDate upTo) {
    int[] sorted = ascending(days);
    Gap longest = null;
    for (int at = 1; at < sorted.length && sorted[at] <= upTo.toEpochDay(); at++) {
      int missing = sorted[at] - sorted[at - 1] - 1;
      if (missing > (longest == null ? 0 : longest.days())) {
        longest =
            new Gap(
                LocalDate.ofEpochDay(sorted[at - 1] + 1L), LocalDate.ofEpochDay(sorted[at] - 1L));
      }
    }
    return Optional.ofNullable(longest);
  }

  /** Those of days that are not later than one. */
  public static RoaringBitmap upTo(RoaringBitmap days, LocalDate last) {
    RoaringBitmap some = new RoaringBitmap();
    for (int day : days) {
      if (day <= last.toEpochDay()) {
        some.add(day);
      }
    }
    return some;
  }

  /** Bitmaps count their values as unsigned: days before 1970 would come last. */
  private static int[] ascending(RoaringBitmap days) {
    int[] sorted = days.toArray();
    java.util.Arrays.sort(sorted);
    return sorted;
  }

  private static String range(int first, int last) {
    return LocalDate.ofEpochDay(first) + "/" + LocalDate.ofEpochDay(last);
  }
}
