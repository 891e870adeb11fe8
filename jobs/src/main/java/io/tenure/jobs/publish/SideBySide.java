package io.tenure.jobs.publish;

import io.tenure.common.store.TableReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The rows of a table in two runs, in pairs of the same key, without keeping any. */
final class SideBySide implements Iterator<SideBySide.Pair> {
  /**
   * @param old null if only the later run has such a row
   * @param now null if only the earlier run has
   */
  record Pair(Object[] old, Object[] now) {}

  private final TableReader.Rows olds;
  private final TableReader.Rows nows;
  private final Comparator<Object[]> order;
  private Object[] old;
  private Object[] now;

  /**
   * @param olds rows of the earlier run, sorted, closed by this at their end
   * @param nows rows of the later run, sorted, closed by this at their end
   */
  SideBySide(TableReader.Rows olds, TableReader.Rows nows, Comparator<Object[]> order) {
    this.olds = olds;
    this.nows = nows;
    this.order = order;
    this.old = next(olds, null);
    this.now = next(nows, null);
  }

  private Object[] next(TableReader.Rows rows, Object[] last) {
    if (!rows.hasNext()) {
      rows.close();
      return null;
    }
    Object[] row = rows.next();
    if (last != null && order.compare(last, row) >= 0) {
      throw new IllegalStateException(
          "Rows are not in order: %s comes after %s"
              .formatted(Arrays.toString(row), Arrays.toString(last)));
    }
    return row;
  }

  @Override
  public boolean hasNext() {
    return old != null || now != null;
  }

  @Override
  public Pair next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int compared = old == null ? 1 : now == null ? -1 : order.compare(old, now);
    Pair pair = new Pair(compared <= 0 ? old : null, compared >= 0 ? now : null);
    if (compared <= 0) {
      old = next(olds, old);
    }
    if (compared >= 0) {
      now = next(nows, now);
    }
    return pair;
  }
}
