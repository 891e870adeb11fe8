package io.tenure.jobs.metric;

import io.tenure.common.Proportion;

/**
 * A Net Promoter Score with its 95 % interval, -100 to 100; all null for no answers.
 *
 * <p>The interval is an adjusted Wald interval: three answers are added, three quarters of one to
 * promoters and as much to detractors. B. Rocks (2016), Interval estimation for the Net Promoter
 * Score, The American Statistician 70, 365-372.
 */
record NetScore(Double score, Double low, Double high) {
  private static final double ADDED = 3;
  private static final double ADDED_TO_EACH = 0.75;
  private static final double POINTS = 100;

  static NetScore of(long promoters, long passives, long detractors) {
    long answers = promoters + passives + detractors;
    if (answers == 0) {
      return new NetScore(null, null, null);
    }
    double n = answers + ADDED;
    double p = (promoters + ADDED_TO_EACH) / n;
    double q = (detractors + ADDED_TO_EACH) / n;
    double centre = p - q;
    double spread = Proportion.Z * Math.sqrt((p + q - centre * centre) / n);
    double score = (double) (promoters - detractors) / answers;
    // Of one answer the adjusted interval may stop short of the score itself.
    return new NetScore(
        POINTS * score,
        POINTS * Math.min(score, Math.max(-1, centre - spread)),
        POINTS * Math.max(score, Math.min(1, centre + spread)));
  }
}
