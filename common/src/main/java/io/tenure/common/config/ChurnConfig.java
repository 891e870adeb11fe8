package io.tenure.common.config;

import java.io.Serializable;
import java.util.Map;

/**
 * When a user has left, and how a life is cut into stages.
 *
 * @param inactiveDays a user churns when this many full days pass without activity
 * @param stages first month of tenure of each stage, ascending, the first one 0
 */
public record ChurnConfig(int inactiveDays, Map<String, Integer> stages) implements Serializable {}
