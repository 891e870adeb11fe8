package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.Values;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Who could leave: whose term ends in a period. Terms begin with the spell and follow one another,
 * each so many months long, counted from the first day of the contract: one from the 31st ends with
 * the last day of a shorter month, and the next one on a 31st again. A renewal in the second half
 * of a term is for the next one, which begins when this one ends; one on the first day of a term is
 * for that one. Either goes on with the contract, unless it changes the length of its terms. In the
 * rest of the first half it is late, or a new contract. The first day of another contract is that
 * of its first term. A day on which terms get another length is one of renewal, whether the log
 * says so or not.
 *
 * @param dimension the position of the dimension {@code contract}
 * @param months of a term, by its values; a user with any other value has no known term
 * @param calendar calendar months
 */
record Terms(int dimension, Map<String, Integer> months, Periods calendar) implements Serializable {
  /** The terms of a subscription log that has the dimension; null for other logs. */
  static Terms of(TenureConfig config) {
    int dimension = config.dimensions().indexOf(ChurnConfig.CONTRACT);
    return config.churn().mode() == ChurnConfig.Mode.CANCELLATION && dimension >= 0
        ? new Terms(
            dimension, new HashMap<>(config.churn().contract()), config.periods(Grain.MONTH))
        : null;
  }

  /**
   * Where the terms of a spell stand.
   *
   * @param anchor the first day of the contract, from which all its terms are counted
   * @param over months from there to the day on which a term begins, from which the following ones
   *     are counted; that day is not yet over where a renewal came early
   */
  private record Standing(LocalDate anchor, int over) {
    static Standing from(LocalDate anchor) {
      return new Standing(anchor, 0);
    }

    LocalDate base() {
      return begin(0, 0);
    }

    /** The first day of the {@code number}-th term after the base, from 0. */
    private LocalDate begin(int number, int length) {
      return anchor.plusMonths(over + (long) number * length);
    }

    /** The number of the term that a day lies in, which is not before the base. */
    private int number(LocalDate day, int length) {
      long months = YearMonth.from(anchor).until(YearMonth.from(day), ChronoUnit.MONTHS);
      int number = Math.toIntExact((months - over) / length);
      return begin(number, length).isAfter(day) ? number - 1 : number;
    }

    /** The term that a day lies in, which is not before the base. */
    Term term(LocalDate day, int length) {
      int number = number(day, length);
      return new Term(day(begin(number, length)), day(begin(number + 1, length)));
    }

    /**
     * @param renewal a day after the base
     * @param length the months of a term until then; null if not known
     * @param next those of the terms to come
     */
    Standing renewed(LocalDate renewal, Integer length, Integer next) {
      if (length == null) {
        return from(renewal);
      }
      Term running = term(renewal, length);
      boolean early = running.isInSecondHalf(day(renewal));
      if (!early && running.start() < day(renewal)) {
        return from(renewal);
      }
      int number = number(renewal, length) + (early ? 1 : 0);
      return length.equals(next)
          ? new Standing(anchor, over + number * length)
          : from(begin(number, length));
    }
  }

  /** The days before {@code day} on which a spell is renewed, or its terms get another length. */
  private int[] turns(History history, Spells spells, int spell, int day) {
    int[] renewals = spells.renewals(spell, day);
    Values contracts = history.values(dimension);
    int[] changes =
        IntStream.range(1, contracts.size())
            .filter(at -> contracts.start(at) > spells.start(spell) && contracts.start(at) < day)
            .filter(
                at ->
                    !Objects.equals(
                        months.get(contracts.value(at - 1)), months.get(contracts.value(at))))
            .map(contracts::start)
            .toArray();
    return changes.length == 0
        ? renewals
        : IntStream.concat(IntStream.of(renewals), IntStream.of(changes))
            .sorted()
            .distinct()
            .toArray();
  }

  /** The standing of a spell by what befell its contract before {@code day}. */
  private Standing standing(History history, Spells spells, int spell, int day) {
    Standing standing = Standing.from(KnownDates.of(spells.start(spell)));
    for (int turn : turns(history, spells, spell, day)) {
      LocalDate date = KnownDates.of(turn);
      Integer length = months(history, turn);
      Integer next = months(history, turn + 1);
      if (date.isAfter(standing.base())) {
        standing = standing.renewed(date, length, next);
      } else if (!Objects.equals(length, next)) {
        // The term that an early renewal is for has yet to begin: it begins another contract.
        standing = Standing.from(standing.base());
      }
    }
    return standing;
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
    // A base that is still to come is the end of a term that was renewed early, whatever follows.
    int base = day(standing(history, spells, spell, from).base());
    if (base >= from && base < to) {
      return true;
    }
    Integer length = months(history, from);
    if (length == null) {
      return false;
    }
    int began = calendar.of(base);
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
    /** Whether half of it or more is over when a day begins. */
    boolean isInSecondHalf(int day) {
      return 2 * (day - start) >= end - start;
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
    Standing standing = standing(history, spells, spell, day);
    // A term that ends when the day begins is still the one that the day before lies in.
    LocalDate before = KnownDates.of(day - 1);
    LocalDate base = standing.base();
    return Optional.of(standing.term(before.isBefore(base) ? base : before, term));
  }
}
