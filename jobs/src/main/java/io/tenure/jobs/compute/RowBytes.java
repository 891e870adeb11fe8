package io.tenure.jobs.compute;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import io.tenure.common.encoding.Texts;
import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Rows of one table as bytes, which is how they travel: objects take many times as long. */
final class RowBytes {
  private static final int ABSENT = 0;
  private static final int PRESENT = 1;

  private RowBytes() {}

  /**
   * Rows for {@link #read}.
   *
   * @param rows the values of all columns of the contract
   */
  static byte[] write(Contract contract, List<Object[]> rows) {
    ColumnType[] types = types(contract);
    ByteWriter out = new ByteWriter(1 << 12);
    for (Object[] row : rows) {
      for (int at = 0; at < types.length; at++) {
        write(types[at], row[at], out);
      }
    }
    return out.toByteArray();
  }

  private static ColumnType[] types(Contract contract) {
    return contract.columns().stream().map(Column::type).toArray(ColumnType[]::new);
  }

  private static void write(ColumnType type, Object value, ByteWriter out) {
    if (value == null) {
      out.write(ABSENT);
      return;
    }
    out.write(PRESENT);
    switch (type) {
      case STRING -> out.optionalString((String) value);
      case INT -> out.zigzag((Integer) value);
      case BIGINT -> out.zigzag((Long) value);
      case DOUBLE -> {
        long bits = Double.doubleToRawLongBits((Double) value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
          out.write((int) (bits >>> shift));
        }
      }
      case BOOLEAN -> out.write((Boolean) value ? 1 : 0);
      case DATE -> out.zigzag(((LocalDate) value).toEpochDay());
      case TIMESTAMP -> out.zigzag(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
      case MONEY -> out.optionalString(value.toString());
    }
  }

  /** The rows, each made when it is asked for. */
  static Iterator<Object[]> read(Contract contract, byte[] rows) {
    ColumnType[] types = types(contract);
    ByteReader in = new ByteReader(rows, new Texts());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return in.hasMore();
      }

      @Override
      public Object[] next() {
        if (!in.hasMore()) {
          throw new NoSuchElementException();
        }
        Object[] row = new Object[types.length];
        for (int at = 0; at < types.length; at++) {
          row[at] = in.read() == ABSENT ? null : value(types[at], in);
        }
        return row;
      }
    };
  }

  private static Object value(ColumnType type, ByteReader in) {
    return switch (type) {
      case STRING -> in.optionalString();
      case INT -> Math.toIntExact(in.zigzag());
      case BIGINT -> in.zigzag();
      case DOUBLE -> {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
          bits |= (in.read() & 0xFFL) << shift;
        }
        yield Double.longBitsToDouble(bits);
      }
      case BOOLEAN -> in.read() == 1;
      case DATE -> LocalDate.ofEpochDay(in.zigzag());
      case TIMESTAMP -> Instant.EPOCH.plus(in.zigzag(), ChronoUnit.MICROS);
      case MONEY -> new BigDecimal(in.optionalString());
    };
  }
}
