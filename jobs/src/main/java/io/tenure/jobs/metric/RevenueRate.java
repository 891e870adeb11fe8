package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import java.math.BigInteger;

/**
 * Money now over money before, of users who had some before, with its 95 % interval.
 *
 * <p>The estimate of a ratio R = Σy / Σx from n users; its standard error is √(n · s²) / Σx with s²
 * = Σ(y - R·x)² / (n - 1). W. G. Cochran (1977), Sampling Techniques, 3rd edition, 6.3 and 6.4,
 * without the correction for a finite population: users are taken as a sample of those who might
 * have been.
 *
 * @param rate null if there is no money before
 * @param low 0 at least; null if there is no interval
 * @param high as {@code low}, without a bound
 */
record RevenueRate(Double rate, Double low, Double high) {
  private static final int FEWEST = 10;

  static final RevenueRate UNKNOWN = new RevenueRate(null, null, null);

  /**
   * The ratio. There is no interval for fewer than {@value #FEWEST} users, of whom the normal
   * approximation says little, and where all have kept the same share, of which it says nothing.
   *
   * @param users n
   * @param before Σx, of numbers above 0
   * @param now Σy, of numbers not below 0
   * @param squaresBefore Σx²
   * @param products Σxy
   * @param squaresNow Σy²
   */
  static RevenueRate of(
      long users,
      long before,
      long now,
      BigInteger squaresBefore,
      BigInteger products,
      BigInteger squaresNow) {
    if (before == 0) {
      return UNKNOWN;
    }
    double rate = (double) now / before;
    BigInteger x = BigInteger.valueOf(before);
    BigInteger y = BigInteger.valueOf(now);
    // Σ(y - R·x)², times (Σx)²: in whole numbers, because nothing may cancel out before the root.
    BigInteger residuals =
        squaresNow
            .multiply(x.pow(2))
            .subtract(products.multiply(x).multiply(y).shiftLeft(1))
            .add(squaresBefore.multiply(y.pow(2)));
    if (users < FEWEST || residuals.signum() == 0) {
      return new RevenueRate(rate, null, null);
    }
    double variance = residuals.doubleValue() * users / (users - 1.0);
    double error = Math.sqrt(variance) / x.pow(2).doubleValue();
    return new RevenueRate(
        rate, Math.max(0, rate - Proportion.Z * error), rate + Proportion.Z * error);
  }

  /** The same of a rate that cannot be above 1. */
  RevenueRate atMostOne() {
    return high == null ? this : new RevenueRate(rate, low, Math.min(1, high));
  }
}
