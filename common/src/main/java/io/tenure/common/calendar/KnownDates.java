package io.tenure.common.calendar;

import java.time.LocalDate;

/**
 * Dates by epoch day, each made once: rows of tables repeat the same few thousand, and making one
 * takes longer than finding it. Days outside of 1970 to 2100 are made anew.
 */
public final class KnownDates {
  /** As many as there are days; filled as they are asked for, by any thread, always the same. */
  private static final LocalDate[] DATES =
      new LocalDate[(int) LocalDate.of(2101, 1, 1).toEpochDay()];

  private KnownDates() {}

  /** The date of an epoch day. */
  public static LocalDate of(int day) {
    if (day < 0 || day >= DATES.length) {
      return LocalDate.ofEpochDay(day);
    }
    LocalDate date = DATES[day];
    if (date == null) {
      date = LocalDate.ofEpochDay(day);
      DATES[day] = date;
    }
    return date;
  }
}
