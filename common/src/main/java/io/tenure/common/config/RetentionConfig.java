package io.tenure.common.config;

import io.tenure.common.calendar.Grain;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One retention question.
 *
 * @param name in the column {@code retention}
 * @param cohort how a user gets into a cohort
 * @param start the activity that opens the cohort
 * @param returning the activity that counts as coming back (key {@code return})
 * @param grains the last period computed, by grain (day, week, month)
 * @param brackets bounds of bracket rows, in periods of each grain; empty or at least two,
 *     ascending: {@code [0, 1, 7]} gives [0, 1) and [1, 7)
 */
public record RetentionConfig(
    String name,
    Cohort cohort,
    String start,
    String returning,
    Map<Grain, Integer> grains,
    List<Integer> brackets)
    implements Serializable {

  /** How a user gets into a cohort. */
  public enum Cohort {
    /** On the day of the very first event, if that event is a start activity. */
    FIRST,
    /** On the day of the first start activity. */
    FIRST_MATCHING,
    /** In every period with a start activity: denominators count user-periods. */
    RECURRING;

    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
