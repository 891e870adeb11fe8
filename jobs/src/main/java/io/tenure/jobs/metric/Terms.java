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
 * Who could leave: whose term ends in a period. Terms begin with the spell and follow one another,
 * each so many months long. A renewal in the second half of a term is for the next one, which
 * begins when this one ends; in the first half it is late, or a new contract, and a term begins on
 * that day.
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
   * Where the terms of a spell stand.
   *
   * @param base the day on which a term begins, from which the following ones are counted; not yet
   *     over where a renewal came early
   * @param endsTerm whether another term ends on that day
   */
  private record Standing(int base, boolean endsTerm) {}

  /** The standing of a spell by its renewals before {@code day}. */
  private Standing standing(History history, Spells spells, int spell, int day) {
    Standing standing = new Standing(spells.start(spell), false);
    for (int renewal : spells.renewals(spell, day)) {
      if (renewal > standing.base()) {
        standing = renewed(standing.base(), renewal, months(history, renewal));
      }
    }
    return standing;
  }

  private static Standing renewed(int base, int renewal, Integer length) {
    if (length != null) {
      LocalDate first = KnownDates.of(base);
      long over = ChronoUnit.MONTHS.between(first, KnownDates.of(renewal)) / length;
      Term running =
          new Term(
              day(first.plusMonths(over * length)), day(first.plusMonths((over + 1) * length)));
      if (running.isInSecondHalf(renewal)) {
        return new Standing(running.end(), true);
      }
    }
    return new Standing(renewal, false);
  }

  /** The months of a term under the contract in force before a day; null if not known. */
  private Integer months(History history, int day) {
    return months.get(history.segment(dimension, day - 1));
  }

  private static int day(LocalDate date) {
    return Math.toIntExact(date.toEpochDay());
  }

  /**
   * Whether a term ends in {@code [from, to)}, whole months, for a spell that began before.
   *
   * <p>Adding months to a date always lands in the calendar month that is so many months later, so
   * months are enough.
   */
  boolean endsIn(History history, Spells spells, int spell, int from, int to) {
    Integer length = months(history, from);
    if (length == null) {
      return false;
    }
    Standing standing = standing(history, spells, spell, from);
    if (standing.endsTerm() && standing.base() >= from && standing.base() < to) {
      return true;
    }
    int began = calendar.of(standing.base());
    int before = calendar.of(from) - 1 - began;
    int after = calendar.of(to - 1) - began;
    return after > 0 && after / length > Math.max(0, before) / length;
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
   * first one that does and is not renewed yet.
   *
   * @return empty if the user has no known term
   */
  Optional<Term> term(History history, Spells spells, int spell, int day) {
    Integer term = months(history, day);
    if (term == null) {
      return Optional.empty();
    }
    LocalDate began = KnownDates.of(standing(history, spells, spell, day).base());
    LocalDate from = KnownDates.of(day);
    long terms = Math.max(0, ChronoUnit.MONTHS.between(began, from) / term);
    LocalDate end = began.plusMonths(terms * term);
    while (end.isBefore(from) || terms == 0) {
      terms++;
      end = began.plusMonths(terms * term);
    }
    LocalDate start = began.plusMonths((terms - 1) * term);
    return Optional.of(new Term(day(start), day(end)));
  }
}
