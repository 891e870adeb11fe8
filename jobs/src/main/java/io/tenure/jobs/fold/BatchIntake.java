package io.tenure.jobs.fold;

import io.tenure.common.config.InputConfig;
import io.tenure.jobs.fold.ColumnarScan.Bindings;
import io.tenure.jobs.fold.ColumnarScan.Source;
import io.tenure.jobs.read.Events;
import io.tenure.jobs.read.Reason;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.roaringbitmap.RoaringBitmap;
import scala.jdk.javaapi.CollectionConverters;

/** Takes in the batches of a {@link ColumnarScan}, column by column. */
final class BatchIntake implements Intake {
  private static final Reason[] REASONS = Reason.values();

  private static final UTF8String UNREADABLE = UTF8String.fromString(Events.UNREADABLE);

  /** Remembered of a user whose verdict must be worked out. */
  private static final int UNSURE = -1;

  private final Iterator<ColumnarBatch> batches;
  private final Bindings bindings;
  private final EventClock clock;
  private final RoaringBitmap recomputed;
  private final ReadFacts facts = new ReadFacts();
  private final CurrentFile files = new CurrentFile(facts);
  private final UnsafeProjection projection;

  /** Whether anything but the verdict must be worked out, so that every row needs it. */
  private final boolean everyRow;

  /** Whether nobody was erased. */
  private final boolean everybody;

  private final DictionaryNumbers users = new DictionaryNumbers();
  private final DictionaryNumbers[] values;

  // Of the batch at hand.
  private ColumnarBatch batch;
  private ColumnVector times;
  private ReadFacts.FileFacts file;
  private InternalRow computed;

  /**
   * @param recomputed the days to fold, null for all
   */
  BatchIntake(Iterator<ColumnarBatch> batches, Bindings bindings, RoaringBitmap recomputed) {
    this.batches = batches;
    this.bindings = bindings;
    this.clock = new EventClock(bindings.layout());
    this.recomputed = recomputed;
    this.projection = projection(bindings);
    this.everybody = bindings.sure() == null || bindings.sure().erased().isNobody();
    this.everyRow =
        bindings.sure() == null
            || bindings.expressions().size() > (column(JudgedRow.REASON).isComputed() ? 1 : 0);
    this.values = new DictionaryNumbers[bindings.layout().dimensions()];
    for (int dimension = 0; dimension < values.length; dimension++) {
      values[dimension] = new DictionaryNumbers();
    }
  }

  private static UnsafeProjection projection(Bindings bindings) {
    UnsafeProjection projection =
        UnsafeProjection.create(
            CollectionConverters.<Expression>asScala(bindings.expressions()).toSeq());
    projection.initialize(TaskContext.getPartitionId());
    return projection;
  }

  private Source column(int position) {
    return bindings.columns()[position];
  }

  @Override
  public boolean hasNext() {
    return batches.hasNext();
  }

  @Override
  public ReadFacts facts() {
    return facts;
  }

  @Override
  public void next(OpenHistories histories) {
    batch = batches.next();
    file = files.of(InputFileBlockHolder.getInputFilePath());
    open(histories);
    int rows = batch.numRows();
    for (int row = 0; row < rows; row++) {
      computed = everyRow ? projection.apply(batch.getRow(row)) : null;
      take(row, histories);
    }
    // Positions in dictionaries are forgotten with the batch.
    histories.absorb();
  }

  private void open(OpenHistories histories) {
    times =
        column(JudgedRow.TIME).isScanned() ? batch.column(column(JudgedRow.TIME).scanned()) : null;
    if (column(JudgedRow.USER).isScanned()) {
      users.open(batch.column(column(JudgedRow.USER).scanned()), histories.generation());
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      Source source = column(JudgedRow.SEGMENTS + dimension);
      if (source.isScanned()) {
        values[dimension].open(batch.column(source.scanned()), histories.generation());
      }
    }
  }

  private void take(int row, OpenHistories histories) {
    if (bindings.sure() == null || times.isNullAt(row) || !isSure(clock.raw(times, row))) {
      judge(row, histories);
      return;
    }
    ColumnVector column = users.column();
    if (column.isNullAt(row)) {
      judge(row, histories);
      return;
    }
    int position = users.position(row);
    int known = position < 0 ? 0 : users.number(position);
    if (known > 0) {
      if (isWanted(row)) {
        histories.add(known - 1);
        event(row, histories);
      }
      return;
    }
    UTF8String user = column.getUTF8String(row);
    if (known == UNSURE || !isPlain(user)) {
      if (position >= 0) {
        users.remember(position, UNSURE);
      }
      judge(row, histories);
    } else if (isWanted(row)) {
      histories.add(user, users, position);
      event(row, histories);
    }
  }

