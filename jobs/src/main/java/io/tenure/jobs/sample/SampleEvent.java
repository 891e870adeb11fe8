package io.tenure.jobs.sample;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One row of the sample log, as a client sent it.
 *
 * @param eventId unique, but for exact duplicates of a row
 * @param userId 32 hex characters; null in a broken row
 * @param time when it happened, to the microsecond; null or 1970-01-01T00:00Z in a broken row
 * @param name {@code signup}, {@code view}, {@code search}, {@code share}, {@code invite}, {@code
 *     purchase}, {@code upgrade} or {@code downgrade}
 * @param country two letters; null where the client did not know it
 * @param platform {@code ios}, {@code android} or {@code web}
 * @param plan {@code free}, {@code basic} or {@code pro}: the plan in force after the event
 * @param amount money with two decimals, above zero, on purchases only; null elsewhere
 * @param day the UTC day it happened, and the partition it is stored in; right even where the time
 *     is broken
 * @param late whether the row reached the log after its day was written
 */
public record SampleEvent(
    String eventId,
    String userId,
    Instant time,
    String name,
    String country,
    String platform,
    String plan,
    BigDecimal amount,
    LocalDate day,
    boolean late) {

  SampleEvent withUser(String changed) {
    return new SampleEvent(
        eventId, changed, time, name, country, platform, plan, amount, day, late);
  }

  SampleEvent withTime(Instant changed) {
    return new SampleEvent(
        eventId, userId, changed, name, country, platform, plan, amount, day, late);
  }

  SampleEvent withLate(boolean changed) {
    return new SampleEvent(
        eventId, userId, time, name, country, platform, plan, amount, day, changed);
  }
}
