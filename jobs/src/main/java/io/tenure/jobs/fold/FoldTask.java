package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The part of the fold before the shuffle: the events of one task into one partial history per
 * user.
 *
 * <p>When the partial histories outgrow their share of memory they are handed on and begun afresh:
 * merging makes up for it, so the size of the input never decides whether a task succeeds.
 */
final class FoldTask implements Iterator<Row> {
  private final Intake intake;
  private final long budget;
  private final OpenHistories histories;

  /** The next user to hand on. */
  private int leaving;

  private boolean factsLeft;

  /**
   * @param budget bytes that the partial histories may take
   */
  FoldTask(Intake intake, HistoryShape shape, JudgedRow.Layout layout, long budget) {
    this.intake = intake;
    this.budget = budget;
    this.histories = new OpenHistories(shape, layout.ids(), new EventClock(layout));
  }

  @Override
  public boolean hasNext() {
    if (leaving == histories.size() && intake.hasNext()) {
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
    return RowFactory.create(null, intake.facts().encode(), false);
  }

  private void fold() {
    histories.clear();
    leaving = 0;
    // However small the budget, some users at a time get through.
    while (intake.hasNext()
        && (histories.size() == 0 || histories.bytes() < budget && histories.hasRoom())) {
      intake.next(histories);
    }
    histories.absorb();
  }
}
