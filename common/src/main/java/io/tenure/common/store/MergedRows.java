package io.tenure.common.store;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Rows of sorted files as one sorted sequence. */
final class MergedRows implements TableReader.Rows {
  private record Head(Object[] row, TableReader.Rows rest) {}

  private final List<TableReader.Rows> files;
  private final Comparator<Object[]> order;

  /** The rows that come next in all files but that of the first. */
  private final PriorityQueue<Head> others;

  private Head first;

  MergedRows(List<TableReader.Rows> files, Comparator<Object[]> order) {
    this.files = files;
    this.order = order;
    this.others = new PriorityQueue<>(Comparator.comparing(Head::row, order));
    for (TableReader.Rows rows : files) {
      if (rows.hasNext()) {
        others.add(new Head(rows.next(), rows));
      }
    }
    this.first = others.poll();
  }

  @Override
  public boolean hasNext() {
    return first != null;
  }

  @Override
  public Object[] next() {
    if (first == null) {
      throw new NoSuchElementException();
    }
    Object[] row = first.row();
    TableReader.Rows rest = first.rest();
    if (!rest.hasNext()) {
      first = others.poll();
      return row;
    }
    first = new Head(rest.next(), rest);
    // Mostly a file goes on: one comparison then, where a queue of all would take some.
    if (!others.isEmpty() && order.compare(others.peek().row(), first.row()) < 0) {
      others.add(first);
      first = others.poll();
    }
    return row;
  }

  @Override
  public void close() {
    files.forEach(TableReader.Rows::close);
  }
}