  /** Whether a user's events are accepted for no other reason than their time. */
  private boolean isPlain(UTF8String user) {
    return user.numBytes() > 0
        && Byte.toUnsignedInt(user.getByte(0)) > ' '
        && (isAscii(user) || !user.contains(UNREADABLE))
        && (everybody || !bindings.sure().erased().contains(user.getBytes()));
  }

  /** Whether nothing in it can be of another encoding. */
  private static boolean isAscii(UTF8String text) {
    long all = 0;
    int length = text.numBytes();
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      all |= Platform.getLong(text.getBaseObject(), text.getBaseOffset() + at);
    }
    for (; at < length; at++) {
      all |= text.getByte(at);
    }
    return (all & 0x8080808080808080L) == 0;
  }

  private boolean isSure(long time) {
    return time >= bindings.sure().from() && time < bindings.sure().until();
  }

  /** Counts an accepted row; whether its day is one of those to fold. */
  private boolean isWanted(int row) {
    int day = clock.day(time(row));
    boolean wanted = recomputed == null || recomputed.contains(day);
    file.count(wanted ? Reason.ACCEPTED : Reason.OTHER_DAY, day);
    return wanted;
  }

  /** The long way, for rows whose fate is not plain. */
  private void judge(int row, OpenHistories histories) {
    if (computed == null) {
      computed = projection.apply(batch.getRow(row));
    }
    Source verdict = column(JudgedRow.REASON);
    Reason reason =
        REASONS[
            verdict.isComputed()
                ? computed.getInt(verdict.computed())
                : (Integer) verdict.constant()];
    if (reason == Reason.ACCEPTED) {
      if (isWanted(row)) {
        histories.add(text(row, JudgedRow.USER));
        event(row, histories);
      }
    } else if (reason.tellsDay()) {
      file.count(reason, clock.day(time(row)));
    } else {
      file.count(reason);
    }
  }

  private void event(int row, OpenHistories histories) {
    long time = time(row);
    histories.event(clock.day(time), clock.order(time), activities(row), amount(row), null);
    for (int dimension = 0; dimension < values.length; dimension++) {
      histories.value(dimension, value(row, dimension, histories));
    }
  }

  private int value(int row, int dimension, OpenHistories histories) {
    Source source = column(JudgedRow.SEGMENTS + dimension);
    if (!source.isScanned()) {
      return histories.number(text(row, JudgedRow.SEGMENTS + dimension));
    }
    DictionaryNumbers numbers = values[dimension];
    if (numbers.column().isNullAt(row)) {
      return OpenHistories.NO_VALUE;
    }
    int position = numbers.position(row);
    int known = position < 0 ? 0 : numbers.number(position);
    if (known != 0) {
      return known;
    }
    int number = histories.number(numbers.column().getUTF8String(row));
    if (position >= 0) {
      numbers.remember(position, number);
    }
    return number;
  }

  private long time(int row) {
    if (times != null) {
      return clock.raw(times, row);
    }
    Source source = column(JudgedRow.TIME);
    return clock.raw(computed, source.computed());
  }

  private long activities(int row) {
    Source source = column(JudgedRow.ACTIVITIES);
    if (source.isComputed()) {
      return computed.getLong(source.computed());
    }
    return source.isScanned()
        ? batch.column(source.scanned()).getLong(row)
        : (Long) source.constant();
  }

  private long amount(int row) {
    if (!bindings.layout().amounts()) {
      return 0;
    }
    Source source = column(JudgedRow.AMOUNT);
    int precision = 18;
    Decimal amount;
    if (source.isComputed()) {
      amount =
          computed.isNullAt(source.computed())
              ? null
              : computed.getDecimal(source.computed(), precision, InputConfig.AMOUNT_SCALE);
    } else if (source.isScanned()) {
      ColumnVector column = batch.column(source.scanned());
      amount =
          column.isNullAt(row) ? null : column.getDecimal(row, precision, InputConfig.AMOUNT_SCALE);
    } else {
      amount = (Decimal) source.constant();
    }
    return amount == null ? 0 : amount.toUnscaledLong();
  }

  /** A string, valid until the next row is read; null for NULL. */
  private UTF8String text(int row, int position) {
    Source source = column(position);
    if (source.isComputed()) {
      return computed.isNullAt(source.computed())
          ? null
          : computed.getUTF8String(source.computed());
    }
    if (!source.isScanned()) {
      return (UTF8String) source.constant();
    }
    ColumnVector column = batch.column(source.scanned());
    return column.isNullAt(row) ? null : column.getUTF8String(row);
  }
}
