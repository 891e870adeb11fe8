package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.config.ChurnConfig.SurvivalInterval;

/**
 * The Kaplan-Meier estimate of survival, from counts by tenure.
 *
 * <p>S(t) = Π over i ≤ t of (1 - churned_i / atRisk_i), with Greenwood's standard error S(t) · √ Σ
 * churned_i / (atRisk_i · (atRisk_i - churned_i)). Churns come before censorings at equal tenure:
 * who is censored at t was at risk at t. So S(t) is the share that outlives tenure t, churns at t
 * included.
 *
 * <p>E. L. Kaplan, P. Meier (1958), Nonparametric estimation from incomplete observations, Journal
 * of the American Statistical Association 53, 457-481. The intervals are those of R's package
 * survival, conf.type log and log-log.
 */
final class KaplanMeier {
  /**
   * A half, and what a product of thousands of rounded factors may be above it: 24 users of whom
   * one is lost at each tenure are not quite half at the 12th, as doubles go.
   */
  private static final double HALF = 0.5 + 1e-12;

  private final SurvivalInterval interval;
  private final long[] churned;
  private final long[] censored;

  /** Users whose tenure is known to have reached each index; one more at the end, 0. */
  private final long[] atRisk;

  /**
   * @param churned users lost at each tenure
   * @param censored users last seen alive at each tenure; of the same length
   */
  KaplanMeier(long[] churned, long[] censored, SurvivalInterval interval) {
    this.interval = interval;
    this.churned = churned;
    this.censored = censored;
    this.atRisk = new long[churned.length + 1];
    for (int tenure = churned.length - 1; tenure >= 0; tenure--) {
      atRisk[tenure] = atRisk[tenure + 1] + churned[tenure] + censored[tenure];
    }
  }

  /**
   * An estimated share with its uncertainty.
   *
   * @param survival 0 to 1
   * @param stdErr Greenwood's standard error; NULL, like the bounds, where nobody survives
   * @param low lower bound of the 95 % interval
   * @param high upper bound, at most 1
   */
  record Estimate(double survival, Double stdErr, Double low, Double high) {}

  /** The first tenure that nobody reached. */
  int reach() {
    int reach = churned.length;
    while (reach > 0 && atRisk[reach - 1] == 0) {
      reach--;
    }
    return reach;
  }

  long atRisk(int tenure) {
    return tenure < atRisk.length ? atRisk[tenure] : 0;
  }

  long churned(int tenure) {
    return churned[tenure];
  }

  long censored(int tenure) {
    return censored[tenure];
  }

  /** S at each tenure from 0 to the last one reached. */
  Estimate[] curve() {
    Estimate[] curve = new Estimate[reach()];
    double survival = 1;
    double variance = 0;
    for (int tenure = 0; tenure < curve.length; tenure++) {
      survival *= stays(tenure);
      variance += relativeVariance(tenure);
      curve[tenure] = estimate(survival, variance);
    }
    return curve;
  }

  /**
   * The share of those who reach tenure {@code from} that reaches tenure {@code to}: S before
   * {@code to} / S before {@code from}.
   */
  Estimate between(int from, int to) {
    double survival = 1;
    double variance = 0;
    for (int tenure = from; tenure < Math.min(to, reach()); tenure++) {
      survival *= stays(tenure);
      variance += relativeVariance(tenure);
    }
    return estimate(survival, variance);
  }

  /**
   * The first tenure before {@code to} that at most half of those who reach {@code from} outlive;
   * NULL if more than half outlive all. It is that tenure, too, where just half live on for a while
   * (R's survfit has the middle of that while).
   */
  Integer median(int from, int to) {
    double survival = 1;
    for (int tenure = from; tenure < Math.min(to, reach()); tenure++) {
      survival *= stays(tenure);
      if (survival <= HALF) {
        return tenure;
      }
    }
    return null;
  }

  /**
   * The mean time lived from {@code from} to {@code to} by those who reach {@code from}: the area
   * under their curve, each step counted from its tenure to the next.
   *
   * @param to at most {@link #reach}
   */
  double restrictedMean(int from, int to) {
    double survival = 1;
    double area = 0;
    for (int tenure = from; tenure < to; tenure++) {
      survival *= stays(tenure);
      area += survival;
    }
    return area;
  }

  private double stays(int tenure) {
    return 1 - (double) churned[tenure] / atRisk[tenure];
  }

  /** One term of Greenwood's sum: the variance over the square of the survival. */
  private double relativeVariance(int tenure) {
    double reached = atRisk[tenure];
    return churned[tenure] == 0 ? 0 : churned[tenure] / (reached * (reached - churned[tenure]));
  }

  private Estimate estimate(double survival, double variance) {
    if (survival == 0) {
      return new Estimate(0, null, null, null);
    }
    double error = Math.sqrt(variance);
    double low;
    double high;
    if (survival == 1) {
      low = 1;
      high = 1;
    } else if (interval == SurvivalInterval.LOG) {
      low = survival * Math.exp(-Proportion.Z * error);
      high = Math.min(1, survival * Math.exp(Proportion.Z * error));
    } else {
      double scaled = Proportion.Z * error / Math.log(survival);
      low = Math.exp(-Math.exp(Math.log(-Math.log(survival)) - scaled));
      high = Math.exp(-Math.exp(Math.log(-Math.log(survival)) + scaled));
    }
    return new Estimate(survival, survival * error, low, high);
  }
}
