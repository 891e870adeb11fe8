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
  private static final int[] NONE = {};

  private int size;
  private int[] starts = new int[INITIAL_SPELLS];
  private int[] churns = new int[INITIAL_SPELLS];

  /** Ranges of days in which a spell is suspended: from, in, to, out, ascending. */
  private int[] pauses = NONE;

  /** Days on which a term was renewed, ascending. */
  private int[] renewals = NONE;

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
    resume(churnDay);
  }

  void pause(int day) {
    pauses = Arrays.copyOf(pauses, pauses.length + 2);
    pauses[pauses.length - 2] = day;
    pauses[pauses.length - 1] = ALIVE;
  }

  /** Ends a pause, if there is one. */
  void resume(int day) {
    if (pauses.length > 0 && pauses[pauses.length - 1] == ALIVE) {
      pauses[pauses.length - 1] = day;
    }
  }

  void renew(int day) {
    renewals = Arrays.copyOf(renewals, renewals.length + 1);
    renewals[renewals.length - 1] = day;
  }

  /** The days of {@code [from, to)} on which the user is suspended. */
  int pausedDays(int from, int to) {
    int days = 0;
    for (int at = 0; at < pauses.length; at += 2) {
      days += Math.max(0, Math.min(pauses[at + 1], to) - Math.max(pauses[at], from));
    }
    return days;
  }

  /** The days on which a spell was renewed before {@code day}, ascending. */
  int[] renewals(int spell, int day) {
    int from = 0;
    while (from < renewals.length && renewals[from] < starts[spell]) {
      from++;
    }
    int to = from;
    while (to < renewals.length && renewals[to] < day) {
      to++;
    }
    return Arrays.copyOfRange(renewals, from, to);
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
