package io.tenure.jobs.metric;

import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import java.io.Serializable;

/** What a spell is: when a user comes, and when a user has left. */
interface SpellRule extends Serializable {
  /** The rule of {@code churn.mode}. */
  static SpellRule of(Scope scope) {
    return switch (scope.config().churn().mode()) {
      case INACTIVITY -> SilenceRule.of(scope);
      case CANCELLATION -> SubscriptionRule.of(scope.config());
    };
  }

  /**
   * The spells of one user; none for a user who was never there.
   *
   * @param history the days before the end of knowledge
   */
  Spells spells(History history);

  /**
   * Whether a user may be there when a day begins, as far as the last day of the user's history
   * tells: of most who are gone, nothing else need be read.
   */
  default boolean mayBeThere(int lastDay, int day) {
    return true;
  }

  /**
   * The end of knowledge from which a churn is known: days before it are over, and the churn
   * follows from them.
   *
   * @param churn the churn day of a spell
   */
  int knownFrom(int churn);
}
