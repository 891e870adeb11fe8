package io.tenure.common.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** What values of a type of Parquet are to who reads a table. */
abstract sealed class StoredValues {
  /**
   * @param asBytes whether bytes stay bytes, whatever they stand for
   * @throws IllegalStateException for a type that no table has
   */
  static StoredValues of(PrimitiveType type, boolean asBytes) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BINARY, FIXED_LEN_BYTE_ARRAY -> new Bytes(ofBytes(meaning, asBytes));
      case INT32 -> meaning instanceof DateLogicalTypeAnnotation ? new Days() : new Ints();
      case INT64 ->
          meaning instanceof TimestampLogicalTypeAnnotation ? new Instants() : new Longs();
      case DOUBLE -> new Doubles();
      case BOOLEAN -> new Flags();
      default -> throw new IllegalStateException("No table has values of " + type);
    };
  }

  private static Function<Binary, Object> ofBytes(LogicalTypeAnnotation meaning, boolean asBytes) {
    if (asBytes) {
      return Binary::getBytes;
    }
    return meaning instanceof DecimalLogicalTypeAnnotation decimal
        ? bytes -> ParquetTypes.money(bytes, decimal.getScale())
        : Binary::toStringUsingUTF8;
  }

  /** A value of a dictionary. */
  abstract Object of(Dictionary values, int id);

  /** The next value of a page. */
  abstract Object next(ValuesReader values);

  private static final class Bytes extends StoredValues {
    private final Function<Binary, Object> value;

    Bytes(Function<Binary, Object> value) {
      this.value = value;
    }

    @Override
    Object of(Dictionary values, int id) {
      return value.apply(values.decodeToBinary(id));
    }

    @Override
    Object next(ValuesReader values) {
      return value.apply(values.readBytes());
    }
  }

  private static final class Ints extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return values.decodeToInt(id);
    }

    @Override
    Object next(ValuesReader values) {
      return values.readInteger();
    }
  }

  private static final class Days extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return LocalDate.ofEpochDay(values.decodeToInt(id));
    }

    @Override
    Object next(ValuesReader values) {
      return LocalDate.ofEpochDay(values.readInteger());
    }
  }

  private static final class Longs extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return values.decodeToLong(id);
    }

    @Override
    Object next(ValuesReader values) {
      return values.readLong();
    }
  }

  private static final class Instants extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return instant(values.decodeToLong(id));
    }

    @Override
    Object next(ValuesReader values) {
      return instant(values.readLong());
    }

    private static Instant instant(long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
  }

  private static final class Doubles extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return values.decodeToDouble(id);
    }

    @Override
    Object next(ValuesReader values) {
      return values.readDouble();
    }
  }

  private static final class Flags extends StoredValues {
    @Override
    Object of(Dictionary values, int id) {
      return values.decodeToBoolean(id);
    }

    @Override
    Object next(ValuesReader values) {
      return values.readBoolean();
    }
  }
}
