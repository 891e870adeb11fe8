package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.function.Consumer;

/**
 * How much of a habit the product is on the as-of day: the active days of each user in the last 28
 * and in the last 84 days. A user counts under the segment value as of the as-of day.
 */
public final class UsageHabit implements Metric {
  private static final long serialVersionUID = 1L;

  /** The days in which a habit is looked for. */
  static final int HABIT_DAYS = 28;

  /** The days in which use is called rare, and which a user must have lived for that. */
  static final int SPECTRUM_DAYS = 84;

  private static final int CORE = 21;
  private static final int REGULAR = 14;
  private static final int CASUAL = 7;

  /** Active days in {@link #SPECTRUM_DAYS} below which use is rarer than once in 28 days. */
  static final int MONTHLY = SPECTRUM_DAYS / HABIT_DAYS;

  // Where the sums stand.
  private static final int CORE_USERS = 0;
  private static final int REGULAR_USERS = 1;
  private static final int CASUAL_USERS = 2;
  private static final int INFREQUENT_USERS = 3;
  private static final int SPECTRUM_USERS = 4;
  private static final int BELOW_MONTHLY_USERS = 5;
  private static final int WIDTH = 6;

  private final int logStart;
  private final int asOf;
  private final int active;
  private final List<String> dimensions;

  public UsageHabit(Scope scope) {
    TenureConfig config = scope.config();
    this.logStart = scope.logStart();
    this.asOf = scope.asOf();
    this.active = config.activityIndex("active");
    this.dimensions = config.dimensions();
  }

  @Override
  public List<Contract> tables() {
    return List.of(UsageTables.HABIT);
  }

  @Override
  public void add(History history, Cells cells) {
    int[] days = history.days(active);
    if (days.length == 0) {
      return;
    }
    int habitDays = daysInLast(HABIT_DAYS, days);
    int spectrumDays = daysInLast(SPECTRUM_DAYS, days);
    boolean spectrum = days[0] <= firstDay(SPECTRUM_DAYS) && spectrumDays > 0;
    for (Cells.Segment segment : cells.segments(history, asOf, dimensions)) {
      // Fetched also for users long gone: a value that has users has a row, be it of zeros.
      long[] sums = segment.sums(UsageTables.HABIT.name(), 0, 0, WIDTH);
      if (habitDays > 0) {
        sums[habit(habitDays)]++;
      }
      if (spectrum) {
        sums[SPECTRUM_USERS]++;
        if (spectrumDays < MONTHLY) {
          sums[BELOW_MONTHLY_USERS]++;
        }
      }
    }
  }

  private static int habit(int activeDays) {
    if (activeDays >= CORE) {
      return CORE_USERS;
    }
    if (activeDays >= REGULAR) {
      return REGULAR_USERS;
    }
    return activeDays >= CASUAL ? CASUAL_USERS : INFREQUENT_USERS;
  }

  private int daysInLast(int window, int[] days) {
    return days.length - SortedDays.from(days, firstDay(window));
  }

  /** The first day of the window that ends with the as-of day. */
  private int firstDay(int window) {
    return asOf - window + 1;
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    long[] sums = cell.sums();
    boolean habitKnown = firstDay(HABIT_DAYS) >= logStart;
    boolean spectrumKnown = firstDay(SPECTRUM_DAYS) >= logStart;
    long habitUsers =
        sums[CORE_USERS] + sums[REGULAR_USERS] + sums[CASUAL_USERS] + sums[INFREQUENT_USERS];
    Proportion share =
        spectrumKnown
            ? Proportion.of(sums[BELOW_MONTHLY_USERS], sums[SPECTRUM_USERS])
            : Proportion.UNKNOWN;
    rows.accept(
        new Object[] {
          KnownDates.of(asOf),
          cell.dimension(),
          cell.value(),
          Segments.AS_OF,
          habitKnown ? habitUsers : null,
          habitKnown ? sums[CORE_USERS] : null,
          habitKnown ? sums[REGULAR_USERS] : null,
          habitKnown ? sums[CASUAL_USERS] : null,
          habitKnown ? sums[INFREQUENT_USERS] : null,
          habitKnown,
          spectrumKnown ? sums[SPECTRUM_USERS] : null,
          spectrumKnown ? sums[BELOW_MONTHLY_USERS] : null,
          share.rate(),
          share.low(),
          share.high(),
          // More than half, decided in whole numbers.
          share.rate() == null ? null : 2 * sums[BELOW_MONTHLY_USERS] > sums[SPECTRUM_USERS],
          spectrumKnown
        });
  }
}
