package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who could leave: whose term ends in a period. A term begins with the spell, or with the last
 * renewal, and ends every so many months after.
 *
 * @param dimension the position of the dimension {@code contract}
 * @param months of a term, by its values; a user with any other value has no known term
 * @param calendar calendar months
 */
record Terms(int dimension, Map<String, Integer> months, Periods calendar) implements Serializable {
  private static final String CONTRACT = "contract";

  /** The terms of a subscription log that has the dimension; null for other logs. */
  static Terms of(TenureConfig config) {
    int dimension = config.dimensions().indexOf(CONTRACT);
    return config.churn().mode() == ChurnConfig.Mode.CANCELLATION && dimension >= 0
        ? new Terms(
            dimension, new HashMap<>(config.churn().contract()), config.periods(Grain.MONTH))
        : null;
  }

  /**
   * Whether a term ends in {@code [from, to)}, whole months, for a spell that began before.
   *
   * <p>Adding months to a date always lands in the calendar month that is so many months later, so
   * months are enough.
   */
  boolean endsIn(History history, Spells spells, int spell, int from, int to) {
    Integer term = months.get(history.segment(dimension, from - 1));
    if (term == null) {
      return false;
    }
    int began = calendar.of(spells.termStart(spell, from));
    int before = (calendar.of(from) - 1 - began) / term;
    int after = (calendar.of(to - 1) - began) / term;
    return after > before;
  }

  /**
   * A term: the days {@code [start, end)}.
   *
   * @param start an epoch day
   */
  record Term(int start, int end) {
    /** Whether more than half of it is over when a day begins. */
    boolean isInSecondHalf(int day) {
      return 2 * (day - start) > end - start;
    }
  }

  /**
   * The term that a spell is in when {@code day} begins: it ends on that day or later, and is the
   * first one that does.
   *
   * @return empty if the user has no known term
   */
  Optional<Term> term(History history, Spells spells, int spell, int day) {
    Integer term = months.get(history.segment(dimension, day - 1));
    if (term == null) {
      return Optional.empty();
    }
    LocalDate began = KnownDates.of(spells.termStart(spell, day));
    LocalDate from = KnownDates.of(day);
    long terms = Math.max(0, ChronoUnit.MONTHS.between(began, from) / term);
    LocalDate end = began.plusMonths(terms * term);
    while (end.isBefore(from) || terms == 0) {
      terms++;
      end = began.plusMonths(terms * term);
    }
    LocalDate start = began.plusMonths((terms - 1) * term);
    return Optional.of(
        new Term(Math.toIntExact(start.toEpochDay()), Math.toIntExact(end.toEpochDay())));
  }
}
