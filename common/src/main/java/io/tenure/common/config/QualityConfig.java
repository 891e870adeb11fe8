package io.tenure.common.config;

import java.io.Serializable;
import java.util.Optional;

/**
 * What a run tolerates.
 *
 * @param maxRejectedRatio the largest share (0 to 1) of the rows of all files up to the as-of day,
 *     whichever run read them, that may be rejected
 * @param maxLostRatio the largest share (0 to 1) of the rows that the current run knew that may be
 *     gone from the files up to the as-of day
 * @param maxMissingDays how many days without any row may lie between the last one with one and the
 *     end of the as-of day; empty: as many as there are
 */
public record QualityConfig(
    double maxRejectedRatio, double maxLostRatio, Optional<Integer> maxMissingDays)
    implements Serializable {}
