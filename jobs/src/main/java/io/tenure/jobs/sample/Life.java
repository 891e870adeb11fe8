package io.tenure.jobs.sample;

import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * One person between the first day and the last of the log: engaged or gone, and meanwhile changing
 * plan, device and country. Days are lived one after the other with {@link #isActiveOn}.
 *
 * <p>The hazard of leaving falls with tenure, as it does in real products: most who leave do so in
 * the first weeks, and a cohort settles on those who have made a habit of it. Some of the gone come
 * back, as if they were two weeks old.
 */
final class Life {
  /** The hazard per day: a floor for all, a part that fades in weeks, a part that fades in days. */
  private static final double HAZARD_FLOOR = 0.004;

  private static final double HAZARD_OF_WEEKS = 0.050;
  private static final double WEEKS_FADE_DAYS = 30;
  private static final double HAZARD_OF_DAYS = 0.125;
  private static final double DAYS_FADE_DAYS = 5;

  private static final double COMEBACK_PER_DAY = 0.0008;
  private static final int TENURE_AFTER_COMEBACK = 14;

  private static final double NEW_DEVICE_PER_ACTIVE_DAY = 0.002;
  private static final double TRIP_PER_ACTIVE_DAY = 0.004;
  private static final double TRIP_ENDS_PER_DAY = 0.2;

  private final SplittableRandom random;
  private final Country home;

  /** How much this person likes the product, 0 to 1. */
  private final double affinity;

  private Country country;
  private Platform platform;
  private Plan plan;
  private boolean born;
  private boolean engaged = true;
  private int tenure;

  Life(SplittableRandom random) {
    this.random = random;
    this.home = Country.any(random);
    this.country = home;
    this.platform = Platform.any(random);
    this.plan = Plan.atBirth(random);
    this.affinity = random.nextDouble();
  }

  /** Lives one day, and tells whether it has activity. The first day always has. */
  boolean isActiveOn(LocalDate day) {
    if (!born) {
      born = true;
      return true;
    }
    age();
    if (!engaged || random.nextDouble() >= activity(day)) {
      return false;
    }
    move();
    return true;
  }

  private void age() {
    if (engaged) {
      engaged = random.nextDouble() >= hazard();
      tenure++;
    } else if (random.nextDouble() < COMEBACK_PER_DAY) {
      engaged = true;
      tenure = TENURE_AFTER_COMEBACK;
    }
    if (country != home && random.nextDouble() < TRIP_ENDS_PER_DAY) {
      country = home;
    }
  }

  private double hazard() {
    double byTenure =
        HAZARD_FLOOR
            + HAZARD_OF_WEEKS * StrictMath.exp(-tenure / WEEKS_FADE_DAYS)
            + HAZARD_OF_DAYS * StrictMath.exp(-tenure / DAYS_FADE_DAYS);
    return byTenure * plan.hazard * platform.hazard * (1.6 - 1.2 * affinity);
  }

  private double activity(LocalDate day) {
    double byWeekday =
        switch (day.getDayOfWeek()) {
          case MONDAY, TUESDAY, WEDNESDAY, THURSDAY -> 1.05;
          case FRIDAY -> 0.98;
          case SATURDAY, SUNDAY -> 0.90;
        };
    return Math.min(0.97, (0.17 + 0.60 * affinity) * plan.activity * byWeekday);
  }

  private void move() {
    if (random.nextDouble() < NEW_DEVICE_PER_ACTIVE_DAY) {
      platform = Platform.any(random);
    }
    if (random.nextDouble() < TRIP_PER_ACTIVE_DAY) {
      country = Country.any(random);
    }
  }

  /** Tries another plan, once an active day; the change, if any, is in force at once. */
  Plan reconsiderPlan() {
    plan = plan.next(random);
    return plan;
  }

  /** Events of an active day: 1 to 40, about 4; more for those who like the product. */
  int eventsOfDay() {
    double mean = 2 + 3 * affinity;
    double draw = 1 - random.nextDouble();
    return 1 + (int) Math.min(39, -mean * StrictMath.log(draw));
  }

  Country country() {
    return country;
  }

  Platform platform() {
    return platform;
  }

  Plan plan() {
    return plan;
  }
}
