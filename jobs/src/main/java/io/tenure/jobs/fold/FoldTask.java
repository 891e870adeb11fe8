package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import io.tenure.jobs.read.Reason;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.roaringbitmap.RoaringBitmap;

/**
 * The part of the fold before the shuffle: the rows of one task into one partial history per user.
 *
 * <p>When the partial histories outgrow their share of memory they are handed on and begun afresh:
 * merging makes up for it, so the size of the input never decides whether a task succeeds.
 */
final class FoldTask implements Iterator<Row> {
  private final Iterator<InternalRow> rows;
  private final JudgedRow.Layout layout;
  private final long budget;
  private final JudgedRow reader;
  private final OpenHistories histories;
  private final RoaringBitmap recomputed;
  private final ReadFacts facts;
  private final CurrentFile files;

  /** The next user to hand on. */
  private int leaving;

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
    this.layout = layout;
    this.budget = budget;
    this.reader = new JudgedRow(layout);
    this.histories = new OpenHistories(shape, layout.ids());
    this.recomputed = recomputed;
    this.facts = facts;
    this.files = new CurrentFile(facts);
  }

  @Override
  public boolean hasNext() {
    if (leaving == histories.size() && rows.hasNext()) {
      fold();
    }
    return leaving < histories.size() || !factsLeft;
  }

  @Override
  public Row next() {
    if (hasNext() && leaving < histories.size()) {
      byte[] part = histories.history(leaving).encode();
      return RowFactory.create(histories.user(leaving++), part, false);
    }
    factsLeft = true;
    return RowFactory.create(null, facts.encode(), false);
  }

  private void fold() {
    histories.clear();
    leaving = 0;
    // However small the budget, some users at a time get through.
    while (rows.hasNext() && (histories.size() == 0 || histories.bytes() < budget)) {
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
    histories.absorb();
  }

  private void take(InternalRow row, ReadFacts.FileFacts file) {
    int day = reader.day(row);
    if (recomputed != null && !recomputed.contains(day)) {
      file.count(Reason.OTHER_DAY, day);
      return;
    }
    file.count(Reason.ACCEPTED, day);
    histories.add(
        reader.user(row),
        day,
        reader.time(row),
        reader.activities(row),
        reader.amount(row),
        reader.idText(row));
    for (int dimension = 0; dimension < layout.dimensions(); dimension++) {
      histories.value(dimension, reader.value(row, dimension));
    }
  }
}
