package io.tenure.jobs.sample;

import java.util.Locale;
import java.util.SplittableRandom;

/** What a user pays for, and how much longer those stay who pay more. */
enum Plan {
  FREE(0.80, 1.15, 0.95, 0.02),
  BASIC(0.14, 0.60, 1.10, 0.05),
  PRO(0.06, 0.25, 1.30, 0.08);

  private static final double UPGRADES_PER_ACTIVE_DAY = 0.006;
  private static final double DOWNGRADES_PER_ACTIVE_DAY = 0.003;

  private final double shareAtBirth;

  /** Multiplies the hazard of leaving. */
  final double hazard;

  /** Multiplies the probability of a day with activity. */
  final double activity;

  /** The share of events that are purchases, 0 to 1. */
  final double purchases;

  Plan(double shareAtBirth, double hazard, double activity, double purchases) {
    this.shareAtBirth = shareAtBirth;
    this.hazard = hazard;
    this.activity = activity;
    this.purchases = purchases;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Plan atBirth(SplittableRandom random) {
    double draw = random.nextDouble();
    if (draw < PRO.shareAtBirth) {
      return PRO;
    }
    return draw < PRO.shareAtBirth + BASIC.shareAtBirth ? BASIC : FREE;
  }

  /** The plan after one more active day: mostly the same, else one step up or down. */
  Plan next(SplittableRandom random) {
    double draw = random.nextDouble();
    if (draw < UPGRADES_PER_ACTIVE_DAY && this != PRO) {
      return values()[ordinal() + 1];
    }
    if (draw > 1 - DOWNGRADES_PER_ACTIVE_DAY && this != FREE) {
      return values()[ordinal() - 1];
    }
    return this;
  }
}
