package io.tenure.jobs.metric;

import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Who is there when a period starts, who comes, who goes: counted by period and stage, one vector
 * of sums for each segment value.
 *
 * <p>A spell that began before a period counts under the values known when the period starts (those
 * as of the day before), a spell begun in it under those of the spell's first day. The stage is
 * that of the tenure on the first day of the period; before birth it is the first stage.
 */
final class ChurnFlow implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What is counted, in this order, for each period and stage. */
  enum Sum {
    /** Spells begun before the period and not ended before its first day. */
    USERS_AT_START,
    /** Of them, those that end in the period. */
    CHURNED,
    SPELLS_BEGUN,
    /** Spells that begin and end in the period. */
    JOINED_AND_CHURNED,
    /** Ends of first spells, of either kind. */
    FIRST_SPELL_CHURNS,
    /** Users alive at the end who have the value then and had another before; and the reverse. */
    MOVED_IN,
    MOVED_OUT,
    /** Days of the period in spells, neither the churn day nor pauses included. */
    PERSON_DAYS,
    /** Of those at the start, who is paused then. */
    PAUSED,
    /** Of those at the start, whose term ends in the period; and of them, who churns in it. */
    COULD_LEAVE,
    COULD_LEAVE_CHURNED;

    static final int COUNT = values().length;
  }

  private final String table;
  private final int part;
  private final Periods periods;
  private final Stages stages;
  private final List<String> dimensions;
  private final Terms terms;
  private final int end;
  private final int first;
  private final int last;

  /**
   * @param dimensions the first dimensions of the histories, or none of them
   * @param scope what is counted begins with the period of its first day, which may be after the
   *     log's
   */
  ChurnFlow(
      String table,
      int part,
      Periods periods,
      Stages stages,
      List<String> dimensions,
      Scope scope) {
    this.table = table;
    this.part = part;
    this.periods = periods;
    this.stages = stages;
    this.dimensions = dimensions;
    this.terms = Terms.of(scope.config());
    this.end = scope.end();
    this.first = periods.of(scope.logStart());
    this.last = periods.of(scope.asOf());
  }

  /** Whether it is known whose term ends in a period. */
  boolean knowsTerms() {
    return terms != null;
  }

  Periods periods() {
    return periods;
  }

  /** The last period: that of the as-of day. */
  int last() {
    return last;
  }

  boolean isOver(int period) {
    return periods.end(period) <= end;
  }

  /** The first period of which a vector says anything: a value has no rows before it. */
  int firstPeriod(long[] sums) {
    int at = 0;
    while (at < sums.length && sums[at] == 0) {
      at++;
    }
    return first + at / (stages.count() * Sum.COUNT);
  }

  /** The sums of one period and stage, by ordinal of {@link Sum}. */
  long[] sums(Cell cell, int period, int stage) {
    int from = position(period, stage);
    return Arrays.copyOfRange(cell.sums(), from, from + Sum.COUNT);
  }

  /** The sums of one period, whatever the stage. */
  long[] sums(Cell cell, int period) {
    long[] all = new long[Sum.COUNT];
    for (int stage = 0; stage < stages.count(); stage++) {
      int from = position(period, stage);
      for (int at = 0; at < Sum.COUNT; at++) {
        all[at] = Math.addExact(all[at], cell.sums()[from + at]);
      }
    }
    return all;
  }

  /** The length of a vector; what its owner puts behind it is not touched. */
  int width() {
    return (last - first + 1) * stages.count() * Sum.COUNT;
  }

  private int position(int period, int stage) {
    return ((period - first) * stages.count() + stage) * Sum.COUNT;
  }

  /** The first period that is not over when a day begins. */
  int firstOpen(int day) {
    return Math.max(first, periods.of(day));
  }

  /** What a cell says of the periods before one. */
  Cell before(int period, Cell cell) {
    int length = Math.min(position(period, 0), width());
    return new Cell(cell.key(), Arrays.copyOf(Arrays.copyOf(cell.sums(), length), width()));
  }

  void add(History history, Spells spells, Cells cells) {
    add(history, spells, first, cells);
  }

  /**
   * Adds what happens to one user from some period on.
   *
   * @param since the period, at least that of the scope's first day
   */
  void add(History history, Spells spells, int since, Cells cells) {
    if (spells.size() == 0) {
      return;
    }
    Vectors vectors = new Vectors(history, cells);
    for (int spell = 0; spell < spells.size(); spell++) {
      int from = Math.max(periods.of(spells.start(spell)), since);
      int to = Math.min(periods.of(Math.min(spells.churn(spell), end)), last);
      for (int period = from; period <= to; period++) {
        int tenure = Tenures.months(spells.birth(), periods.start(period));
        int position = position(period, stages.at(tenure));
        addSpell(spells, spell, period, position, vectors);
      }
    }
  }

  private void addSpell(Spells spells, int spell, int period, int position, Vectors vectors) {
    int start = spells.start(spell);
    int churn = spells.churn(spell);
    int periodStart = periods.start(period);
    int periodEnd = periods.end(period);
    boolean begins = start >= periodStart;
    // Of the open period, ends before the end of knowledge: as of a period that is over.
    boolean churns = churn < Math.min(periodEnd, end);
    int from = Math.max(start, periodStart);
    int to = Math.min(Math.min(churn, periodEnd), end);
    int days = to - from - spells.pausedDays(from, to);
    boolean paused = !begins && spells.pausedDays(periodStart - 1, periodStart) > 0;
    boolean couldLeave =
        !begins
            && terms != null
            && terms.endsIn(vectors.history, spells, spell, periodStart, periodEnd);
    int reference = begins ? start : periodStart - 1;
    for (int dimension = -1; dimension < dimensions.size(); dimension++) {
      long[] sums = vectors.at(dimension, reference);
      sums[position + (begins ? Sum.SPELLS_BEGUN : Sum.USERS_AT_START).ordinal()]++;
      if (churns) {
        sums[position + (begins ? Sum.JOINED_AND_CHURNED : Sum.CHURNED).ordinal()]++;
        if (spell == 0) {
          sums[position + Sum.FIRST_SPELL_CHURNS.ordinal()]++;
        }
      }
      sums[position + Sum.PERSON_DAYS.ordinal()] += days;
      if (paused) {
        sums[position + Sum.PAUSED.ordinal()]++;
      }
      if (couldLeave) {
        sums[position + Sum.COULD_LEAVE.ordinal()]++;
        if (churns) {
          sums[position + Sum.COULD_LEAVE_CHURNED.ordinal()]++;
        }
      }
      // A move is known when the period is over, like everything else that it counts.
      if (!churns && periodEnd <= end) {
        long[] next = vectors.at(dimension, periodEnd - 1);
        if (next != sums) {
          sums[position + Sum.MOVED_OUT.ordinal()]++;
          next[position + Sum.MOVED_IN.ordinal()]++;
        }
      }
    }
  }

  /** The vectors that one user counts in, by dimension; a value mostly stays the same. */
  private final class Vectors {
    private final History history;
    private final Cells cells;
    private final String[] values = new String[dimensions.size()];
    private final long[][] vectors = new long[dimensions.size()][];
    private final long[] all;

    Vectors(History history, Cells cells) {
      this.history = history;
      this.cells = cells;
      this.all = cells.all().sums(table, part, 0, width());
    }

    /** The vector of the value as of a day; of the whole for dimension -1. */
    long[] at(int dimension, int day) {
      if (dimension < 0) {
        return all;
      }
      String value = history.segment(dimension, day);
      if (!value.equals(values[dimension])) {
        values[dimension] = value;
        vectors[dimension] =
            cells.segment(dimensions.get(dimension), value).sums(table, part, 0, width());
      }
      return vectors[dimension];
    }
  }
}
