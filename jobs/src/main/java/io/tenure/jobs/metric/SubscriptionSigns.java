package io.tenure.jobs.metric;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * What a subscription says of a user beside the days of activity: payments that failed, and the end
 * of the term.
 *
 * @param failedBit the bit of the event payment-failed; -1 if the log has none
 * @param terms null if terms are not known
 */
record SubscriptionSigns(int failedBit, Terms terms) implements Serializable {
  private static final int DAYS = 28;

  /** For a log without subscriptions, of which nothing is known. */
  static SubscriptionSigns of(TenureConfig config) {
    int failed =
        config.churn().mode() == ChurnConfig.Mode.CANCELLATION
            ? HistoryLayout.subscriptionEvents(config).indexOf(SubscriptionEvent.PAYMENT_FAILED)
            : -1;
    return new SubscriptionSigns(
        failed < 0 ? -1 : HistoryLayout.firstSubscriptionBit(config) + failed, Terms.of(config));
  }

  /** Whether the log tells of failed payments. */
  boolean knowsPayments() {
    return failedBit >= 0;
  }

  /**
   * The days among the last 28 with a failed payment, in the spell and after its last renewal.
   *
   * @param day the end of knowledge
   */
  int paymentFailures(History history, Spells spells, int spell, int day) {
    if (!knowsPayments()) {
      return 0;
    }
    int term = spells.termStart(spell, day);
    // A renewal pays for what failed before it, on the same day too; a start does not.
    int from = Math.max(day - DAYS, term == spells.start(spell) ? term : term + 1);
    int failures = 0;
    for (int at = history.size() - 1; at >= 0 && history.day(at) >= from; at--) {
      failures += history.day(at) < day && history.has(at, failedBit) ? 1 : 0;
    }
    return failures;
  }

  /** The day on which the term ends, an epoch day; empty if that is not known. */
  OptionalInt termEnd(History history, Spells spells, int spell, int day) {
    return terms == null ? OptionalInt.empty() : terms.endOn(history, spells, spell, day);
  }
}
