package io.tenure.jobs.metric;

import io.tenure.common.calendar.Periods;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import java.io.Serializable;
import java.util.Arrays;

/** The days on which a user enters a cohort: the definition of birth. */
record Births(RetentionConfig.Cohort cohort, int start, boolean openings, Periods periods)
    implements Serializable {
  private static final int[] NONE = {};

  static Births of(RetentionConfig retention, TenureConfig config, Periods periods) {
    return new Births(
        retention.cohort(),
        config.activityIndex(retention.start()),
        HistoryShape.needsOpenings(retention, config),
        periods);
  }

  /** The birth days, ascending: none or one, or under {@code recurring} one a period. */
  int[] days(History history) {
    if (history.size() == 0) {
      return NONE;
    }
    return switch (cohort) {
      case FIRST -> {
        boolean matches = openings ? history.opensWith(0, start) : history.has(0, start);
        yield matches ? new int[] {history.day(0)} : NONE;
      }
      case FIRST_MATCHING -> {
        int[] starts = history.days(start);
        yield starts.length == 0 ? NONE : new int[] {starts[0]};
      }
      case RECURRING -> firstDays(history.days(start));
    };
  }

  /** The first start of each period that has one. */
  private int[] firstDays(int[] starts) {
    int[] births = new int[starts.length];
    int size = 0;
    for (int start : starts) {
      if (size == 0 || periods.of(births[size - 1]) != periods.of(start)) {
        births[size++] = start;
      }
    }
    return Arrays.copyOf(births, size);
  }
}
