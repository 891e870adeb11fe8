package io.tenure.common.config;

import java.util.Locale;

/** What can happen to a subscription. */
public enum SubscriptionEvent {
  START,
  CANCEL,
  PAUSE,
  RESUME,
  DOWNGRADE,
  UPGRADE,
  PAYMENT_FAILED,
  RENEWAL;

  /** The name in configuration: {@code start}, {@code payment-failed}, … */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
