package io.tenure.jobs.metric;

/**
 * Elapsed times as few numbers, so that users can be counted by them: seconds, of which the eight
 * highest binary digits are kept. So a time is rounded down, by less than one part in 128, and up
 * to 255 seconds not beyond the second.
 */
final class Elapsed {
  /**
   * More than there are numbers of times of {@link Integer#MAX_VALUE} seconds, which is 68 years.
   */
  static final int NUMBERS = 4_096;

  private static final long MICROS = 1_000_000;
  private static final int DIGITS = 8;
  private static final int EXACT = 1 << DIGITS;
  private static final int IN_DOUBLING = EXACT / 2;

  private Elapsed() {}

  /**
   * The number of an elapsed time, which rises with it. Where clocks are put back over midnight,
   * what came later by the calendar may have come earlier by the clock: then no time has passed.
   */
  static int number(long micros) {
    long seconds = Math.max(0, micros / MICROS);
    if (seconds < EXACT) {
      return (int) seconds;
    }
    int dropped = Long.SIZE - Long.numberOfLeadingZeros(seconds) - DIGITS;
    return EXACT + (dropped - 1) * IN_DOUBLING + (int) (seconds >>> dropped) - IN_DOUBLING;
  }

  /** The rounded time of a number, in seconds. */
  static long seconds(int number) {
    if (number < EXACT) {
      return number;
    }
    int dropped = (number - EXACT) / IN_DOUBLING + 1;
    return ((number - EXACT) % IN_DOUBLING + (long) IN_DOUBLING) << dropped;
  }
}
