package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import java.io.Serializable;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How a metric adds to the cells of an earlier run what they do not say yet, so that a daily run
 * need not count again all days of all users.
 *
 * <p>What is kept of the earlier cells and what is added are together the cells that {@link
 * Metric#add} makes of the whole histories, number for number.
 *
 * @param keeping what of an earlier cell still holds
 * @param rest adds one user to what is kept
 */
public record Onward(Keeping keeping, Adding rest) {
  /**
   * What an earlier run of the same definition, whose log began on the same day, has in common with
   * a later one.
   *
   * @param sameUntil an epoch day: the days before it are the same in both; at most {@code
   *     knownUntil}
   * @param knownUntil the day, an epoch day, that started when the knowledge of the earlier run
   *     ended; at most that of the later one
   */
  public record Earlier(int sameUntil, int knownUntil) implements Serializable {
    public Earlier {
      if (sameUntil > knownUntil) {
        throw new IllegalArgumentException(
            "The same until %d, known until %d".formatted(sameUntil, knownUntil));
      }
    }
  }

  /** What of an earlier cell, which is not changed, still holds. */
  @FunctionalInterface
  public interface Keeping {
    /** Its sums, with zeros where {@link Adding} counts anew. */
    Cell of(Cell earlier);
  }

  /** Adds one user to cells: all that a metric says, or what earlier cells do not say yet. */
  @FunctionalInterface
  public interface Adding extends Serializable {
    /**
     * Adds what the user's days say.
     *
     * @param history the days of one user before the end of the as-of day
     */
    void add(History history, Cells cells);
  }

  /** What of earlier cells still holds; of a cell in which nobody counts any more, nothing. */
  public Stream<Cell> kept(Stream<Cell> earlier) {
    return earlier
        .map(keeping::of)
        .filter(cell -> LongStream.of(cell.sums()).anyMatch(sum -> sum != 0));
  }
}
