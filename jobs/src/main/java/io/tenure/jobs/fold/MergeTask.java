package io.tenure.jobs.fold;

import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.roaringbitmap.RoaringBitmap;

/**
 * The part of the fold after the shuffle: what was stored of a user, less the days that are
 * recomputed, and the parts of those days, into one history per user. Rows are sorted by user; one
 * user is held at a time. The last row of a task has no user and holds the facts.
 */
final class MergeTask implements Iterator<Row> {
  private final Iterator<InternalRow> parts;
  private final HistoryShape shape;
  private final RoaringBitmap recomputed;
  private final ReadFacts facts = new ReadFacts();
  private byte[] user;
  private byte[] part;
  private boolean stored;
  private boolean more;
  private Row next;
  private boolean started;
  private boolean factsLeft;

  /**
   * @param recomputed the days that replace what is stored of them, null for all
   */
  MergeTask(Iterator<InternalRow> parts, HistoryShape shape, RoaringBitmap recomputed) {
    this.parts = parts;
    this.shape = shape;
    this.recomputed = recomputed;
  }

  @Override
  public boolean hasNext() {
    if (!started) {
      started = true;
      advance();
    }
    while (next == null && more) {
      if (user == null) {
        facts.merge(ReadFacts.decode(part));
        advance();
      } else {
        next = mergeUser();
      }
    }
    if (next == null && !factsLeft) {
      factsLeft = true;
      next = RowFactory.create(null, facts.encode());
    }
    return next != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  /** The row of the current user; null if nothing is left of them. */
  private Row mergeUser() {
    byte[] current = user;
    OpenHistory open = new OpenHistory(shape);
    History kept = History.EMPTY;
    for (; more && Arrays.equals(user, current); advance()) {
      if (stored) {
        kept = History.decode(part).where(day -> !isRecomputed(day));
      } else {
        open.merge(OpenHistory.decode(part, shape));
      }
    }
    History history = kept.union(open.close());
    if (history.size() == 0) {
      return null;
    }
    facts.include(history.day(0), history.day(history.size() - 1));
    return RowFactory.create(current, history.encode());
  }

  private boolean isRecomputed(int day) {
    return recomputed == null || recomputed.contains(day);
  }

  private void advance() {
    more = parts.hasNext();
    if (more) {
      InternalRow row = parts.next();
      user = row.isNullAt(0) ? null : row.getBinary(0);
      part = row.getBinary(1);
      stored = row.getBoolean(2);
    }
  }
}
