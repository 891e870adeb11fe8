package io.tenure.jobs.protect;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far retention looks, by grain. While it reaches every cohort there is, the cohorts of a
 * period add up to the users active in it; later, nobody counts the oldest ones any more.
 */
final class Reach {
  private final TreeMap<String, Integer> periods = new TreeMap<>();
  private final Set<String> recurring = new HashSet<>();

  private final Lonely lonely;
  private final LocalDate end;

  /**
   * @param asOf the last day that counts
   */
  Reach(TenureConfig config, LocalDate asOf) {
    this.end = asOf.plusDays(1);
    int silence = config.churn().inactiveDays() + 1;
    this.lonely =
        config.churn().mode() == ChurnConfig.Mode.CANCELLATION
            ? null
            : new Lonely(silence, asOf.plusDays(1L - silence));
    for (RetentionConfig retention : config.retention()) {
      if (retention.cohort() == RetentionConfig.Cohort.RECURRING) {
        recurring.add(retention.name());
      }
      int brackets = retention.brackets().stream().mapToInt(Integer::intValue).max().orElse(0);
      retention
          .grains()
          .forEach(
              (grain, horizon) ->
                  periods.merge(grain.label(), Math.max(horizon, brackets), Math::max));
    }
  }

  /** The first cohort that does not belong to the early ones, of a log that begins with one. */
  LocalDate firstLate(Question question, LocalDate first) {
    int reach = periods.get(question.grain());
    if (question.grain().equals(Grain.DAY.label())) {
      return first.plusDays(reach);
    }
    return question.grain().equals(Grain.WEEK.label())
        ? first.plusWeeks(reach)
        : first.plusMonths(reach);
  }

  /**
   * The tenure in days at which everybody who never came back is lost, and its cohort: who of it is
   * not lost by the end of the log is who came back; null where silence loses nobody.
   */
  Lonely lonely() {
    return lonely;
  }

  /**
   * Whether lives begin with a subscription: no table says how many begin on a day, so a life table
   * may be of few anywhere.
   */
  boolean livesBeginUnseen() {
    return lonely == null;
  }

  /** The first day that is not known. */
  LocalDate end() {
    return end;
  }

  /** The first tenure in days at which anybody may be lost. */
  int firstLoss() {
    return lonely == null ? 0 : lonely.tenure();
  }

  /** A tenure in days, and the cohort that has just reached it. */
  record Lonely(int tenure, LocalDate cohort) {}

  /** Whether users join every period, so that the next one is what growth retains. */
  boolean isRecurring(Question question) {
    return recurring.contains(question.name());
  }
}
