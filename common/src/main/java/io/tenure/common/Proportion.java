package io.tenure.common;

/**
 * A proportion with its 95 % interval by Wilson's score method.
 *
 * <p>E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
 * Journal of the American Statistical Association 22, 209-212.
 *
 * @param rate numerator / denominator, 0 to 1
 * @param low lower bound, 0 to rate
 * @param high upper bound, rate to 1
 */
public record Proportion(Double rate, Double low, Double high) {
  /** The 97.5 % point of the normal distribution. */
  public static final double Z = 1.959963984540054;

  /** Nothing is known: all NULL. */
  public static final Proportion UNKNOWN = new Proportion(null, null, null);

  /** {@code numerator} of {@code denominator}; unknown when the denominator is 0. */
  public static Proportion of(long numerator, long denominator) {
    if (numerator < 0 || numerator > denominator) {
      throw new IllegalArgumentException(numerator + " of " + denominator + " is no proportion");
    }
    if (denominator == 0) {
      return UNKNOWN;
    }
    double n = denominator;
    double p = numerator / n;
    double centre = p + Z * Z / (2 * n);
    double spread = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    double scale = 1 + Z * Z / n;
    return new Proportion(
        p,
        numerator == 0 ? 0.0 : Math.max(0, (centre - spread) / scale),
        numerator == denominator ? 1.0 : Math.min(1, (centre + spread) / scale));
  }
}
