package io.tenure.common.store;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Rows of sorted files as one sorted sequence. */
final class MergedRows implements TableReader.Rows {
  private record Head(Object[] row, TableReader.Rows rest) {}

  private final List<TableReader.Rows> files;
  private final PriorityQueue<Head> heads;

  MergedRows(List<TableReader.Rows> files, Comparator<Object[]> order) {
    this.files = files;
    this.heads = new PriorityQueue<>(Comparator.comparing(Head::row, order));
    files.forEach(this::push);
  }

  private void push(TableReader.Rows rows) {
    if (rows.hasNext()) {
      heads.add(new Head(rows.next(), rows));
    }
  }

  @Override
  public boolean hasNext() {
    return !heads.isEmpty();
  }

  @Override
  public Object[] next() {
    Head head = heads.poll();
    if (head == null) {
      throw new NoSuchElementException();
    }
    push(head.rest());
    return head.row();
  }

  @Override
  public void close() {
    files.forEach(TableReader.Rows::close);
  }
}
