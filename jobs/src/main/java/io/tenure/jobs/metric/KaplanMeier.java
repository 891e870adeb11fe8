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

  /** Times of one unit of tenure. */
  private final int times;

  private final long[] churned;
  private final long[] censored;

  /** Users whose tenure is known to have reached each time; one more at the end, 0. */
  private final long[] atRisk;

  /** Of tenures that are as fine as is known. */
  KaplanMeier(long[] churned, long[] censored, SurvivalInterval interval) {
    this(churned, censored, 1, interval);
  }

  /**
   * Of tenures that are told in a unit and known to a fraction of it.
   *
   * <p>A user who is censored after a day of a month is not at risk in the rest of it: taken as
   * such, survival by month would be above the one by day, the more so the more users are new.
   *
   * @param churned users lost at each time
   * @param censored users last seen alive at each time; of the same length
   * @param times how many of them are one unit
   */
  KaplanMeier(long[] churned, long[] censored, int times, SurvivalInterval interval) {
    this.interval = interval;
    this.times = times;
    this.churned = churned;
    this.censored = censored;
    this.atRisk = new long[churned.length + 1];
    for (int time = churned.length - 1; time >= 0; time--) {
      atRisk[time] = atRisk[time + 1] + churned[time] + censored[time];
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
    return (reach + times - 1) / times;
  }

  /** Users whose tenure is known to have reached this one. */
  long atRisk(int tenure) {
    long time = (long) tenure * times;
    return time < atRisk.length ? atRisk[(int) time] : 0;
  }

  /** Users lost at a tenure, or after it and before the next. */
  long churned(int tenure) {
    return within(churned, tenure);
  }

  /** Users last seen alive at a tenure, or after it and before the next. */
  long censored(int tenure) {
    return within(censored, tenure);
  }

  private long within(long[] counts, int tenure) {
    long sum = 0;
    for (int time = tenure * times; time < end(tenure + 1); time++) {
      sum += counts[time];
    }
    return sum;
  }

  /** The first time that is not before a tenure, as far as times were counted. */
  private int end(int tenure) {
    return (int) Math.min((long) tenure * times, churned.length);
  }

  /** S when each tenure from 0 to the last one reached is over. */
  Estimate[] curve() {
    Estimate[] curve = new Estimate[reach()];
    Product product = new Product();
    for (int tenure = 0; tenure < curve.length; tenure++) {
      product.pass(tenure);
      curve[tenure] = product.estimate();
    }
    return curve;
  }

  /**
   * The share of those who reach tenure {@code from} that reaches tenure {@code to}: S before
   * {@code to} / S before {@code from}.
   */
  Estimate between(int from, int to) {
    Product product = new Product();
    for (int tenure = from; tenure < Math.min(to, reach()); tenure++) {
      product.pass(tenure);
    }
    return product.estimate();
  }

  /**
   * The first tenure before {@code to} that at most half of those who reach {@code from} outlive;
   * NULL if more than half outlive all. It is that tenure, too, where just half live on for a while
   * (R's survfit has the middle of that while).
   */
  Integer median(int from, int to) {
    Product product = new Product();
    for (int tenure = from; tenure < Math.min(to, reach()); tenure++) {
      product.pass(tenure);
      if (product.survival <= HALF) {
        return tenure;
      }
    }
    return null;
  }

  /**
   * The mean number of units lived from {@code from} to {@code to} by those who reach {@code from},
   * a unit that has begun not counted: the area under their curve, each step counted from its
   * tenure to the next.
   *
   * @param to at most {@link #reach}
   */
  double restrictedMean(int from, int to) {
    Product product = new Product();
    double area = 0;
    for (int tenure = from; tenure < to; tenure++) {
      product.pass(tenure);
      area += product.survival;
    }
    return area;
  }

  /** The product over times that is S, and Greenwood's sum: the variance over the square of S. */
  private final class Product {
    private double survival = 1;
    private double variance;

    /** Takes in the times of one tenure. */
    void pass(int tenure) {
      for (int time = tenure * times; time < end(tenure + 1); time++) {
        double lost = churned[time];
        if (lost > 0) {
          double reached = atRisk[time];
          survival *= 1 - lost / reached;
          variance += lost / (reached * (reached - lost));
        }
      }
    }

    Estimate estimate() {
      return KaplanMeier.this.estimate(survival, variance);
    }
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
