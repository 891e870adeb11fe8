package io.tenure.common.config;

import java.io.Serializable;

/**
 * What a run tolerates.
 *
 * @param maxRejectedRatio the largest share (0 to 1) of the rows of all files up to the as-of day,
 *     whichever run read them, that may be rejected
 */
public record QualityConfig(double maxRejectedRatio) implements Serializable {}
