package io.tenure.common.store;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** What the types of a contract are in a Parquet file: the same that Spark writes. */
final class ParquetTypes {
  /** Where Spark keeps a table's schema, comments included. */
  static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private static final int MONEY_BYTES = 16;

  private ParquetTypes() {}

  static MessageType of(Contract contract) {
    return new MessageType(
        "spark_schema", contract.columns().stream().map(ParquetTypes::field).toArray(Type[]::new));
  }

  private static Type field(Column column) {
    Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> field =
        column.nullable()
            ? Types.optional(primitive(column.type()))
            : Types.required(primitive(column.type()));
    LogicalTypeAnnotation meaning = meaning(column.type());
    if (column.type() == ColumnType.MONEY) {
      field = field.length(MONEY_BYTES);
    }
    return (meaning == null ? field : field.as(meaning)).named(column.name());
  }

  private static PrimitiveTypeName primitive(ColumnType type) {
    return switch (type) {
      case STRING -> PrimitiveTypeName.BINARY;
      case INT, DATE -> PrimitiveTypeName.INT32;
      case BIGINT, TIMESTAMP -> PrimitiveTypeName.INT64;
      case DOUBLE -> PrimitiveTypeName.DOUBLE;
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case MONEY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    };
  }

  private static LogicalTypeAnnotation meaning(ColumnType type) {
    return switch (type) {
      case STRING -> stringType();
      case DATE -> dateType();
      case TIMESTAMP -> timestampType(true, TimeUnit.MICROS);
      case MONEY -> decimalType(ColumnType.MONEY_SCALE, ColumnType.MONEY_DIGITS);
      case INT, BIGINT, DOUBLE, BOOLEAN -> null;
    };
  }

  /**
   * Money as its file has it.
   *
   * @throws ArithmeticException if it has more than four decimals
   */
  static Binary money(BigDecimal amount) {
    byte[] digits = amount.setScale(ColumnType.MONEY_SCALE).unscaledValue().toByteArray();
    byte[] bytes = new byte[MONEY_BYTES];
    Arrays.fill(bytes, 0, MONEY_BYTES - digits.length, (byte) (amount.signum() < 0 ? -1 : 0));
    System.arraycopy(digits, 0, bytes, MONEY_BYTES - digits.length, digits.length);
    return Binary.fromConstantByteArray(bytes);
  }

  static BigDecimal money(Binary bytes, int scale) {
    return new BigDecimal(new BigInteger(bytes.getBytes()), scale);
  }
}
