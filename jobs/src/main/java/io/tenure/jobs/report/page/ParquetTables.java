package io.tenure.jobs.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.store.TableReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;

/**
 * The tables of a run as their files hold them, read without a Spark job: they are small, and a
 * page looks at many of them.
 */
public final class ParquetTables implements PublishedTables {
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
    TableReader files = open(table);
    Optional<MessageType> schema = files.schema();
    if (schema.isEmpty()) {
      return List.of();
    }
    List<String> known = columns.stream().filter(schema.get()::containsField).toList();
    Map<String, Integer> index = new LinkedHashMap<>();
    known.forEach(column -> index.put(column, index.size()));
    List<TableRow> rows = new ArrayList<>();
    try (TableReader.Rows read = files.rows(known, PushedChoice.of(choice, schema.get()))) {
      while (read.hasNext()) {
        TableRow row = new TableRow(index, read.next());
        if (choice.holds(row)) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  @Override
  public Map<String, String> definitions(String table) {
    Map<String, String> definitions = new LinkedHashMap<>();
    open(table)
        .sparkSchema()
        .map(ParquetTables::fields)
        .ifPresent(
            fields ->
                fields.forEach(
                    field ->
                        definitions.put(
                            field.path("name").asText(),
                            field.path("metadata").path("comment").asText())));
    return definitions;
  }

  private static JsonNode fields(String schema) {
    try {
      return new ObjectMapper().readTree(schema).path("fields");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Spark's description of a table is JSON", e);
    }
  }

  private TableReader open(String table) {
    return TableReader.open(hadoop, directory.apply(table));
  }
}
