package io.tenure.jobs.metric;

import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.special.Gamma;

/**
 * The log-rank test: whether up to {@value #MOST_GROUPS} groups differ in survival.
 *
 * <p>If all survive alike, the d churns of a tenure fall on the n users at risk at random: on a
 * group with r of them d · r / n in the mean, with the hypergeometric covariance. Chi-square is the
 * squared distance between the churns of the groups and those expected, summed over the tenures, in
 * terms of that covariance. A group in which nobody is at risk when the first user churns says
 * nothing, and is left out.
 *
 * <p>N. Mantel (1966), Evaluation of survival data and two new rank order statistics arising in its
 * consideration, Cancer Chemotherapy Reports 50, 163-170; the numbers are those of survdiff of R's
 * package survival.
 *
 * @param degreesOfFreedom the groups, less one
 * @param pValue the probability of such a chi-square or a larger one if all survive alike
 */
record LogRank(double chiSquare, int degreesOfFreedom, double pValue) {
  /**
   * The most groups at risk that are compared. The work grows with their square for each tenure and
   * with their cube in the end: this many, followed by the day for ten years, take a second or
   * less.
   */
  static final int MOST_GROUPS = 200;

  /** No pivot of a covariance is too small: it scales with the churns and the groups' shares. */
  private static final double SINGULAR = Double.MIN_NORMAL;

  /**
   * The churned and the censored users of one group by tenure.
   *
   * @param censored of the same length as {@code churned}
   */
  record Group(long[] churned, long[] censored) {
    private long atRisk(int tenure) {
      long atRisk = 0;
      for (int later = tenure; later < churned.length; later++) {
        atRisk += churned[later] + censored[later];
      }
      return atRisk;
    }

    private long churned(int tenure) {
      return tenure < churned.length ? churned[tenure] : 0;
    }

    private long leaving(int tenure) {
      return tenure < churned.length ? churned[tenure] + censored[tenure] : 0;
    }
  }

  /**
   * The test; NULL where there is none: fewer than two groups at risk when the first user churns or
   * more than {@value #MOST_GROUPS}, no churn, or all users churning at one tenure.
   */
  static LogRank of(List<Group> groups) {
    int first = 0;
    int reach = groups.stream().mapToInt(group -> group.churned().length).max().orElse(0);
    while (first < reach && churned(groups, first) == 0) {
      first++;
    }
    int firstChurn = first;
    List<Group> compared = groups.stream().filter(group -> group.atRisk(firstChurn) > 0).toList();
    if (compared.size() < 2 || compared.size() > MOST_GROUPS) {
      return null;
    }
    long atRisk = compared.stream().mapToLong(group -> group.atRisk(firstChurn)).sum();
    // At risk is nested: unless all churn at the first tenure, its covariance has full rank.
    if (churned(compared, firstChurn) == atRisk) {
      return null;
    }
    double chiSquare = chiSquare(compared, firstChurn, reach);
    int degrees = compared.size() - 1;
    return new LogRank(chiSquare, degrees, Gamma.regularizedGammaQ(degrees / 2.0, chiSquare / 2.0));
  }

  private static long churned(List<Group> groups, int tenure) {
    return groups.stream().mapToLong(group -> group.churned(tenure)).sum();
  }

  private static double chiSquare(List<Group> groups, int firstChurn, int reach) {
    // The excesses of all groups add up to 0: the last one follows from the others.
    int free = groups.size() - 1;
    double[] excess = new double[free];
    double[] shares = new double[free];
    double[][] covariance = new double[free][free];
    long[] atRisk = groups.stream().mapToLong(group -> group.atRisk(firstChurn)).toArray();
    for (int tenure = firstChurn; tenure < reach; tenure++) {
      long churned = churned(groups, tenure);
      double all = 0;
      for (long inGroup : atRisk) {
        all += inGroup;
      }
      if (churned > 0 && all > 1) {
        double scale = churned * (all - churned) / (all - 1);
        for (int group = 0; group < free; group++) {
          shares[group] = atRisk[group] / all;
        }
        for (int group = 0; group < free; group++) {
          double scaled = scale * shares[group];
          double[] row = covariance[group];
          excess[group] += groups.get(group).churned(tenure) - churned * shares[group];
          row[group] += scaled;
          // The other half is its mirror image.
          for (int other = group; other < free; other++) {
            row[other] -= scaled * shares[other];
          }
        }
      }
      for (int group = 0; group < atRisk.length; group++) {
        atRisk[group] -= groups.get(group).leaving(tenure);
      }
    }
    for (int group = 0; group < free; group++) {
      for (int other = 0; other < group; other++) {
        covariance[group][other] = covariance[other][group];
      }
    }
    RealVector excesses = new ArrayRealVector(excess, false);
    return excesses.dotProduct(
        new LUDecomposition(new Array2DRowRealMatrix(covariance, false), SINGULAR)
            .getSolver()
            .solve(excesses));
  }
}
