package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import java.io.Serializable;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Adds to the cells of an earlier run what they do not say yet, so that a daily run need not count
 * all days of all users again.
 *
 * <p>What is kept of the earlier cells and what is added are together the cells that {@link
 * Metric#add} makes of the whole histories, number for number.
 */
public interface Onward extends Serializable {
  /**
   * What an earlier run of the same definition, whose log began on the same day, has in common with
   * a later one.
   *
   * @param same the first epoch day on which histories may differ: the days before it are the same
   *     in both; at most {@code end}
   * @param end the day, an epoch day, that started when the knowledge of the earlier run ended; at
   *     most that of the later one
   */
  record Earlier(int same, int end) implements Serializable {
    public Earlier {
      if (same > end) {
        throw new IllegalArgumentException(
            "The same until %d, known until %d".formatted(same, end));
      }
    }
  }

  /**
   * What of an earlier cell still holds: its sums, with zeros where {@link #add} counts anew.
   *
   * @param earlier not changed
   */
  Cell kept(Cell earlier);

  /** What of earlier cells still holds; of a cell in which nobody counts any more, nothing. */
  default Stream<Cell> kept(Stream<Cell> earlier) {
    return earlier
        .map(this::kept)
        .filter(cell -> LongStream.of(cell.sums()).anyMatch(sum -> sum != 0));
  }

  /**
   * Adds one user.
   *
   * @param history the days of one user before the end of the as-of day
   */
  void add(History history, Cells cells);
}
