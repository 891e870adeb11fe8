package io.tenure.jobs.metric;

import io.tenure.common.config.InputConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts as tables have them. */
final class Money {
  private Money() {}

  /** An amount by its number of the smallest units. */
  static BigDecimal of(long unscaled) {
    return BigDecimal.valueOf(unscaled, InputConfig.AMOUNT_SCALE);
  }

  /** What each of so many has of an amount, halves up, as amounts are read. */
  static BigDecimal each(BigDecimal amount, long of) {
    return amount.divide(BigDecimal.valueOf(of), InputConfig.AMOUNT_SCALE, RoundingMode.HALF_UP);
  }
}
