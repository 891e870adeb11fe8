package io.tenure.jobs.metric;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import java.io.Serializable;
import java.util.Optional;

/**
 * How a user stands when a day begins: the situation that users are compared by, from days before
 * that day alone.
 *
 * <p>A situation is the stage of life, how far the silence has come, in quarters of {@code
 * churn.inactive-days}, and the {@link Sign}s there are; of a user who pauses, no signs of use.
 *
 * @param inactiveDays the unit of the silence
 * @param horizon a prediction made when a day begins looks at so many days, that one included
 */
record Outlook(
    SpellRule rule,
    int active,
    int inactiveDays,
    int horizon,
    Stages stages,
    SubscriptionSigns subscription)
    implements Serializable {
  /**
   * Quarters of {@code inactive-days}; behind them a longer silence, no activity ever, and a
   * silence that a pause explains.
   */
  private static final int QUARTERS = 4;

  private static final int SILENT_FOR_LONGER = QUARTERS;
  private static final int NEVER_ACTIVE = QUARTERS + 1;
  private static final int PAUSED = QUARTERS + 2;

  /** The number of lengths of silence that are told apart. */
  static final int SILENCES = QUARTERS + 3;

  /** The number of situations in one stage. */
  static final int SITUATIONS = SILENCES << Sign.COUNT;

  private static final int ACTIVATION_DAYS = 7;

  static Outlook of(Scope scope) {
    TenureConfig config = scope.config();
    return new Outlook(
        SpellRule.of(scope),
        config.activityIndex("active"),
        config.churn().inactiveDays(),
        config.churn().horizon(),
        Stages.of(config.churn()),
        SubscriptionSigns.of(config));
  }

  /** The silence of a situation. */
  static int silence(int situation) {
    return situation >> Sign.COUNT;
  }

  /** The signs of a situation. */
  static int signs(int situation) {
    return situation & (1 << Sign.COUNT) - 1;
  }

  /**
   * The spell of a user who is there, as far as is known when a day begins.
   *
   * @return -1 if the user is not there
   */
  int spell(Spells spells, int day) {
    for (int spell = spells.size() - 1; spell >= 0; spell--) {
      if (spells.start(spell) < day) {
        return rule.knownFrom(spells.churn(spell)) > day ? spell : -1;
      }
    }
    return -1;
  }

  /** When it is known who of those who are there when a day begins churns within the horizon. */
  int knownFrom(int day) {
    return rule.knownFrom(day + horizon - 1);
  }

  /** The stage of a user when a day begins. */
  int stage(Spells spells, int day) {
    return stages.at(Tenures.months(spells.birth(), day));
  }

  /**
   * The situation of a user who is there when a day begins, below {@link #SITUATIONS}.
   *
   * @param back moved to that day
   */
  int situation(History history, LookBack back, Spells spells, int spell, int day) {
    int signs = 0;
    if (subscription.paymentFailures(history, spells, spell, day) > 0) {
      signs |= Sign.PAYMENT_FAILED.bit();
    }
    Optional<Terms.Term> term = subscription.term(history, spells, spell, day);
    if (term.isPresent() && term.get().end() < day + horizon && term.get().isInSecondHalf(day)) {
      signs |= Sign.TERM_ENDS_SOON.bit();
    }
    if (subscription.isPaused(spells, day)) {
      return PAUSED << Sign.COUNT | signs;
    }
    return silence(back) << Sign.COUNT | signs | signsOfUse(back, day - spells.birth());
  }

  private int silence(LookBack back) {
    return back.activeDays() == 0
        ? NEVER_ACTIVE
        : (int) Math.min(SILENT_FOR_LONGER, (long) QUARTERS * back.silence() / inactiveDays);
  }

  /**
   * @param age days since birth, that of birth included
   */
  private static int signsOfUse(LookBack back, int age) {
    int signs = 0;
    if (back.activeDays() > 0) {
      signs |= back.isBeyondHabit() ? Sign.SILENT_BEYOND_OWN_HABIT.bit() : 0;
      signs |= 2 * back.last28() < back.prior28() ? Sign.DECLINING_USE.bit() : 0;
    }
    if (back.activeDays() <= 1 && age > ACTIVATION_DAYS) {
      signs |= Sign.NEVER_ACTIVATED.bit();
    }
    if (age >= UsageHabit.SPECTRUM_DAYS && back.last84() < UsageHabit.MONTHLY) {
      signs |= Sign.BELOW_MONTHLY_USE.bit();
    }
    return signs;
  }
}
