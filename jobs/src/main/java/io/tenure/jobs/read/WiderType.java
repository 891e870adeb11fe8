package io.tenure.jobs.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The type of a column that holds all values of it in two files, none changed: INT and BIGINT are
 * BIGINT, FLOAT and DOUBLE are DOUBLE, decimals have the digits of both, a structure has the fields
 * of both. Whether a value may be missing makes no difference, as nowhere in Spark's files.
 */
final class WiderType {
  /** Types of which each holds all values of those before it. */
  private static final List<DataType> INTEGERS =
      List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  private static final List<DataType> FLOATS = List.of(DataTypes.FloatType, DataTypes.DoubleType);

  private static final int MAX_DIGITS = 38;

  private WiderType() {}

  /**
   * The type.
   *
   * @param key what tells names of fields apart
   * @return empty if there is none
   */
  static Optional<DataType> of(DataType known, DataType type, UnaryOperator<String> key) {
    if (known.asNullable().equals(type.asNullable())) {
      return Optional.of(known.asNullable());
    }
    if (known instanceof DecimalType one && type instanceof DecimalType other) {
      return decimal(one, other);
    }
    if (known instanceof StructType one && type instanceof StructType other) {
      return struct(one, other, key);
    }
    if (known instanceof ArrayType one && type instanceof ArrayType other) {
      return of(one.elementType(), other.elementType(), key).map(DataTypes::createArrayType);
    }
    if (known instanceof MapType one && type instanceof MapType other) {
      return of(one.keyType(), other.keyType(), key)
          .flatMap(
              keys ->
                  of(one.valueType(), other.valueType(), key)
                      .map(values -> DataTypes.createMapType(keys, values)));
    }
    return Stream.of(INTEGERS, FLOATS)
        .filter(types -> types.contains(known) && types.contains(type))
        .map(types -> types.get(Math.max(types.indexOf(known), types.indexOf(type))))
        .findFirst();
  }

  private static Optional<DataType> decimal(DecimalType one, DecimalType other) {
    int fraction = Math.max(one.scale(), other.scale());
    int whole = Math.max(one.precision() - one.scale(), other.precision() - other.scale());
    return whole + fraction > MAX_DIGITS
        ? Optional.empty()
        : Optional.of(DataTypes.createDecimalType(whole + fraction, fraction));
  }

  private static Optional<DataType> struct(
      StructType one, StructType other, UnaryOperator<String> key) {
    Map<String, StructField> fields = new LinkedHashMap<>();
    for (StructType each : List.of(one, other)) {
      for (StructField field : each.fields()) {
        StructField known = fields.get(key.apply(field.name()));
        Optional<DataType> type =
            known == null
                ? Optional.of(field.dataType().asNullable())
                : of(known.dataType(), field.dataType(), key);
        if (type.isEmpty()) {
          return Optional.empty();
        }
        String name = known == null ? field.name() : known.name();
        fields.put(key.apply(field.name()), DataTypes.createStructField(name, type.get(), true));
      }
    }
    return Optional.of(new StructType(fields.values().toArray(StructField[]::new)));
  }
}
