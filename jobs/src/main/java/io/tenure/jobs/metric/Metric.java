package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One metric: what the history of one user adds to the cells of its tables, and how a cell becomes
 * rows.
 *
 * <p>Knows nothing of files or of Spark. A new metric is a class like this, a contract, and a line
 * in {@link Metrics}.
 */
public interface Metric extends Serializable {
  /** The tables this metric fills. */
  List<Contract> tables();

  /**
   * Adds one user.
   *
   * @param history the days of one user before the end of the as-of day
   */
  void add(History history, Cells cells);

  /**
   * How to go on from the cells of an earlier run instead of adding up all days. Empty, as it is by
   * default, if that cannot be.
   */
  default Optional<Onward> onward(Onward.Earlier earlier) {
    return Optional.empty();
  }

  /**
   * Unfolds a finished cell into rows of the table that the cell names.
   *
   * @param rows takes the values of all columns of the contract but the last, {@code run_id}
   */
  void rows(Cell cell, Consumer<Object[]> rows);

  /**
   * Whether rows of a table come in the order of its grain when cells do: those of one cell stand
   * together, and so do those of the cells of one segment value and part, in the order of their
   * index. Then even a large table is written as it is unfolded, without being sorted.
   */
  default boolean followsCells(String table) {
    return false;
  }

  /**
   * The table whose cells become the rows of a table: its own or, where what they say is in the
   * cells of another table of this metric, that one. Cells come with the name of the table that
   * they become rows of. A table that is read off the cells of another one has fewer rows than it.
   */
  default String cellsOf(String table) {
    return table;
  }

  /**
   * Whether a row of a table speaks of several cells together, as a comparison of values does. Then
   * the finished cells that agree in what {@link #together} says are unfolded as one list.
   */
  default boolean joinsCells(String table) {
    return false;
  }

  /** What cells that are joined share: by default those of a dimension, part and index. */
  default Cell.Key together(Cell.Key key) {
    return key.ofDimension();
  }

  /** Unfolds finished cells that belong together: without a comparison, one. */
  default void rows(List<Cell> cells, Consumer<Object[]> rows) {
    cells.forEach(cell -> rows(cell, rows));
  }

  /**
   * For a table with rows of single users, made in a second pass over the histories: the table
   * whose finished cells it must know, another one of this metric. Empty for a table of cells.
   */
  default Optional<String> listsUsersBy(String table) {
    return Optional.empty();
  }

  /**
   * How users become rows of such a table.
   *
   * @param cells all that {@link #listsUsersBy} asks for
   */
  default UserRows users(List<Cell> cells) {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " lists no users");
  }

  /** Makes the row of a user. */
  interface UserRows extends Serializable {
    /** How many rows to expect, which says how many files they fill. */
    long expected();

    /** Whether the table may have a row of a user, as far as the user's last day tells. */
    default boolean mayList(int lastDay) {
      return true;
    }

    /**
     * A user's row.
     *
     * @param history the days of the user before the end of the as-of day
     * @return the values of all columns of the contract but the last, {@code run_id}; empty if the
     *     table has no row of this user
     */
    Optional<Object[]> row(String user, History history);
  }
}
