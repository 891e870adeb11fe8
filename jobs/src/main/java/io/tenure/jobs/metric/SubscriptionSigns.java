package io.tenure.jobs.metric;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a subscription says of a user beside the days of activity: payments that failed, the term,
 * and whether it is paused.
 *
 * @param failedBit the bit of the event payment-failed; -1 if the log has none
 * @param lastEvent the dimension that names the last subscription event of a day
 * @param terms null if terms are not known
 */
record SubscriptionSigns(int failedBit, int lastEvent, Terms terms) implements Serializable {
  private static final int DAYS = UsageHabit.HABIT_DAYS;

  /** For a log without subscriptions, of which nothing is known. */
  static SubscriptionSigns of(TenureConfig config) {
    int failed =
        config.churn().mode() == ChurnConfig.Mode.CANCELLATION
            ? HistoryLayout.subscriptionEvents(config).indexOf(SubscriptionEvent.PAYMENT_FAILED)
            : -1;
    return new SubscriptionSigns(
        failed < 0 ? -1 : HistoryLayout.firstSubscriptionBit(config) + failed,
        HistoryLayout.lastSubscriptionEvent(config),
        Terms.of(config));
  }

  /** Whether the log tells of failed payments. */
  boolean knowsPayments() {
    return failedBit >= 0;
  }

  /**
   * The days among the last 28 with a failed payment, in the spell and after its last renewal. Of a
   * day with both, it is the last event that counts.
   *
   * @param day the end of knowledge
   */
  int paymentFailures(History history, Spells spells, int spell, int day) {
    if (!knowsPayments()) {
      return 0;
    }
    int[] renewals = spells.renewals(spell, day);
    boolean renewed = renewals.length > 0;
    int term = renewed ? renewals[renewals.length - 1] : spells.start(spell);
    int failures = 0;
    for (int at = history.sizeBefore(day) - 1; at >= 0; at--) {
      int that = history.day(at);
      if (that < Math.max(day - DAYS, term)) {
        break;
      }
      boolean paid = renewed && that == term && !FAILED.equals(history.segmentOfDay(lastEvent, at));
      failures += history.has(at, failedBit) && !paid ? 1 : 0;
    }
    return failures;
  }

  private static final String FAILED = SubscriptionEvent.PAYMENT_FAILED.name();

  /** The present term; empty if that is not known. */
  Optional<Terms.Term> term(History history, Spells spells, int spell, int day) {
    return terms == null ? Optional.empty() : terms.term(history, spells, spell, day);
  }

  /** Whether the subscription is paused when a day begins. */
  boolean isPaused(Spells spells, int day) {
    return spells.pausedDays(day - 1, day) > 0;
  }
}
