package io.tenure.common.config;

import java.io.Serializable;

/**
 * What a run tolerates.
 *
 * @param maxRejectedRatio the largest share (0 to 1) of the rows read that may be rejected
 */
public record QualityConfig(double maxRejectedRatio) implements Serializable {}
