package io.tenure.jobs.report;

import java.time.LocalDate;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One cohort of a retention triangle.
 *
 * @param cohort first day of the cohort
 * @param users people in the cohort, at least 0
 * @param rates by period from 0: the share that came back, 0 to 1; empty where it is not yet known
 * @param leftOut periods among these of which nothing is to be said, known or not
 */
public record TriangleRow(
    LocalDate cohort, long users, List<OptionalDouble> rates, Set<Integer> leftOut) {
  public TriangleRow {
    rates = List.copyOf(rates);
    leftOut = Set.copyOf(leftOut);
  }

  /** A cohort of which every period is shown. */
  public TriangleRow(LocalDate cohort, long users, List<OptionalDouble> rates) {
    this(cohort, users, rates, Set.of());
  }

  boolean says(int period) {
    return period < rates.size() && !leftOut.contains(period);
  }
}
