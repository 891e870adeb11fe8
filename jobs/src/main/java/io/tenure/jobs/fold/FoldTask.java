package io.tenure.jobs.fold;

import io.tenure.common.history.Event;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import io.tenure.jobs.read.Reason;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.roaringbitmap.RoaringBitmap;

/**
 * The part of the fold before the shuffle: the rows of one task into one partial history per user.
 *
 * <p>When the partial histories outgrow their share of memory they are handed on and begun afresh:
 * merging makes up for it, so the size of the input never decides whether a task succeeds.
 */
final class FoldTask implements Iterator<Row> {
  /** About what a user costs in a hash map of histories, in bytes, before any day. */
  private static final long BYTES_PER_USER = 320;

  /** About what a day costs, in bytes, before any dimension. */
  private static final long BYTES_PER_DAY = 24;

  private static final long BYTES_PER_DAY_AND_DIMENSION = 16;

  private final Iterator<InternalRow> rows;
  private final HistoryShape shape;
  private final long budget;
  private final JudgedRow reader;
  private final Event event;
  private final Map<UTF8String, OpenHistory> histories = new HashMap<>();
  private final RoaringBitmap recomputed;
  private final ReadFacts facts;
  private final CurrentFile files;
  private long bytes;
  private Iterator<Map.Entry<UTF8String, OpenHistory>> leaving = Collections.emptyIterator();
  private boolean factsLeft;

  /**
   * @param recomputed the days to fold, null for all
   * @param facts counts what else was found, such as duplicates
   * @param budget bytes that the partial histories may take
   */
  FoldTask(
      Iterator<InternalRow> rows,
      HistoryShape shape,
      JudgedRow.Layout layout,
      RoaringBitmap recomputed,
      ReadFacts facts,
      long budget) {
    this.rows = rows;
    this.shape = shape;
    this.budget = budget;
    this.reader = new JudgedRow(layout);
    this.event = new Event(shape.dimensions());
    this.recomputed = recomputed;
    this.facts = facts;
    this.files = new CurrentFile(facts);
  }

  @Override
  public boolean hasNext() {
    if (!leaving.hasNext() && rows.hasNext()) {
      fold();
    }
    return leaving.hasNext() || !factsLeft;
  }

  @Override
  public Row next() {
    if (hasNext() && leaving.hasNext()) {
      Map.Entry<UTF8String, OpenHistory> next = leaving.next();
      return RowFactory.create(next.getKey().getBytes(), next.getValue().encode(), false);
    }
    factsLeft = true;
    return RowFactory.create(null, facts.encode(), false);
  }

  private void fold() {
    histories.clear();
    bytes = 0;
    while (rows.hasNext() && bytes < budget) {
      InternalRow row = rows.next();
      Reason reason = reader.reason(row);
      ReadFacts.FileFacts file = files.of(reader.file(row));
      if (reason == Reason.ACCEPTED) {
        take(row, file);
      } else if (reason == Reason.AFTER_AS_OF) {
        file.count(reason, reader.day(row));
      } else {
        file.count(reason);
      }
    }
    leaving = histories.entrySet().iterator();
  }

  private void take(InternalRow row, ReadFacts.FileFacts file) {
    reader.read(row, event);
    if (recomputed == null || recomputed.contains(event.day)) {
      file.count(Reason.ACCEPTED, event.day);
      add(reader.user(row));
    } else {
      file.count(Reason.OTHER_DAY, event.day);
    }
  }

  private void add(UTF8String user) {
    OpenHistory history = histories.get(user);
    if (history == null) {
      history = new OpenHistory(shape);
      histories.put(user.copy(), history);
      bytes += BYTES_PER_USER + user.numBytes();
    }
    int before = history.size();
    history.add(event);
    bytes +=
        (history.size() - before)
            * (BYTES_PER_DAY + BYTES_PER_DAY_AND_DIMENSION * shape.dimensions());
  }
}
