package io.tenure.jobs.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a Parquet file some of which Spark cannot read. It refuses such a file whole,
 * tells of the first such column alone, and mostly not where it is.
 *
 * @param schema the others
 * @param unreadable the columns by name, in the notation of a Parquet footer
 */
record ReadableColumns(StructType schema, Map<String, String> unreadable) {
  /** What the footer of a file looks like that may have such a column. */
  private static final Pattern SUSPECT =
      Pattern.compile("fixed_len_byte_array|\\(TIMESTAMP\\(NANOS|FLOAT16|INTERVAL|BSON");

  /** The columns of a file; empty if Spark reads all of them. */
  static Optional<ReadableColumns> of(SparkSession spark, String footer) {
    if (!SUSPECT.matcher(footer).find()) {
      return Optional.empty();
    }
    ParquetToSparkSchemaConverter types =
        new ParquetToSparkSchemaConverter(spark.sessionState().conf());
    List<StructField> readable = new ArrayList<>();
    Map<String, String> others = new LinkedHashMap<>();
    for (Type column : columns(footer)) {
      try {
        readable.addAll(List.of(types.convert(new MessageType("one", column)).fields()));
      } catch (Exception e) {
        others.put(column.getName(), column.toString());
      }
    }
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ReadableColumns(new StructType(readable.toArray(StructField[]::new)), others));
  }

  /** The columns of a footer; none, if names that are no words make its text unreadable. */
  private static List<Type> columns(String footer) {
    try {
      return MessageTypeParser.parseMessageType(footer).getFields();
    } catch (RuntimeException e) {
      return List.of();
    }
  }
}
