package io.tenure.jobs.metric;

/** Compound churn. */
final class Projection {
  private Projection() {}

  /**
   * The share lost over {@code periods} periods that each lose {@code rate}: 1 - (1 - rate) ^
   * periods. 5 % a month is 46 % a year, 10 % is 72 %.
   */
  static double compounded(double rate, double periods) {
    return 1 - Math.pow(1 - rate, periods);
  }
}
