package io.tenure.jobs.metric;

import java.io.Serializable;
import java.util.Locale;

/**
 * What became of users who once stood as somebody stands now: the share of them who churned is the
 * risk.
 *
 * <p>Alike are users of the same stage, silence and signs. Where fewer than {@value #ENOUGH} were,
 * the stage is left out; then the signs; then all users are taken.
 */
final class SimilarUsers implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Fewer users than this say too little: half the width of the interval is up to 0.17. Were more
   * asked for, users would more often be compared with others of another stage, which is the larger
   * error of the two.
   */
  static final int ENOUGH = 30;

  /** What similar users have in common. */
  enum Likeness {
    STAGE_SILENCE_AND_SIGNS,
    SILENCE_AND_SIGNS,
    SILENCE,
    NOTHING;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A risk as it is found.
   *
   * @param users how many were similar, each counted for every month in which this was so
   * @param churned those of them who churned within the horizon
   */
  record Risk(long users, long churned, Likeness likeness) {
    /** Whether the risk is at least so many hundredths; decided in whole numbers. */
    boolean isAtLeast(int percent) {
      return Math.multiplyExact(churned, 100L) >= Math.multiplyExact(users, (long) percent);
    }
  }

  /** By likeness: users and churned users, in turn, from the {@link #place} of who is alike. */
  private final long[][] counts;

  SimilarUsers(int stages) {
    this.counts =
        new long[][] {
          new long[2 * Outlook.SITUATIONS * stages],
          new long[2 * Outlook.SITUATIONS],
          new long[2 * Outlook.SILENCES],
          new long[2]
        };
  }

  private static int place(Likeness likeness, int stage, int situation) {
    return 2
        * switch (likeness) {
          case STAGE_SILENCE_AND_SIGNS -> stage * Outlook.SITUATIONS + situation;
          case SILENCE_AND_SIGNS -> situation;
          case SILENCE -> Outlook.silence(situation);
          case NOTHING -> 0;
        };
  }

  /** Learns from the users of one stage on one day: users and churned users by situation. */
  void learn(int stage, long[] sums) {
    for (Likeness likeness : Likeness.values()) {
      for (int at = 0; at < sums.length; at += 2) {
        int place = place(likeness, stage, at / 2);
        counts[likeness.ordinal()][place] += sums[at];
        counts[likeness.ordinal()][place + 1] += sums[at + 1];
      }
    }
  }

  /** The risk of a user; null if nothing was learned. */
  Risk risk(int stage, int situation) {
    for (Likeness likeness : Likeness.values()) {
      int place = place(likeness, stage, situation);
      long users = counts[likeness.ordinal()][place];
      if (users >= ENOUGH || likeness == Likeness.NOTHING && users > 0) {
        return new Risk(users, counts[likeness.ordinal()][place + 1], likeness);
      }
    }
    return null;
  }
}
