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
   * Fewer users than this say too little: half the width of the interval is up to 0.17. With 100,
   * users are too often compared with others of another stage: then the mean squared error of the
   * risk is 0.104 in the log of the demo, and 0.091 with 30.
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

  private final int stages;

  /** Users and churned users, in turn, by stage and situation; likewise below. */
  private final long[] bySituationAndStage;

  private final long[] bySituation = new long[2 * Outlook.SITUATIONS];
  private final long[] bySilence = new long[2 * Outlook.SILENCES];
  private final long[] all = new long[2];

  SimilarUsers(int stages) {
    this.stages = stages;
    this.bySituationAndStage = new long[2 * Outlook.SITUATIONS * stages];
  }

  /** Learns from the users of one stage on one day: users and churned users by situation. */
  void learn(int stage, long[] sums) {
    for (int at = 0; at < sums.length; at++) {
      int situation = at / 2;
      int outcome = at % 2;
      bySituationAndStage[2 * (stage * Outlook.SITUATIONS + situation) + outcome] += sums[at];
      bySituation[at] += sums[at];
      bySilence[2 * Outlook.silence(situation) + outcome] += sums[at];
      all[outcome] += sums[at];
    }
  }

  /** Whether anything was learned, so that there is a risk. */
  boolean isKnown() {
    return all[0] > 0;
  }

  /** The risk of a user; null if nothing was learned. */
  Risk risk(int stage, int situation) {
    if (stage < 0 || stage >= stages) {
      throw new IllegalArgumentException("No stage " + stage + " of " + stages);
    }
    for (Likeness likeness : Likeness.values()) {
      long[] counts =
          switch (likeness) {
            case STAGE_SILENCE_AND_SIGNS -> bySituationAndStage;
            case SILENCE_AND_SIGNS -> bySituation;
            case SILENCE -> bySilence;
            case NOTHING -> all;
          };
      int at =
          switch (likeness) {
            case STAGE_SILENCE_AND_SIGNS -> 2 * (stage * Outlook.SITUATIONS + situation);
            case SILENCE_AND_SIGNS -> 2 * situation;
            case SILENCE -> 2 * Outlook.silence(situation);
            case NOTHING -> 0;
          };
      if (counts[at] >= ENOUGH || likeness == Likeness.NOTHING && counts[at] > 0) {
        return new Risk(counts[at], counts[at + 1], likeness);
      }
    }
    return null;
  }
}
