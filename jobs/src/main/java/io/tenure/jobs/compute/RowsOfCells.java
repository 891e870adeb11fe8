package io.tenure.jobs.compute;

import io.tenure.jobs.metric.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The rows of cells that they follow, in order, a cell unfolded when its rows are asked for. */
final class RowsOfCells implements Iterator<Object[]> {
  private final Iterator<Cell> cells;
  private final Function<Cell, List<Object[]>> unfold;
  private final Comparator<Object[]> order;
  private Iterator<Object[]> rows = Collections.emptyIterator();
  private Object[] last;

  private RowsOfCells(
      List<Cell> cells, Function<Cell, List<Object[]>> unfold, Comparator<Object[]> order) {
    this.cells = cells.iterator();
    this.unfold = unfold;
    this.order = order;
  }

  /**
   * The rows of cells, cut into parts of as many cells: those of a part come before those of the
   * next.
   *
   * @param unfold the rows of a cell
   * @param order of all rows
   */
  static List<RowsOfCells> parts(
      List<Cell> cells,
      Function<Cell, List<Object[]>> unfold,
      Comparator<Object[]> order,
      int parts) {
    List<Cell> arranged = arranged(cells, unfold, order);
    List<RowsOfCells> all = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) arranged.size() * part / parts);
      int to = (int) ((long) arranged.size() * (part + 1) / parts);
      all.add(new RowsOfCells(arranged.subList(from, to), unfold, order));
    }
    return all;
  }

  /** What is alike but for the index, by index; then by the first row of each such sequence. */
  private static List<Cell> arranged(
      List<Cell> unarranged, Function<Cell, List<Object[]>> unfold, Comparator<Object[]> order) {
    record Sequence(Object[] firstRow, List<Cell> cells) {}
    Map<Cell.Key, List<Cell>> alike = new HashMap<>();
    for (Cell cell : unarranged) {
      Cell.Key key = cell.key();
      alike
          .computeIfAbsent(
              new Cell.Key(key.table(), key.dimension(), key.value(), key.part(), 0),
              any -> new ArrayList<>())
          .add(cell);
    }
    List<Sequence> sequences = new ArrayList<>();
    for (List<Cell> sequence : alike.values()) {
      sequence.sort(Comparator.comparingInt(Cell::index));
      Object[] first = Collections.min(unfold.apply(sequence.get(0)), order);
      sequences.add(new Sequence(first, sequence));
    }
    sequences.sort(Comparator.comparing(Sequence::firstRow, order));
    List<Cell> all = new ArrayList<>();
    sequences.forEach(sequence -> all.addAll(sequence.cells()));
    return all;
  }

  @Override
  public boolean hasNext() {
    while (!rows.hasNext() && cells.hasNext()) {
      List<Object[]> unfolded = unfold.apply(cells.next());
      unfolded.sort(order);
      rows = unfolded.iterator();
    }
    return rows.hasNext();
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Object[] row = rows.next();
    if (last != null && order.compare(last, row) >= 0) {
      throw new IllegalStateException(
          "Rows do not follow their cells: %s comes after %s"
              .formatted(Arrays.toString(row), Arrays.toString(last)));
    }
    last = row;
    return row;
  }
}
