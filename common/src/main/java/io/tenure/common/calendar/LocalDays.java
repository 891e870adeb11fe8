package io.tenure.common.calendar;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The local day of an instant, in one zone.
 *
 * <p>A day is its local date and nothing else: days of 23 or 25 hours, and midnights that do not
 * exist, need no special case. The offset between two transitions is remembered, so that the usual
 * call is one comparison and one division. Not thread-safe: one per task.
 */
public final class LocalDays {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  private final ZoneRules rules;
  private long from = 1;
  private long until = 0;
  private long offset;

  public LocalDays(ZoneId zone) {
    this.rules = zone.getRules();
  }

  /** The epoch day, in the zone, of an instant given in microseconds since 1970-01-01T00:00Z. */
  public int ofInstant(long epochMicros) {
    if (epochMicros < from || epochMicros >= until) {
      remember(epochMicros);
    }
    return ofLocal(epochMicros + offset);
  }

  /** The epoch day of a local date and time, given in microseconds since 1970-01-01T00:00. */
  public static int ofLocal(long localMicros) {
    return (int) Math.floorDiv(localMicros, MICROS_PER_DAY);
  }

  private void remember(long epochMicros) {
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(epochMicros, MICROS_PER_SECOND));
    offset = rules.getOffset(instant).getTotalSeconds() * MICROS_PER_SECOND;
    ZoneOffsetTransition next = rules.nextTransition(instant);
    ZoneOffsetTransition previous =
        rules.previousTransition(instant.plusSeconds(1)); // at or before the instant
    from = previous == null ? Long.MIN_VALUE : micros(previous);
    until = next == null ? Long.MAX_VALUE : micros(next);
  }

  private static long micros(ZoneOffsetTransition transition) {
    return transition.toEpochSecond() * MICROS_PER_SECOND;
  }
}
