package io.tenure.jobs.metric;

/**
 * What the active days of one user say, looked back at from one day after another: only days before
 * that day are known.
 *
 * <p>Gaps are the days from one active day to the next: 1 for neighbours. Their percentiles are
 * interpolated between the two gaps beside them, as R, NumPy and SQL's PERCENTILE_CONT do by
 * default: type 7 of R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The
 * American Statistician 50, 361-365.
 */
final class LookBack {
  private static final int TENTHS = 10;
  private static final int[] NO_GAPS = {};

  private final int[] days;

  /** How many known gaps there are of each length. */
  private final int[] gaps;

  private int now;
  private int known;

  // The first known day that lies in the trailing window.
  private int from28;
  private int from56;
  private int from84;

  /**
   * @param days active days, ascending
   */
  LookBack(int[] days) {
    this.days = days;
    int longest = 0;
    for (int at = 1; at < days.length; at++) {
      longest = Math.max(longest, days[at] - days[at - 1]);
    }
    this.gaps = longest == 0 ? NO_GAPS : new int[longest + 1];
  }

  /**
   * Moves on.
   *
   * @param day the end of knowledge, not before the last one
   */
  void to(int day) {
    now = day;
    while (known < days.length && days[known] < day) {
      if (known > 0) {
        gaps[days[known] - days[known - 1]]++;
      }
      known++;
    }
    from28 = from(day - 28, from28);
    from56 = from(day - 56, from56);
    from84 = from(day - 84, from84);
  }

  private int from(int day, int at) {
    int next = at;
    while (next < known && days[next] < day) {
      next++;
    }
    return next;
  }

  /** The active days known. */
  int activeDays() {
    return known;
  }

  /** The last active day, an epoch day; there must be one. */
  int lastActive() {
    return days[known - 1];
  }

  /** Full days since the last active one: 0 if that was the last day known. */
  int silence() {
    return now - 1 - lastActive();
  }

  /** Active days in the last 28. */
  int last28() {
    return known - from28;
  }

  /** Active days in the 28 before the last 28. */
  int prior28() {
    return from28 - from56;
  }

  /** Active days in the last 84. */
  int last84() {
    return known - from84;
  }

  private int gapCount() {
    return Math.max(0, known - 1);
  }

  /**
   * A percentile of the gaps, in tenths of a day: whole numbers, so that comparing with one is
   * exact.
   *
   * @param tenths 5 for the median, 9 for the 90th percentile
   * @return -1 without gaps
   */
  private long percentile(int tenths) {
    int count = gapCount();
    if (count == 0) {
      return -1;
    }
    long position = (long) (count - 1) * tenths;
    int below = Math.toIntExact(position / TENTHS);
    long above = position % TENTHS;
    int gap = 0;
    int seen = gaps[0];
    while (seen <= below) {
      seen += gaps[++gap];
    }
    int next = gap;
    while (above > 0 && seen <= below + 1) {
      seen += gaps[++next];
    }
    return (long) TENTHS * gap + above * (next - gap);
  }

  private static Double days(long tenths) {
    return tenths < 0 ? null : Double.valueOf(tenths / (double) TENTHS);
  }

  /** The median of the gaps, in days; null without gaps. */
  Double medianGap() {
    return days(percentile(5));
  }

  /** The 90th percentile of the gaps, in days; null without gaps. */
  Double longGap() {
    return days(percentile(9));
  }

  /** Whether the silence is longer than the 90th percentile of the gaps. */
  boolean isBeyondHabit() {
    // Mostly not even the shortest silence, and then nothing is counted.
    long silence = silence();
    return silence > 1 && gapCount() > 0 && silence * TENTHS > percentile(9);
  }
}
