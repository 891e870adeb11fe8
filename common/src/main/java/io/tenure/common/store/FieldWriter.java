package io.tenure.common.store;

import io.tenure.common.table.Column;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes the values of one column. A class for each type, so that each is compiled as the little
 * that it is: one method for all takes the compiler seconds.
 */
abstract sealed class FieldWriter {
  /** Writes a value that is not null. */
  abstract void write(Object value, RecordConsumer file);

  static FieldWriter of(Column column) {
    return switch (column.type()) {
      case STRING -> new Texts();
      case INT -> new Ints();
      case BIGINT -> new Longs();
      case DOUBLE -> new Doubles();
      case BOOLEAN -> new Flags();
      case DATE -> new Days();
      case TIMESTAMP -> new Instants();
      case MONEY -> new Money();
    };
  }

  /** The value of the row before mostly repeats, and what is written for it is known then. */
  private static final class Texts extends FieldWriter {
    private Object last;
    private Binary written;

    @Override
    void write(Object value, RecordConsumer file) {
      if (last != value) {
        last = value;
        written = Binary.fromConstantByteArray(((String) value).getBytes(StandardCharsets.UTF_8));
      }
      file.addBinary(written);
    }
  }

  /** As with texts. */
  private static final class Days extends FieldWriter {
    private Object last;
    private int written;

    @Override
    void write(Object value, RecordConsumer file) {
      if (last != value) {
        last = value;
        written = Math.toIntExact(((LocalDate) value).toEpochDay());
      }
      file.addInteger(written);
    }
  }

  private static final class Ints extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addInteger((Integer) value);
    }
  }

  private static final class Longs extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addLong((Long) value);
    }
  }

  private static final class Doubles extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addDouble((Double) value);
    }
  }

  private static final class Flags extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addBoolean((Boolean) value);
    }
  }

  private static final class Instants extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
    }
  }

  private static final class Money extends FieldWriter {
    @Override
    void write(Object value, RecordConsumer file) {
      file.addBinary(ParquetTypes.money((BigDecimal) value));
    }
  }
}
