package io.tenure.common.config;

import java.util.Map;

/**
 * Scores that users give when they are asked how likely they are to recommend.
 *
 * @param touchpoints where they are asked, each with the SQL expression that is the score of an
 *     answer there, a whole number from 0 to 10, and NULL for events that are none; in the order
 *     written, none by default
 * @param churnDays how many days after an answer it is looked whether the user has churned
 */
public record NpsConfig(Map<String, String> touchpoints, int churnDays) {}
