package io.tenure.jobs.metric;

import java.util.Arrays;

/**
 * The spells of one user, ascending: the runs of days in which the user was there.
 *
 * <p>A spell lives on the days {@code [start, churn)}: the churn day is the first on which the user
 * is gone, and may be the start of the next spell. A spell that is not known to have ended has
 * {@link #ALIVE} as its churn day. The birth of a user is the start of the first spell.
 */
final class Spells {
  /** The churn day of a spell that is not known to have ended: after every day. */
  static final int ALIVE = Integer.MAX_VALUE;

  private static final int INITIAL_SPELLS = 2;

  private int size;
  private int[] starts = new int[INITIAL_SPELLS];
  private int[] churns = new int[INITIAL_SPELLS];

  /**
   * The spells of a user who churns by falling silent.
   *
   * <p>A user active last on day d churns on d + {@code inactiveDays} + 1, when that many full days
   * have passed without activity; activity on that very day begins a new spell. The last silent day
   * must be over, so the churn is known from the start of the churn day: if it is not after {@code
   * end}.
   *
   * @param active days of activity, ascending
   * @param end the day that starts when knowledge ends
   */
  static Spells bySilence(int[] active, int inactiveDays, int end) {
    Spells spells = new Spells();
    int last = 0;
    for (int day : active) {
      if (spells.size == 0) {
        spells.begin(day);
      } else if (day - last > inactiveDays) {
        spells.end(last + inactiveDays + 1);
        spells.begin(day);
      }
      last = day;
    }
    if (spells.size > 0 && (long) last + inactiveDays + 1 <= end) {
      spells.end(last + inactiveDays + 1);
    }
    return spells;
  }

  void begin(int day) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      churns = Arrays.copyOf(churns, 2 * size);
    }
    starts[size] = day;
    churns[size] = ALIVE;
    size++;
  }

  /** Ends the last spell. */
  void end(int churnDay) {
    churns[size - 1] = churnDay;
  }

  int size() {
    return size;
  }

  int start(int spell) {
    return starts[spell];
  }

  /** The churn day of a spell, or {@link #ALIVE}. */
  int churn(int spell) {
    return churns[spell];
  }

  int birth() {
    return starts[0];
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(starts, size))
        + Arrays.toString(Arrays.copyOf(churns, size));
  }
}
