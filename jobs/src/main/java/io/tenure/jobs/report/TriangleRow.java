package io.tenure.jobs.report;

import java.time.LocalDate;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One cohort of a retention triangle.
 *
 * @param cohort first day of the cohort
 * @param users people in the cohort, at least 0
 * @param rates by period from 0: the share that came back, 0 to 1; empty where it is not yet known
 */
public record TriangleRow(LocalDate cohort, long users, List<OptionalDouble> rates) {
  public TriangleRow {
    rates = List.copyOf(rates);
  }
}
