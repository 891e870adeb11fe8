package io.tenure.jobs.check;

/**
 * Terms of bounds that wait for their counterpart. A bound between two rows that stand next to each
 * other is judged when the second one is read, so that no place is kept for the pairs of a whole
 * table; what waits too long gives way.
 *
 * <p>A pair within its bound may be left out of the sums under its key. What it leaves is broken
 * wherever all together is: the pair could only have made up for more than it adds.
 */
final class Neighbours {
  private static final int SLOTS = 1 << 8;

  private final long[] prints = new long[SLOTS];
  private final short[] rules = new short[SLOTS];

  /** Null where nothing waits. */
  private final Sums[] waiting = new Sums[SLOTS];

  /** Takes what is to be added up after all. */
  interface Rest {
    void add(long print, short rule, Sums sums);
  }

  /**
   * Takes a term, and puts off what it says or gives up another.
   *
   * @param relation {@link Relation#AT_MOST} or {@link Relation#AT_LEAST}
   */
  void add(long print, short rule, Relation relation, Sums term, Rest rest) {
    int slot = (int) (print ^ print >>> 32) & SLOTS - 1;
    Sums other = waiting[slot];
    if (other != null && prints[slot] == print) {
      waiting[slot] = null;
      Sums pair = other.plus(term);
      if (!pair.known() || !pair.found() || relation.isBroken(pair)) {
        rest.add(print, rule, pair);
      }
      return;
    }
    if (other != null) {
      rest.add(prints[slot], rules[slot], other);
    }
    prints[slot] = print;
    rules[slot] = rule;
    waiting[slot] = term;
  }

  /** Gives up all that waits. */
  void leave(Rest rest) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (waiting[slot] != null) {
        rest.add(prints[slot], rules[slot], waiting[slot]);
        waiting[slot] = null;
      }
    }
  }
}
