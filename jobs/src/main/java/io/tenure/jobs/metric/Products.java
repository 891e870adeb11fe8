package io.tenure.jobs.metric;

import java.math.BigInteger;

/**
 * Exact sums of products of two numbers that are not negative, in vectors of sums: what a variance
 * of money needs, of which a long does not hold a single square.
 *
 * <p>A product is taken apart into four numbers of 32 bits, each of which is summed by itself:
 * exact for up to 2,147,483,648 users.
 */
final class Products {
  /** Places of a vector that a sum of products takes. */
  static final int WIDTH = 4;

  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private Products() {}

  /** Adds a product to the sum that begins at a place. */
  static void add(long[] sums, int at, long left, long right) {
    if (left < 0 || right < 0) {
      throw new IllegalArgumentException("Not for negative numbers: " + left + ", " + right);
    }
    long low = left * right;
    long high = Math.multiplyHigh(left, right);
    sums[at] += low & LOW_HALF;
    sums[at + 1] += low >>> 32;
    sums[at + 2] += high & LOW_HALF;
    sums[at + 3] += high >>> 32;
  }

  /** The sum that begins at a place. */
  static BigInteger get(long[] sums, int at) {
    BigInteger sum = BigInteger.ZERO;
    for (int place = WIDTH - 1; place >= 0; place--) {
      sum = sum.shiftLeft(32).add(BigInteger.valueOf(sums[at + place]));
    }
    return sum;
  }
}
