package io.tenure.jobs.metric;

import io.tenure.common.Proportion;

/**
 * A number of events over something that it is no part of, with its 95 % interval: the number is
 * taken as a Poisson count, and its mean l has the score interval, (count - l)^2 = z^2 l, as
 * Wilson's is of a proportion. C. R. Rao (1948), Large sample tests of statistical hypotheses
 * concerning several parameters, Mathematical Proceedings of the Cambridge Philosophical Society
 * 44, 50-57.
 */
record PoissonRate(Double rate, Double low, Double high) {
  /** Nothing is known: all NULL. */
  static final PoissonRate UNKNOWN = new PoissonRate(null, null, null);

  /** {@code count} over {@code base}, a number or a time; unknown when that is 0. */
  static PoissonRate of(long count, double base) {
    if (base == 0) {
      return UNKNOWN;
    }
    double square = Proportion.Z * Proportion.Z;
    double centre = count + square / 2;
    double spread = Proportion.Z * Math.sqrt(count + square / 4);
    return new PoissonRate(
        count / base, count == 0 ? 0.0 : (centre - spread) / base, (centre + spread) / base);
  }
}
