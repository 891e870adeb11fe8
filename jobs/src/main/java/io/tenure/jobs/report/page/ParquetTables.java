package io.tenure.jobs.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.UserError;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The tables of a run as their files hold them, read without a Spark job: they are small, and a
 * page looks at many of them.
 */
public final class ParquetTables implements PublishedTables {
  /** Where Spark keeps a table's schema, comments included. */
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private final Configuration hadoop;
  private final UnaryOperator<String> directory;

  /**
   * @param directory where a table is, by its name
   */
  public ParquetTables(Configuration hadoop, UnaryOperator<String> directory) {
    this.hadoop = hadoop;
    this.directory = directory;
  }

  @Override
  public List<TableRow> rows(String table, Choice choice, List<String> columns) {
    List<TableRow> rows = new ArrayList<>();
    for (Path file : files(table)) {
      try {
        read(file, choice, columns, rows);
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
    return rows;
  }

  private void read(Path file, Choice choice, List<String> columns, List<TableRow> rows)
      throws IOException {
    MessageType schema = footer(file).getSchema();
    List<Type> wanted =
        columns.stream().filter(schema::containsField).map(schema::getType).toList();
    Map<String, Integer> index = new LinkedHashMap<>();
    wanted.forEach(type -> index.put(type.getName(), index.size()));
    Configuration projected = new Configuration(hadoop);
    projected.set(
        ReadSupport.PARQUET_READ_SCHEMA, new MessageType(schema.getName(), wanted).toString());
    ParquetReader.Builder<Group> reading =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(projected);
    PushedChoice.of(choice, schema)
        .ifPresent(pushed -> reading.withFilter(FilterCompat.get(pushed)));
    try (ParquetReader<Group> reader = reading.build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        TableRow row = row(group, wanted, index);
        if (choice.holds(row)) {
          rows.add(row);
        }
      }
    }
  }

  private static TableRow row(Group group, List<Type> types, Map<String, Integer> index) {
    Object[] values = new Object[types.size()];
    for (int field = 0; field < values.length; field++) {
      values[field] =
          group.getFieldRepetitionCount(field) == 0 ? null : value(group, field, types.get(field));
    }
    return new TableRow(index, values);
  }

  private static Object value(Group group, int field, Type type) {
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case BINARY -> group.getBinary(field, 0).toStringUsingUTF8();
      case INT32 ->
          type.getLogicalTypeAnnotation() instanceof DateLogicalTypeAnnotation
              ? LocalDate.ofEpochDay(group.getInteger(field, 0))
              : (Object) group.getInteger(field, 0);
      case INT64 -> group.getLong(field, 0);
      case DOUBLE -> group.getDouble(field, 0);
      case BOOLEAN -> group.getBoolean(field, 0);
      default -> throw new IllegalArgumentException("The page reads no column like " + type);
    };
  }

  @Override
  public Map<String, String> definitions(String table) {
    Map<String, String> definitions = new LinkedHashMap<>();
    List<Path> files = files(table);
    if (files.isEmpty()) {
      return definitions;
    }
    try {
      String schema = footer(files.get(0)).getKeyValueMetaData().get(SPARK_SCHEMA);
      if (schema != null) {
        for (JsonNode field : new ObjectMapper().readTree(schema).path("fields")) {
          definitions.put(
              field.path("name").asText(), field.path("metadata").path("comment").asText());
        }
      }
      return definitions;
    } catch (IOException e) {
      throw failed(files.get(0), e);
    }
  }

  private FileMetaData footer(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      return reader.getFooter().getFileMetaData();
    }
  }

  private List<Path> files(String table) {
    Path folder = new Path(directory.apply(table));
    try {
      FileSystem system = folder.getFileSystem(hadoop);
      if (!system.exists(folder)) {
        return List.of();
      }
      return Arrays.stream(system.listStatus(folder))
          .map(FileStatus::getPath)
          .filter(path -> path.getName().startsWith("part-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private static UserError failed(Path path, IOException e) {
    return UserError.storage("Cannot read %s: %s".formatted(path, e.getMessage()), e);
  }
}
