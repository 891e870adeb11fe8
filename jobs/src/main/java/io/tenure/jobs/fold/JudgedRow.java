package io.tenure.jobs.fold;

import io.tenure.common.config.InputConfig;
import io.tenure.jobs.read.Reason;
import java.io.Serializable;
import java.time.ZoneId;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads the columns of {@link io.tenure.jobs.read.Events} from Spark's own rows: no object per
 * value but the ones that stay.
 */
final class JudgedRow {
  private static final Reason[] REASONS = Reason.values();
  static final int REASON = 0;
  static final int USER = 1;
  static final int TIME = 2;
  static final int ACTIVITIES = 3;
  private static final int ID = 4;
  static final int AMOUNT = 5;
  static final int SEGMENTS = 6;

  /**
   * How to read the rows of a run.
   *
   * @param clock what the column of times is
   * @param ids whether events have ids
   */
  record Layout(Clock clock, ZoneId zone, boolean ids, boolean amounts, int dimensions)
      implements Serializable {}

  /** What a time is. */
  enum Clock {
    INSTANT,
    LOCAL_TIME,
    LOCAL_DAY;

    static Clock of(DataType timeType) {
      if (timeType.equals(DataTypes.DateType)) {
        return LOCAL_DAY;
      }
      return timeType instanceof TimestampNTZType ? LOCAL_TIME : INSTANT;
    }
  }

  private final Layout layout;
  private final EventClock clock;

  JudgedRow(Layout layout) {
    this.layout = layout;
    this.clock = new EventClock(layout);
  }

  Reason reason(InternalRow row) {
    return REASONS[row.getInt(REASON)];
  }

  /** The file that the row last read is in, as Spark spells its path. */
  UTF8String file(InternalRow row) {
    return layout.ids()
        ? row.getUTF8String(SEGMENTS + layout.dimensions())
        : InputFileBlockHolder.getInputFilePath();
  }

  /** The user, valid until the next row is read. */
  UTF8String user(InternalRow row) {
    return row.getUTF8String(USER);
  }

  int day(InternalRow row) {
    return clock.day(clock.raw(row, TIME));
  }

  /** The event id, valid until the next row is read; null if the row has none. */
  UTF8String id(InternalRow row) {
    return row.isNullAt(ID) ? null : row.getUTF8String(ID);
  }

  /** Orders the events of a day: microseconds, on whichever clock the input uses throughout. */
  long time(InternalRow row) {
    return clock.order(clock.raw(row, TIME));
  }

  /** Bit i for the i-th activity. */
  long activities(InternalRow row) {
    return row.getLong(ACTIVITIES);
  }

  /** The text of the event id; null if the row has none. */
  String idText(InternalRow row) {
    return layout.ids() && !row.isNullAt(ID) ? row.getUTF8String(ID).toString() : null;
  }

  /** The unscaled amount; 0 if there is none. */
  long amount(InternalRow row) {
    return layout.amounts() && !row.isNullAt(AMOUNT)
        ? row.getDecimal(AMOUNT, 18, InputConfig.AMOUNT_SCALE).toUnscaledLong()
        : 0;
  }

  /** The value of a dimension, valid until the next row is read; null if the row has none. */
  UTF8String value(InternalRow row, int dimension) {
    return row.isNullAt(SEGMENTS + dimension) ? null : row.getUTF8String(SEGMENTS + dimension);
  }
}
