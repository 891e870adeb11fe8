package io.tenure.jobs.bench;

import java.time.LocalDate;

/**
 * What decides every byte of a log.
 *
 * @param users how many people there are; lives stretch with the days, so that a log of more days
 *     has the same people, each with more days
 * @param days UTC days, the first of them 2020-01-01
 * @param countries values of the dimension of that name; 1: everybody has the same
 * @param heavyEvents events a day of one user who never rests; 0: there is no such user
 */
record LogSpec(long seed, long users, int days, int countries, long heavyEvents, Layout layout) {
  /** The people of a benchmark at scale 1. */
  static final long USERS = 500_000;

  private static final LocalDate FIRST = LocalDate.parse("2020-01-01");

  /** How the events lie in files. */
  enum Layout {
    /** A file a day, in a folder {@code dt=DAY}. */
    DAILY,
    /** {@link #FILES_A_DAY} files a day. */
    MANY_FILES,
    /** All events in one file. */
    ONE_FILE
  }

  /** A year of them is 17,000 files. */
  static final int FILES_A_DAY = 47;

  static LogSpec plain(long seed, long users, int days) {
    return new LogSpec(seed, users, days, 20, 0, Layout.DAILY);
  }

  LogSpec withCountries(int values) {
    return new LogSpec(seed, users, days, values, heavyEvents, layout);
  }

  LogSpec withHeavyUser(long eventsADay) {
    return new LogSpec(seed, users, days, countries, eventsADay, layout);
  }

  LogSpec withLayout(Layout other) {
    return new LogSpec(seed, users, days, countries, heavyEvents, other);
  }

  LocalDate day(int number) {
    return FIRST.plusDays(number);
  }

  /** The first day after the log. */
  LocalDate end() {
    return day(days);
  }

  /** The last day of the log. */
  LocalDate last() {
    return day(days - 1);
  }

  String folder(int day) {
    return "dt=" + day(day);
  }

  /** Equal for equal logs. */
  String name() {
    return "u%d-d%d-c%d-h%d-%s-s%d"
        .formatted(users, days, countries, heavyEvents, layout.name().toLowerCase(), seed);
  }
}
