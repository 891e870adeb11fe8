package io.tenure.common;

import org.apache.commons.math3.special.Gamma;

/**
 * The proportion of one group against that of another, independent one.
 *
 * @param difference the first less the second, -1 to 1
 * @param differenceLow lower bound of its 95 % interval: the hybrid of two Wilson intervals, method
 *     10 of R. G. Newcombe (1998), Interval estimation for the difference between independent
 *     proportions, Statistics in Medicine 17, 873-890
 * @param differenceHigh upper bound
 * @param ratio the first over the second; null if the second is 0
 * @param ratioLow lower bound of its 95 % interval on the logarithmic scale, by D. Katz and others
 *     (1978), Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34,
 *     469-474; null if either is 0 or 1
 * @param ratioHigh upper bound
 * @param pValue the probability of such a difference or a larger one, either way, if there is none:
 *     Pearson's chi-square without correction, or, where a count of 100 or less is expected of
 *     chance, Fisher's exact test; as R's prop.test(correct = FALSE) and fisher.test
 */
public record TwoProportions(
    double difference,
    double differenceLow,
    double differenceHigh,
    Double ratio,
    Double ratioLow,
    Double ratioHigh,
    double pValue) {
  /** Cases expected of chance up to which the exact test is worth its time. */
  private static final double FEW = 100;

  /** Probabilities that differ by less are taken to be equal, as R does. */
  private static final double SAME = 1 + 1e-7;

  /**
   * Compares {@code cases} of {@code users} with {@code otherCases} of {@code others}.
   *
   * @param users above 0
   * @param others above 0
   */
  public static TwoProportions of(long cases, long users, long otherCases, long others) {
    Proportion one = Proportion.of(cases, users);
    Proportion other = Proportion.of(otherCases, others);
    double difference = one.rate() - other.rate();
    double down = Math.hypot(one.rate() - one.low(), other.high() - other.rate());
    double up = Math.hypot(one.high() - one.rate(), other.rate() - other.low());
    Double ratio = otherCases == 0 ? null : Double.valueOf(one.rate() / other.rate());
    boolean spread = cases > 0 && cases < users && otherCases > 0 && otherCases < others;
    double error =
        spread
            ? Math.sqrt(1.0 / cases - 1.0 / users + 1.0 / otherCases - 1.0 / others)
            : Double.NaN;
    return new TwoProportions(
        difference,
        Math.max(-1, difference - down),
        Math.min(1, difference + up),
        ratio,
        spread ? Double.valueOf(ratio * Math.exp(-Proportion.Z * error)) : null,
        spread ? Double.valueOf(ratio * Math.exp(Proportion.Z * error)) : null,
        pValue(cases, users, otherCases, others));
  }

  private static double pValue(long cases, long users, long otherCases, long others) {
    double all = (double) users + others;
    double with = (double) cases + otherCases;
    if (with == 0 || with == all) {
      return 1;
    }
    double fewest = Math.min(with, all - with) * Math.min(users, others) / all;
    if (fewest <= FEW) {
      return fisher(cases, users, otherCases, others);
    }
    double excess = cases - with * users / all;
    double chiSquare =
        excess * excess * all * all * all / (with * (all - with) * users * (double) others);
    return Gamma.regularizedGammaQ(0.5, chiSquare / 2);
  }

  /**
   * Fisher's exact test: the share, by the hypergeometric distribution, of the tables with the same
   * sums that are as improbable as this one, or more. Probabilities are taken relative to the
   * largest, each from its neighbour, so that nothing is lost to large factorials.
   */
  private static double fisher(long cases, long users, long otherCases, long others) {
    long with = cases + otherCases;
    long least = Math.max(0, with - others);
    long most = Math.min(users, with);
    double likeliest = Math.floor((users + 1.0) * (with + 1.0) / (users + others + 2.0));
    long mode = Math.max(least, Math.min(most, (long) likeliest));
    double[] weights = new double[Math.toIntExact(most - least + 1)];
    weights[(int) (mode - least)] = 1;
    for (long at = mode; at < most; at++) {
      weights[(int) (at + 1 - least)] = weights[(int) (at - least)] * step(at, users, others, with);
    }
    for (long at = mode; at > least; at--) {
      weights[(int) (at - 1 - least)] =
          weights[(int) (at - least)] / step(at - 1, users, others, with);
    }
    double limit = weights[(int) (cases - least)] * SAME;
    double all = 0;
    double improbable = 0;
    for (double weight : weights) {
      all += weight;
      improbable += weight <= limit ? weight : 0;
    }
    return improbable / all;
  }

  /** The probability of one case more over that of so many. */
  private static double step(long cases, long users, long others, long with) {
    return (double) (users - cases) / (cases + 1) * (with - cases) / (others - with + cases + 1.0);
  }
}
