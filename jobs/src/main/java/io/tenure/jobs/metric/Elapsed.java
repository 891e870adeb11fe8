package io.tenure.jobs.metric;

/**
 * Elapsed times as few numbers, so that users can be counted by them: seconds below an hour,
 * minutes below a day, hours from there on, each rounded down.
 */
final class Elapsed {
  private static final long MICROS = 1_000_000;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private static final int FIRST_OF_MINUTES = HOUR;
  private static final int FIRST_OF_HOURS = FIRST_OF_MINUTES + (DAY - HOUR) / MINUTE;

  private Elapsed() {}

  /** The number of an elapsed time, 0 or more, which rises with it. */
  static int number(long micros) {
    long seconds = micros / MICROS;
    if (seconds < HOUR) {
      return (int) seconds;
    }
    return seconds < DAY
        ? FIRST_OF_MINUTES + (int) (seconds - HOUR) / MINUTE
        : Math.toIntExact(FIRST_OF_HOURS + (seconds - DAY) / HOUR);
  }

  /** The rounded time of a number, in seconds. */
  static long seconds(int number) {
    if (number < FIRST_OF_MINUTES) {
      return number;
    }
    return number < FIRST_OF_HOURS
        ? HOUR + (long) (number - FIRST_OF_MINUTES) * MINUTE
        : DAY + (long) (number - FIRST_OF_HOURS) * HOUR;
  }
}
