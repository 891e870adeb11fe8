package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.math.MathContext;

/** Ratios as the page carries them: to five significant digits, which is more than it shows. */
final class Rounded {
  private static final MathContext DIGITS = new MathContext(5);

  private Rounded() {}

  /** The ratio, shortened; null stays null. */
  static BigDecimal of(Double ratio) {
    return ratio == null || !Double.isFinite(ratio)
        ? null
        : new BigDecimal(ratio).round(DIGITS).stripTrailingZeros();
  }
}
