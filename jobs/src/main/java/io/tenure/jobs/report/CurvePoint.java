package io.tenure.jobs.report;

import java.util.OptionalDouble;

/**
 * One period of the curve pooled over the mature cohorts.
 *
 * @param eligibleUsers people in those cohorts: the denominator of the rate
 * @param rate 0 to 1; empty where no cohort is mature
 */
public record CurvePoint(long eligibleUsers, OptionalDouble rate) {}
