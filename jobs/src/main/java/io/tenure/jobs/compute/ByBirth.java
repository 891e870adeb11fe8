package io.tenure.jobs.compute;

import io.tenure.common.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Stored histories, some megabytes at a time, each time those of early birth first: users of one
 * time add to the same cells, and what one of them has brought into the processor's caches the next
 * one finds there.
 */
final class ByBirth implements Iterator<byte[]> {
  private static final int MOST_USERS = 1 << 16;
  private static final int MOST_BYTES = 16 << 20;

  private final Iterator<InternalRow> histories;
  private final List<byte[]> some = new ArrayList<>();
  private long[] order = {};
  private int at;

  /**
   * @param histories encoded, in the first column
   */
  ByBirth(Iterator<InternalRow> histories) {
    this.histories = histories;
  }

  @Override
  public boolean hasNext() {
    return at < order.length || histories.hasNext();
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (at == order.length) {
      fetch();
    }
    return some.get((int) order[at++]);
  }

  private void fetch() {
    some.clear();
    int bytes = 0;
    while (some.size() < MOST_USERS && bytes < MOST_BYTES && histories.hasNext()) {
      byte[] history = histories.next().getBinary(0);
      bytes += history.length;
      some.add(history);
    }
    order = new long[some.size()];
    for (int user = 0; user < order.length; user++) {
      order[user] = (long) History.firstDay(some.get(user)) << 32 | user;
    }
    Arrays.sort(order);
    at = 0;
  }
}
