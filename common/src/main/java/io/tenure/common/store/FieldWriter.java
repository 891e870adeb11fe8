package io.tenure.common.store;

import io.tenure.common.table.Column;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/**
 * Writes the values of one column. A class for each type, so that each is compiled as the little
 * that it is: one method for all takes the compiler seconds.
 */
abstract sealed class FieldWriter {
  private String name;
  private boolean optional;

  /**
   * @param table whose column it is
   */
  static FieldWriter of(String table, Column column) {
    FieldWriter writer =
        switch (column.type()) {
          case STRING -> new Texts();
          case INT -> new Ints();
          case BIGINT -> new Longs();
          case DOUBLE -> new Doubles();
          case BOOLEAN -> new Flags();
          case DATE -> new Days();
          case TIMESTAMP -> new Instants();
          case MONEY -> new Money();
        };
    writer.name = table + "." + column.name();
    writer.optional = column.nullable();
    return writer;
  }

  /**
   * Writes the value of a row.
   *
   * @param at where rows have it
   * @throws IllegalStateException if there is none, and the column is not optional
   */
  final void write(Object[] row, int at, ColumnWriter file) {
    Object value = row[at];
    if (value != null) {
      write(value, optional ? 1 : 0, file);
    } else if (optional) {
      file.writeNull(0, 0);
    } else {
      throw new IllegalStateException(
          "%s must have a value: %s".formatted(name, Arrays.toString(row)));
    }
  }

  /**
   * Writes a value.
   *
   * @param present the definition level of values that are there
   */
  abstract void write(Object value, int present, ColumnWriter file);

  /** The value of the row before mostly repeats, and what is written for it is known then. */
  private static final class Texts extends FieldWriter {
    private Object last;
    private Binary written;

    @Override
    void write(Object value, int present, ColumnWriter file) {
      if (last != value) {
        last = value;
        written = Binary.fromConstantByteArray(((String) value).getBytes(StandardCharsets.UTF_8));
      }
      file.write(written, 0, present);
    }
  }

  /** As with texts. */
  private static final class Days extends FieldWriter {
    private Object last;
    private int written;

    @Override
    void write(Object value, int present, ColumnWriter file) {
      if (last != value) {
        last = value;
        written = Math.toIntExact(((LocalDate) value).toEpochDay());
      }
      file.write(written, 0, present);
    }
  }

  private static final class Ints extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write((int) (Integer) value, 0, present);
    }
  }

  private static final class Longs extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write((long) (Long) value, 0, present);
    }
  }

  private static final class Doubles extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write((double) (Double) value, 0, present);
    }
  }

  private static final class Flags extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write((boolean) (Boolean) value, 0, present);
    }
  }

  private static final class Instants extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value), 0, present);
    }
  }

  private static final class Money extends FieldWriter {
    @Override
    void write(Object value, int present, ColumnWriter file) {
      file.write(ParquetTypes.money((BigDecimal) value), 0, present);
    }
  }
}
