package io.tenure.jobs.sample;

import io.tenure.common.UserError;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Locale;

/**
 * What a sample log holds. The same options give the same log, row for row.
 *
 * @param users people in the log, 1 to 100,000,000
 * @param days length of the log in UTC days, 1 to 3,660
 * @param seed any number; another seed gives other people
 * @param start first UTC day of the log, 1971-01-01 to 2100-12-31
 */
public record SampleOptions(long users, int days, long seed, LocalDate start)
    implements Serializable {
  private static final long MAX_USERS = 100_000_000;
  private static final int MAX_DAYS = 3_660;

  /** Later than the epoch, so that a broken time of 1970-01-01 is never a day of the log. */
  private static final LocalDate FIRST_START = LocalDate.of(1971, 1, 1);

  private static final LocalDate LAST_START = LocalDate.of(2100, 12, 31);

  /** 2,000 users over 365 days from 2025-01-01; after the limits, which it is checked against. */
  public static final SampleOptions DEFAULTS =
      new SampleOptions(2_000, 365, 1, LocalDate.of(2025, 1, 1));

  public SampleOptions {
    if (users < 1 || users > MAX_USERS) {
      throw invalid("users", users, "give --users a number from 1 to %,d", MAX_USERS);
    }
    if (days < 1 || days > MAX_DAYS) {
      throw invalid("days", days, "give --days a number from 1 to %,d", MAX_DAYS);
    }
    if (start == null || start.isBefore(FIRST_START) || start.isAfter(LAST_START)) {
      throw invalid("start", start, "give --start a day from %s to %s", FIRST_START, LAST_START);
    }
  }

  /** The first day after the log. */
  public LocalDate end() {
    return start.plusDays(days);
  }

  private static UserError invalid(String what, Object value, String remedy, Object... limits) {
    return UserError.usage(
        "Invalid sample "
            + what
            + ": "
            + value
            + "; "
            + String.format(Locale.ROOT, remedy, limits));
  }
}
