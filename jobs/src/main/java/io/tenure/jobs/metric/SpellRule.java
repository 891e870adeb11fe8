package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import java.io.Serializable;

/**
 * What a spell is: a run of activity {@code active} without a silence of {@code
 * churn.inactive-days} full days.
 *
 * @param end the day that starts when knowledge ends
 */
record SpellRule(int activity, int inactiveDays, int end) implements Serializable {
  private static final String ACTIVE = "active";

  static SpellRule of(Scope scope) {
    TenureConfig config = scope.config();
    return new SpellRule(config.activityIndex(ACTIVE), config.churn().inactiveDays(), scope.end());
  }

  /** The spells of one user; none for a user who was never there. */
  Spells spells(History history) {
    return Spells.bySilence(history.days(activity), inactiveDays, end);
  }
}
