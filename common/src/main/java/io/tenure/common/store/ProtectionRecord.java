package io.tenure.common.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;

/**
 * {@code protected/_protection.json}: how the copies of a run's tables are protected.
 *
 * @param minUsers rows that speak of fewer users are hidden
 * @param roundTo counts are rounded to multiples of this; 1: they are not
 * @param numbers how many numbers the exact tables hold
 * @param hidden how many of them the copies do not
 * @param valuesLeftOut values with fewer users in all, and those left out with them, by dimension
 * @param tables rows by table
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ProtectionRecord(
    int minUsers,
    int roundTo,
    long numbers,
    long hidden,
    Map<String, Integer> valuesLeftOut,
    Map<String, Long> tables) {}
