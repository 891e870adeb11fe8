package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Ratios as the page carries them: to five significant digits, which is more than it shows. The
 * rest is cut off, not rounded: rounded twice, 98.6495 % would read 98.7 %. The digits are those
 * that tell the number from all others: 2.3 is 2.3, though no double is.
 */
final class Rounded {
  private static final MathContext DIGITS = new MathContext(5, RoundingMode.DOWN);

  private Rounded() {}

  /** The ratio, shortened; null stays null. */
  static BigDecimal of(Double ratio) {
    return ratio == null || !Double.isFinite(ratio)
        ? null
        : BigDecimal.valueOf(ratio).round(DIGITS).stripTrailingZeros();
  }
}
