package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The part of the fold after the shuffle: partial histories, sorted by user, into one history per
 * user. Holds one user at a time.
 */
final class MergeTask implements Iterator<Row> {
  private final Iterator<InternalRow> parts;
  private final HistoryShape shape;
  private byte[] user;
  private byte[] part;
  private boolean started;
  private boolean more;

  MergeTask(Iterator<InternalRow> parts, HistoryShape shape) {
    this.parts = parts;
    this.shape = shape;
  }

  @Override
  public boolean hasNext() {
    if (!started) {
      started = true;
      advance();
    }
    return more;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    byte[] current = user;
    return RowFactory.create(current, current == null ? mergeFacts() : mergeHistory(current));
  }

  private byte[] mergeFacts() {
    ReadFacts facts = new ReadFacts();
    do {
      facts.merge(ReadFacts.decode(part));
      advance();
    } while (more && user == null);
    return facts.encode();
  }

  private byte[] mergeHistory(byte[] current) {
    OpenHistory history = OpenHistory.decode(part, shape);
    advance();
    while (more && Arrays.equals(user, current)) {
      history.merge(OpenHistory.decode(part, shape));
      advance();
    }
    return history.close().encode();
  }

  private void advance() {
    more = parts.hasNext();
    if (more) {
      InternalRow row = parts.next();
      user = row.isNullAt(0) ? null : row.getBinary(0);
      part = row.getBinary(1);
    }
  }
}
