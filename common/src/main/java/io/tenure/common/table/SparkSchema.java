package io.tenure.common.table;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A contract as Spark's schema, comments included. */
public final class SparkSchema {
  private SparkSchema() {}

  public static StructType of(Contract contract) {
    return new StructType(
        contract.columns().stream().map(SparkSchema::field).toArray(StructField[]::new));
  }

  private static StructField field(Column column) {
    Metadata comment = new MetadataBuilder().putString("comment", column.comment()).build();
    return new StructField(
        column.name(), DataType.fromDDL(column.type().sql()), column.nullable(), comment);
  }
}
