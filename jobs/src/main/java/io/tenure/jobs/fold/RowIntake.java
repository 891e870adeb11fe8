package io.tenure.jobs.fold;

import io.tenure.jobs.read.Reason;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.roaringbitmap.RoaringBitmap;

/** Takes in judged rows one by one, whatever plan they come from. */
final class RowIntake implements Intake {
  private final Iterator<InternalRow> rows;
  private final JudgedRow reader;
  private final int dimensions;
  private final ReadFacts facts;
  private final CurrentFile files;
  private final RoaringBitmap recomputed;

  /**
   * @param facts counts what else was found, such as duplicates
   * @param recomputed the days to fold, null for all
   */
  RowIntake(
      Iterator<InternalRow> rows,
      JudgedRow.Layout layout,
      ReadFacts facts,
      RoaringBitmap recomputed) {
    this.rows = rows;
    this.reader = new JudgedRow(layout);
    this.dimensions = layout.dimensions();
    this.facts = facts;
    this.files = new CurrentFile(facts);
    this.recomputed = recomputed;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public ReadFacts facts() {
    return facts;
  }

  @Override
  public void next(OpenHistories histories) {
    InternalRow row = rows.next();
    Reason reason = reader.reason(row);
    ReadFacts.FileFacts file = files.of(reader.file(row));
    if (reason == Reason.ACCEPTED) {
      accept(row, file, histories);
    } else if (reason.tellsDay()) {
      file.count(reason, reader.day(row));
    } else {
      file.count(reason);
    }
  }

  private void accept(InternalRow row, ReadFacts.FileFacts file, OpenHistories histories) {
    int day = reader.day(row);
    if (recomputed != null && !recomputed.contains(day)) {
      file.count(Reason.OTHER_DAY, day);
      return;
    }
    file.count(Reason.ACCEPTED, day);
    histories.add(reader.user(row));
    histories.event(
        day, reader.time(row), reader.activities(row), reader.amount(row), reader.idText(row));
    for (int dimension = 0; dimension < dimensions; dimension++) {
      histories.value(dimension, histories.number(reader.value(row, dimension)));
    }
  }
}
