package io.tenure.jobs.check;

import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.math.BigDecimal;
import java.time.LocalDate;

/** One row of a published table, by the names of its columns. */
public interface Line {
  /** A value of its own type, whole numbers as Long, money as BigDecimal; null for NULL. */
  Object value(String column);

  /** A STRING, or a DATE or number in its usual form; null for NULL. */
  default String text(String column) {
    Object value = value(column);
    return value == null ? null : value.toString();
  }

  /** A DATE; null for NULL. */
  default LocalDate day(String column) {
    return (LocalDate) value(column);
  }

  /** A BIGINT or INT, or money in ten-thousandths; null for NULL. */
  default Long number(String column) {
    Object value = value(column);
    return value instanceof BigDecimal money
        ? Long.valueOf(money.movePointRight(ColumnType.MONEY_SCALE).longValueExact())
        : (Long) value;
  }

  /** A BOOLEAN that is never NULL. */
  default boolean flag(String column) {
    return (Boolean) value(column);
  }

  /** Whether the row speaks of the whole, not of a segment value. */
  default boolean isWhole() {
    return value("segment").equals(Contract.WHOLE);
  }
}
