package io.tenure.common.calendar;

import io.tenure.common.encoding.Sha256;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The local day of an instant, in one zone, and the instants of local days and times.
 *
 * <p>A day is its local date and nothing else: days of 23 or 25 hours, and midnights that do not
 * exist, need no special case. The offset between two transitions is remembered, so that the usual
 * call is one comparison and one division. Not thread-safe: one per task.
 */
public final class LocalDays {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  /** Further than any clock was ever put forward or back. */
  private static final long FAR_FROM_TRANSITIONS = 2 * MICROS_PER_DAY;

  private final ZoneId zone;
  private final ZoneRules rules;
  private long from = 1;
  private long until = 0;
  private long offset;
  private int startedDay = Integer.MIN_VALUE;
  private long start;

  public LocalDays(ZoneId zone) {
    this.zone = zone;
    this.rules = zone.getRules();
  }

  /**
   * A fingerprint of what a zone's clock showed: two versions of its rules with the same one give
   * the same days to all instants in between.
   *
   * @param first the first local day
   * @param last the last local day
   */
  public static String fingerprint(ZoneRules rules, LocalDate first, LocalDate last) {
    // A day more on each side, whatever the offset.
    Instant from = first.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant until = last.plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
    Sha256 clock = new Sha256().add(rules.getOffset(from).getId());
    for (ZoneOffsetTransition next = rules.nextTransition(from);
        next != null && next.getInstant().isBefore(until);
        next = rules.nextTransition(next.getInstant())) {
      clock.add(" " + next.getInstant() + next.getOffsetAfter());
    }
    return clock.shortHex();
  }

  /** The epoch day, in the zone, of an instant given in microseconds since 1970-01-01T00:00Z. */
  public int ofInstant(long epochMicros) {
    if (epochMicros < from || epochMicros >= until) {
      remember(epochMicros);
    }
    long local = epochMicros + offset;
    boolean ranOver = ((epochMicros ^ local) & (offset ^ local)) < 0;
    return ofLocal(ranOver ? epochMicros : local);
  }

  /** The epoch day of a local date and time, given in microseconds since 1970-01-01T00:00. */
  public static int ofLocal(long localMicros) {
    return (int) Math.floorDiv(localMicros, MICROS_PER_DAY);
  }

  /**
   * The first instant of a local day, in microseconds since 1970-01-01T00:00Z: midnight, or what
   * comes instead of a midnight that the zone leaves out.
   */
  public long start(int day) {
    if (day != startedDay) {
      start = micros(LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant());
      startedDay = day;
    }
    return start;
  }

  /**
   * The instant of a local date and time, both in microseconds since 1970-01-01T00:00. Of two it is
   * the earlier one, and a time that the zone leaves out is as much later as it leaves out, as
   * {@link LocalDateTime#atZone} has it.
   */
  public long instantOf(long localMicros) {
    long guess = localMicros - offset;
    if (guess >= saturated(from, FAR_FROM_TRANSITIONS)
        && guess < saturated(until, -FAR_FROM_TRANSITIONS)) {
      return guess;
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, MICROS_PER_SECOND),
            (int) Math.floorMod(localMicros, MICROS_PER_SECOND) * 1_000,
            ZoneOffset.UTC);
    long instant = micros(local.atZone(zone).toInstant());
    if (instant < from || instant >= until) {
      remember(instant);
    }
    return instant;
  }

  /** The same, or the last instant of a local day, if that is earlier. */
  public long instantWithin(int day, long localMicros) {
    return Math.min(instantOf(localMicros), start(day + 1) - 1);
  }

  private static long saturated(long bound, long shift) {
    return bound == Long.MIN_VALUE || bound == Long.MAX_VALUE ? bound : bound + shift;
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / 1_000;
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
