package io.tenure.jobs.publish.catalog;

import io.tenure.common.UserError;
import io.tenure.common.config.CatalogConfig;
import io.tenure.common.table.Dictionary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table as the dictionary of a run describes it, in the SQL of Spark.
 *
 * <p>A column that runs no longer have stays, with NULLs, because views may name it. A column that
 * is new in a table that is there may be NULL whatever its contract says: the rows before it have
 * no value for it.
 */
record CatalogTable(CatalogConfig config, Dictionary.Table table) {
  /** The property that makes a table Tenure's, and says which run it holds; none while empty. */
  static final String RUN = "tenure.run-id";

  /** The property that says of the last table which output publishes here, and no other. */
  static final String OUTPUT = "tenure.output";

  static final String NO_RUN = "none";

  static String namespace(CatalogConfig config) {
    return Stream.concat(Stream.of(config.name()), config.namespace().stream())
        .map(CatalogTable::quoted)
        .collect(Collectors.joining("."));
  }

  static String name(CatalogConfig config, String table) {
    return namespace(config) + "." + quoted(table);
  }

  String name() {
    return name(config, table.name());
  }

  static String quoted(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  /** Text as SQL, whatever is in it: Spark puts variables in the place of a dollar and braces. */
  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'";
  }

  String create() {
    String columns =
        table.columns().stream()
            .map(
                column ->
                    "%s %s%s COMMENT %s"
                        .formatted(
                            quoted(column.column()),
                            column.type().sql(),
                            column.nullable() ? "" : " NOT NULL",
                            literal(column.meaning())))
            .collect(Collectors.joining(", "));
    return "CREATE TABLE %s (%s) COMMENT %s TBLPROPERTIES (%s = %s)"
        .formatted(name(), columns, literal(table.meaning()), literal(RUN), literal(NO_RUN));
  }

  /**
   * What makes the table that is there hold this run's rows, and explain them.
   *
   * @throws UserError of storage, if a column has another type
   */
  List<String> alterations(StructType there) {
    Map<String, StructField> existing = new LinkedHashMap<>();
    for (StructField field : there.fields()) {
      existing.put(field.name(), field);
    }
    List<String> changes = new ArrayList<>();
    for (Dictionary.Entry column : table.columns()) {
      StructField found = existing.remove(column.column());
      if (found == null) {
        changes.add(
            "ALTER TABLE %s ADD COLUMN %s %s COMMENT %s"
                .formatted(
                    name(),
                    quoted(column.column()),
                    column.type().sql(),
                    literal(column.meaning())));
        continue;
      }
      requireType(column, found);
      if (!found.nullable() && column.nullable()) {
        changes.add(alter(column.column()) + " DROP NOT NULL");
      }
      if (!column.meaning().equals(found.getComment().getOrElse(() -> null))) {
        changes.add(alter(column.column()) + " COMMENT " + literal(column.meaning()));
      }
    }
    for (StructField left : existing.values()) {
      if (!left.nullable()) {
        changes.add(alter(left.name()) + " DROP NOT NULL");
      }
    }
    return changes;
  }

  private void requireType(Dictionary.Entry column, StructField there) {
    if (!there.dataType().sql().equals(column.type().sql())) {
      throw UserError.storage(
          "Column %s of %s is %s in the catalog, but %s in this run. Drop the table, or publish to"
                  .formatted(column.column(), name(), there.dataType().sql(), column.type().sql())
              + " another namespace.",
          null);
    }
  }

  private String alter(String column) {
    return "ALTER TABLE %s ALTER COLUMN %s".formatted(name(), quoted(column));
  }

  String comment() {
    return "COMMENT ON TABLE %s IS %s".formatted(name(), literal(table.meaning()));
  }
}
