package io.tenure.jobs.fold;

import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.roaringbitmap.RoaringBitmap;

/**
 * The part of the fold after the shuffle: what was stored of a user, less the days that are
 * recomputed, and the parts of those days, into one history per user. Parts are sorted by user; one
 * user is held at a time. The last row of a task has no user and holds the facts.
 */
final class MergeTask implements Iterator<Row> {
  private final Iterator<Part> parts;
  private final HistoryShape shape;
  private final RoaringBitmap recomputed;
  private final ReadFacts facts = new ReadFacts();

  /** The part to look at; null after the last. */
  private Part part;

  private Row next;
  private boolean started;
  private boolean factsLeft;

  /**
   * @param recomputed the days that replace what is stored of them, null for all
   */
  MergeTask(Iterator<Part> parts, HistoryShape shape, RoaringBitmap recomputed) {
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
    while (next == null && part != null) {
      if (part.user() == null) {
        facts.merge(ReadFacts.decode(part.part()));
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
    byte[] current = part.user();
    byte[] before = null;
    OpenHistory open = new OpenHistory(shape);
    for (; part != null && Arrays.equals(part.user(), current); advance()) {
      if (part.stored()) {
        before = part.part();
      } else {
        open.merge(OpenHistory.decode(part.part(), shape));
      }
    }
    if (before != null && open.size() == 0 && isUntouched(before)) {
      return RowFactory.create(current, before);
    }
    History kept =
        before == null ? History.EMPTY : History.decode(before).where(day -> !isRecomputed(day));
    History history = kept.union(open.close());
    if (history.size() == 0) {
      return null;
    }
    facts.include(history.day(0), history.day(history.size() - 1));
    return RowFactory.create(current, history.encode());
  }

  /** Whether a stored history has none of the days that are replaced, so that it is kept as is. */
  private boolean isUntouched(byte[] before) {
    int[] days = History.firstAndLastDay(before);
    if (recomputed == null || holdsAnyOf(days[0], days[1])) {
      return false;
    }
    facts.include(days[0], days[1]);
    return true;
  }

  /** Bitmaps count their values as unsigned: days before 1970 come after all others. */
  private boolean holdsAnyOf(int first, int last) {
    if (first >= 0 || last < 0) {
      return recomputed.intersects(Integer.toUnsignedLong(first), Integer.toUnsignedLong(last) + 1);
    }
    return recomputed.intersects(0, last + 1L)
        || recomputed.intersects(Integer.toUnsignedLong(first), 1L << Integer.SIZE);
  }

  private boolean isRecomputed(int day) {
    return recomputed == null || recomputed.contains(day);
  }

  private void advance() {
    part = parts.hasNext() ? parts.next() : null;
  }
}
