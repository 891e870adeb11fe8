package io.tenure.jobs.metric;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;

/**
 * A spell is a run of the activity {@code active} without a silence of {@code churn.inactive-days}
 * full days.
 *
 * @param end the day that starts when knowledge ends
 */
record SilenceRule(int activity, int inactiveDays, int end) implements SpellRule {
  private static final String ACTIVE = "active";

  static SilenceRule of(Scope scope) {
    TenureConfig config = scope.config();
    return new SilenceRule(
        config.activityIndex(ACTIVE), config.churn().inactiveDays(), scope.end());
  }

  @Override
  public Spells spells(History history) {
    return Spells.bySilence(history.days(activity), inactiveDays, end);
  }

  @Override
  public boolean mayBeThere(int lastDay, int day) {
    return (long) lastDay + inactiveDays + 1 > day;
  }

  /** The last silent day is the one before. */
  @Override
  public int knownFrom(int churn) {
    return churn;
  }
}
