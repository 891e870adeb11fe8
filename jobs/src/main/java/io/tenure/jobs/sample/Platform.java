package io.tenure.jobs.sample;

import java.util.Locale;
import java.util.SplittableRandom;

/** What a user holds in hand; an app on the home screen keeps people better than a browser tab. */
enum Platform {
  IOS(0.35, 0.80),
  ANDROID(0.40, 1.00),
  WEB(0.25, 1.45);

  private final double share;

  /** Multiplies the hazard of leaving. */
  final double hazard;

  Platform(double share, double hazard) {
    this.share = share;
    this.hazard = hazard;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Platform any(SplittableRandom random) {
    double draw = random.nextDouble();
    if (draw < IOS.share) {
      return IOS;
    }
    return draw < IOS.share + ANDROID.share ? ANDROID : WEB;
  }
}
