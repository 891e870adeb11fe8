package io.tenure.common.config;

import java.io.Serializable;

/**
 * What a run tolerates.
 *
 * @param maxRejectedRatio the largest share (0 to 1) of the rows of all files up to the as-of day,
 *     whichever run read them, that may be rejected
 * @param maxLostRatio the largest share (0 to 1) of the rows that the current run knew that may be
 *     gone from the files up to the as-of day
 */
public record QualityConfig(double maxRejectedRatio, double maxLostRatio) implements Serializable {}
