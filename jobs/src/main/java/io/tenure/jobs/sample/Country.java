package io.tenure.jobs.sample;

import java.util.SplittableRandom;

/** Where a user is; the offset from UTC moves the hours of the day at which people are awake. */
enum Country {
  US(0.35, -6),
  IN(0.22, 5),
  DE(0.18, 1),
  BR(0.15, -3),
  JP(0.10, 9);

  private final double share;
  private final int hoursFromUtc;

  Country(double share, int hoursFromUtc) {
    this.share = share;
    this.hoursFromUtc = hoursFromUtc;
  }

  static Country any(SplittableRandom random) {
    double draw = random.nextDouble();
    for (Country country : values()) {
      draw -= country.share;
      if (draw < 0) {
        return country;
      }
    }
    return JP;
  }

  /** Microseconds since midnight UTC of a waking moment here: 07:00 to 23:00, mostly afternoon. */
  long wakingMicros(SplittableRandom random) {
    double localHour = 7 + 8 * (random.nextDouble() + random.nextDouble());
    return (long) (((localHour - hoursFromUtc + 24) % 24) * 3_600_000_000L);
  }
}
