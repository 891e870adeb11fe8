package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static scala.jdk.javaapi.CollectionConverters.asJava;

import io.tenure.common.UserError;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Resolves what the config says about columns against the rows of the input. */
final class Mapping {
  private final Dataset<Row> rows;
  private final StructType schema;
  private final StructType input;
  private final Map<String, String> types = new TreeMap<>();

  Mapping(Dataset<Row> rows) {
    this(rows, rows.schema());
  }

  /**
   * @param input the columns that the input has of its own, for errors
   */
  Mapping(Dataset<Row> rows, StructType input) {
    this.rows = rows;
    this.schema = rows.schema();
    this.input = input;
  }

  /**
   * A resolved column or expression.
   *
   * @param isColumn whether it is a column of the input by itself
   */
  record Mapped(String key, String text, boolean isColumn, Column column, DataType type) {}

  /**
   * Resolves a column name or SQL expression.
   *
   * @param key the config key, for the error
   * @throws UserError of input, if a column is missing; of usage, if the expression is no SQL, or
   *     does not follow from the values of one row
   */
  Mapped resolve(String key, String text) {
    Optional<String> plain = InputSchema.column(schema, text);
    Column column = plain.map(name -> col(quoted(name))).orElseGet(() -> parse(key, text));
    try {
      LogicalPlan plan = rows.select(column).queryExecution().analyzed();
      if (plan.schema().length() != 1) {
        throw UserError.usage(
            "Invalid %s: '%s' is %d columns, not one. Name the column that is meant."
                .formatted(key, text, plan.schema().length()));
      }
      OfOneRow.require(key, text, plan);
      asJava(plan.expressions().head().references().toSeq())
          .forEach(read -> types.put(read.name(), read.dataType().sql()));
      return new Mapped(key, text, plain.isPresent(), column, plan.schema().fields()[0].dataType());
    } catch (Exception e) {
      // Spark may put off parsing until the columns are resolved.
      if (e instanceof ParseException) {
        throw notSql(key, text);
      }
      if (e instanceof AnalysisException analysis) {
        throw unresolved(key, text, analysis);
      }
      throw e;
    }
  }

  /** The columns that were resolved so far, and their types as Spark SQL names them. */
  Map<String, String> types() {
    return types;
  }

  /** Resolves an SQL predicate. */
  Mapped predicate(String key, String text) {
    Mapped predicate = resolve(key, text);
    if (!predicate.type().equals(DataTypes.BooleanType)) {
      throw UserError.usage(
          "Invalid %s: '%s' is of type %s, not a condition. Write one that is true or false, such"
                  .formatted(key, text, predicate.type().sql())
              + " as \"event_name = 'purchase'\".");
    }
    return predicate;
  }

  private static Column parse(String key, String text) {
    OfOneRow.requireNoMoment(key, text);
    try {
      return expr(text);
    } catch (Exception e) {
      if (e instanceof ParseException) {
        throw notSql(key, text);
      }
      throw e;
    }
  }

  private static UserError notSql(String key, String text) {
    return UserError.usage(
        "Invalid %s: '%s' is neither a column of the input nor an SQL expression. Names with"
                .formatted(key, text)
            + " spaces or dots go between backquotes.");
  }

  private UserError unresolved(String key, String text, AnalysisException e) {
    Map<String, String> parameters = ((SparkThrowable) e).getMessageParameters();
    String condition = String.valueOf(e.getCondition());
    if (condition.startsWith("UNRESOLVED_COLUMN") && parameters.containsKey("objectName")) {
      String column = parameters.get("objectName").replace("`", "");
      return InputSchema.missingColumn(input, key, text, column);
    }
    return UserError.usage(
        "Invalid %s: '%s': %s".formatted(key, text, firstSentence(e.getMessage())));
  }

  private static String firstSentence(String message) {
    return message.lines().findFirst().orElse(message).replaceFirst("^\\[[A-Z_.]+] ", "");
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
